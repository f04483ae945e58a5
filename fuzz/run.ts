/**
 * Mutation fuzzing of all readers, in this process.
 *
 *     node fuzz/run.ts [--count N] [--seed S] [--first I] [--target NAME]    mutated files
 *     node fuzz/run.ts --file FILE [--target NAME]                           one file, as it is
 *
 * Failing inputs are written to build/fuzz, each with a description; `--seed S --first I --count 1` makes an
 * input again. Exit status 1 when something failed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installMeter } from './allocation-meter.ts';
import { execute } from './execute.ts';
import { type Failure, fuzz } from './fuzz.ts';
import { describeMutation } from './mutate.ts';
import { assembledSeeds, realSeeds } from './seeds.ts';
import { TARGETS } from './targets.ts';

const FOLDER = join(import.meta.dirname, '../build/fuzz');
const PROGRESS_EVERY = 5000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    target: { type: 'string' },
    file: { type: 'string' },
  },
});

function write({ target, seedName, error, bytes, mutations, index }: Failure, seed: number): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${target}-${seed}-${index}`);
  const description = {
    target,
    seed,
    index,
    file: seedName,
    mutations: mutations.map(describeMutation),
    error: error.stack,
  };
  writeFileSync(`${path}.bin`, bytes);
  writeFileSync(`${path}.json`, `${JSON.stringify(description, undefined, 2)}\n`);
  return path;
}

const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  throw new Error(`no target ${values.target}: there are ${TARGETS.map(({ name }) => name).join(', ')}`);
}
if (values.file === undefined) runMutations();
else runFile(values.file);

function runFile(file: string): void {
  const bytes = new Uint8Array(readFileSync(file));
  installMeter();
  for (const target of targets) {
    const error = execute(target, bytes);
    console.log(`${target.name}: ${error ? error.stack : 'passes'}`);
    if (error) process.exitCode = 1;
  }
}

function runMutations(): void {
  const seed = Number(values.seed);
  const count = Number(values.count);
  const seeds = [...assembledSeeds(), ...realSeeds()];
  installMeter();
  const started = performance.now();
  let peak = 0;
  const onProgress = (done: number) => {
    if (done % PROGRESS_EVERY !== 0 && done !== count) return;
    const { rss } = process.memoryUsage();
    peak = Math.max(peak, rss);
    process.stderr.write(`${done} of ${count}, ${Math.round(rss / 1e6)} MB\n`);
  };
  const failures = fuzz({ seeds, targets, seed, first: Number(values.first), count, onProgress });
  for (const failure of failures) {
    console.log(`${write(failure, seed)}: ${failure.target}: ${failure.error.message}`);
    for (const mutation of failure.mutations) console.log(`  ${describeMutation(mutation)}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const names = targets.map(({ name }) => name).join(', ');
  console.log(`${count} inputs of ${seeds.length} files, targets ${names}: ${failures.length} failures`);
  console.log(`${seconds} s, ${Math.round(peak / 1e6)} MB resident at most`);
  if (failures.length > 0) process.exitCode = 1;
}
