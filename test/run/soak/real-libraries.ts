import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyseSoak, type ResourceName } from '../../../src/analyses/soak/index.ts';
import { runSoak } from '../../../src/run/soak/run-soak.ts';
import { planFor } from './build.ts';

const DIRECTORY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
const LARGEST = 4 << 20;
const ROUNDS = 200;

/** Libraries of the machine, spread over the alphabet: plain files of no more than a few megabytes. */
export function librarySample(wanted: number): string[] {
  let names: string[];
  try {
    names = readdirSync(DIRECTORY);
  } catch {
    return [];
  }
  const files = names
    .filter((name) => /\.so\./.test(name))
    .map((name) => join(DIRECTORY, name))
    .filter((path) => lstatSync(path).isFile() && lstatSync(path).size < LARGEST)
    .sort();
  return files.filter((_, index) => index % Math.max(1, Math.floor(files.length / wanted)) === 0);
}

export function buildCounter(directory: string): string {
  const program = join(directory, 'counter');
  const source = new URL('./counter.c', import.meta.url).pathname;
  execFileSync('cc', ['-O1', '-w', '-rdynamic', '-o', program, source, '-ldl', '-lpthread'], {
    stdio: 'pipe',
  });
  return program;
}

const COUNTED = ['keys', 'threads', 'fds', 'linkmaps', 'heap'] as const satisfies readonly ResourceName[];

/** A block that comes and goes may be there at the end by chance: a loss comes in every tenth round at least. */
const LEAST_BLOCKS = ROUNDS / 20;

/** What grows between the middle and the end by the program's own count; undefined: it does not get through. */
function countedLosses(counter: string, library: string): ResourceName[] | undefined {
  const { stdout, status } = spawnSync(counter, [library, String(ROUNDS)], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const [middle, end] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  if (status !== 0 || end === undefined) return undefined;
  return COUNTED.filter((name, at) => end[at]! - middle![at]! > (name === 'heap' ? LEAST_BLOCKS : 0));
}

/** Both opinions about one library; undefined when it cannot be opened and closed so often. */
export async function judgeLibrary(
  counter: string,
  path: string,
): Promise<{ readonly counted: readonly string[]; readonly soaked: readonly string[] } | undefined> {
  const counted = countedLosses(counter, path);
  if (counted === undefined) return undefined;
  const { facts } = analyseSoak(await runSoak(planFor(path, { rounds: ROUNDS, call: null })));
  const soaked = facts.resources.filter(({ leaks }) => leaks).map(({ name }) => name);
  return { counted, soaked: COUNTED.filter((name) => soaked.includes(name)) };
}
