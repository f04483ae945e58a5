import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Outcome, Pair, Side } from './pairs/pair.ts';

const run = promisify(execFile);

/** Where the two libraries of a pair lie, and the program if there is one. */
export interface BuiltPair {
  readonly old: string;
  readonly new: string;
  readonly program?: string;
}

const COMPILERS = { c: 'gcc', 'c++': 'g++' } as const;
const NAME = 'libt.so.1';

/** Builds both sides and the program of a pair below `directory`. */
export async function buildPair(pair: Pair, directory: string): Promise<BuiltPair> {
  const [old, recent] = await Promise.all([
    buildSide(pair, pair.old, join(directory, 'old')),
    buildSide(pair, pair.new, join(directory, 'new')),
  ]);
  if (pair.program === undefined) return { old, new: recent };
  const program = join(directory, 'program');
  const source = `${program}.${pair.language}`;
  writeFileSync(source, pair.program.source);
  await run(COMPILERS[pair.language], [
    ...['-O0', '-w', '-x', pair.language, source, '-x', 'none'],
    ...(pair.program.options ?? []),
    ...[old, '-o', program],
  ]);
  return { old, new: recent, program };
}

async function buildSide({ language }: Pair, side: Side, directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const soname = side.soname ?? NAME;
  const path = join(directory, soname === false ? NAME : soname);
  const source = join(directory, `source.${language}`);
  writeFileSync(source, side.source);
  const options = [...(soname === false ? [] : [`-Wl,-soname,${soname}`]), ...(side.options ?? [])];
  if (side.map !== undefined) {
    writeFileSync(join(directory, 'exports.map'), side.map);
    options.push(`-Wl,--version-script=${join(directory, 'exports.map')}`);
  }
  // Whether a library of a line happens to need the C library must not decide what differs.
  const always = [
    '-O0',
    '-w',
    '-shared',
    '-fPIC',
    '-Wl,--no-as-needed',
    '-x',
    language,
    source,
    '-x',
    'none',
  ];
  await run(COMPILERS[language], [...always, ...options, '-o', path]);
  return path;
}

/** Runs a program with the libraries of one folder, everything bound at start, as `Outcome` tells it. */
export function runWith(program: string, library: string) {
  const env = {
    PATH: process.env['PATH'],
    LD_LIBRARY_PATH: join(library, '..'),
    LD_BIND_NOW: '1',
    LC_ALL: 'C',
  };
  const { status, stdout, stderr } = spawnSync(program, { encoding: 'utf8', env, timeout: 10_000 });
  return { status, stdout, stderr };
}

/** What differs between what was declared and what a run showed; nothing when they agree. */
export function disagreement(
  { status, stdout, stderr }: Outcome,
  seen: ReturnType<typeof runWith>,
): string[] {
  const found: string[] = [];
  const failed = seen.status !== 0;
  if (failed !== (status === 'fails')) found.push(`status ${seen.status}, stderr ${seen.stderr}`);
  if (stdout !== undefined && stdout !== seen.stdout) found.push(`printed ${JSON.stringify(seen.stdout)}`);
  if (stderr !== undefined && !stderr.test(seen.stderr)) found.push(`stderr ${JSON.stringify(seen.stderr)}`);
  return found;
}
