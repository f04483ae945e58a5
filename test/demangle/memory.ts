/**
 * Prints how many bytes of memory each costly name takes while it is demangled, as JSON lines `[title, bytes]`:
 * run by memory.test.ts, with so much room for young objects that nothing is collected in between.
 */
import { demangle, describe, parse } from '../../src/demangle/index.ts';
import { BOMBS, mutate } from './mutations.ts';

/** Rounds of the search for costlier names, each of a few changes to the costliest so far. */
const ROUNDS = 200;

declare const gc: () => void;

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function cost(name: string, style: 'gnu' | 'llvm'): number {
  const before = used();
  demangle(name, { style });
  return used() - before;
}

/** Small numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 16;
  }
}

/** Climbs from a name to a costlier one by changing a place or two at a time. */
function costlier(
  start: string,
  style: 'gnu' | 'llvm',
  tape: Generator<number>,
): [name: string, bytes: number] {
  let best = start;
  let highest = cost(start, style);
  for (let round = 0; round < ROUNDS; round++) {
    const changes = Array.from({ length: 2 + 2 * (round % 2) }, () => tape.next().value as number);
    const name = mutate(best, changes);
    const bytes = cost(name, style);
    if (bytes > highest) [best, highest] = [name, bytes];
    if (round % 50 === 0) gc();
  }
  return [best, highest];
}

// What is compiled, and grows once, belongs to no name.
for (const [, name] of BOMBS) {
  for (const style of ['gnu', 'llvm'] as const) {
    for (let round = 0; round < 3; round++) demangle(name, { style });
    const parsed = parse(name, style);
    if ('ast' in parsed) describe(parsed.ast);
  }
}
const tape = numbers(1);
for (const [title, name] of BOMBS) {
  for (const style of ['gnu', 'llvm'] as const) {
    gc();
    console.log(JSON.stringify([`${title}, ${style}`, Math.min(cost(name, style), cost(name, style))]));
    gc();
    const [found] = costlier(name.length > 5000 ? name.slice(0, 5000) : name, style, tape);
    gc();
    console.log(
      JSON.stringify([`worse than ${title}, ${style}`, Math.min(cost(found, style), cost(found, style))]),
    );
  }
}
