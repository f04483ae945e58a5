import { execute } from './execute.ts';
import { type Mutation, mutate, mutations, type Seed } from './mutate.ts';
import { Prng } from './prng.ts';
import type { Target } from './targets.ts';

/** An input that a target did not survive, shrunk to the changes that matter. */
export interface Failure {
  readonly target: string;
  readonly seedName: string;
  readonly error: Error;
  readonly bytes: Uint8Array;
  readonly mutations: readonly Mutation[];
  /** Number of the execution: with the run's seed it makes the input again. */
  readonly index: number;
}

export interface FuzzOptions {
  readonly seeds: readonly Seed[];
  readonly targets: readonly Target[];
  readonly seed: number;
  /** Number of the first execution. */
  readonly first?: number;
  readonly count: number;
  onProgress?(done: number): void;
}

/** Runs every target on `count` mutated files; one failure for each place in the code that failed. */
export function fuzz({ seeds, targets, seed, first = 0, count, onProgress }: FuzzOptions): Failure[] {
  const failures = new Map<string, Failure>();
  for (let index = first; index < first + count; index++) {
    const prng = new Prng(seed * 1_000_003 + index);
    const original = prng.pick(seeds);
    const list = mutations(prng, original);
    const bytes = mutate(original, list);
    for (const target of targets) {
      const error = execute(target, bytes);
      if (error === undefined) continue;
      const place = `${target.name} ${placeOf(error)}`;
      if (!failures.has(place)) failures.set(place, shrink({ original, list, target, index }));
    }
    onProgress?.(index - first + 1);
  }
  return [...failures.values()];
}

/** Error name and the first line of code on its stack: one fault has one place, whatever the numbers are. */
function placeOf(error: Error): string {
  const frame = error.stack?.split('\n').find((line) => /^ +at .*\/src\//.test(line));
  return `${error.name} ${frame?.trim() ?? error.message}`;
}

interface Failed {
  readonly original: Seed;
  readonly list: readonly Mutation[];
  readonly target: Target;
  readonly index: number;
}

/** Leaves out changes as long as the target still fails, in whatever way. */
function shrink({ original, list, target, index }: Failed): Failure {
  let rest = list;
  for (let at = 0; at < rest.length; ) {
    const shorter = rest.toSpliced(at, 1);
    if (execute(target, mutate(original, shorter))) rest = shorter;
    else at++;
  }
  const bytes = mutate(original, rest);
  const error = execute(target, bytes) ?? new Error('fails only now and then');
  return { target: target.name, seedName: original.name, error, bytes, mutations: rest, index };
}
