import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch } from 'node:process';
import { type LdconfigRules, planLinks } from '../../src/analyses/release/index.ts';
import { EM } from '../../src/elf/index.ts';
import { readLibraryDirectory } from '../../src/host/library-directory.ts';
import { applyLinkChanges } from '../../src/host/link-changes.ts';
import { type FarmEntry, randomFarm, writeFarm } from './random-farm.ts';

const LDCONFIG = ['/sbin/ldconfig', '/usr/sbin/ldconfig'];

function versionOf(path: string): number | undefined {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const found = /\b(\d+)\.(\d+)$/m.exec(stdout ?? '');
  return found === null ? undefined : Number(found[1]) * 1000 + Number(found[2]);
}

const installed = LDCONFIG.map((path) => ({ path, glibc: versionOf(path) })).find(({ glibc }) => glibc);

/** Why the real ldconfig cannot be asked on this machine; undefined when it can. */
export const noLdconfig =
  arch !== 'x64'
    ? 'not an x86-64 machine'
    : installed === undefined
      ? 'ldconfig is not installed'
      : undefined;

/** The rules of the ldconfig of this machine. */
const RULES: LdconfigRules = {
  machine: EM.X86_64,
  littleEndian: true,
  glibc: installed?.glibc ?? 0,
};

function runLdconfig(directory: string): void {
  const { error } = spawnSync(installed!.path, ['-n', directory], { encoding: 'utf8' });
  if (error !== undefined) throw error;
}

/** What each name of a directory is: the text of a link, or what else it is. */
function listing(directory: string): Map<string, string> {
  return new Map(
    readdirSync(directory).map((name) => {
      const stat = lstatSync(join(directory, name));
      if (stat.isSymbolicLink()) return [name, `-> ${readlinkSync(join(directory, name))}`];
      return [name, stat.isDirectory() ? 'directory' : `file of ${stat.size}`];
    }),
  );
}

/** The listing that the plan promises. */
function predicted(directory: string): Map<string, string> {
  const { changes } = planLinks(readLibraryDirectory(directory).directory, RULES);
  const names = listing(directory);
  for (const change of changes) {
    if (change.action === 'remove') names.delete(change.name);
    else names.set(change.name, `-> ${change.target}`);
  }
  return names;
}

/** How the plan for one farm, what is applied, and ldconfig differ; no lines when they agree. */
function disagreement(entries: readonly FarmEntry[]): { readonly changes: number; readonly lines: string[] } {
  const lines = inFarm(entries, (farm) => {
    const promised = predicted(farm);
    runLdconfig(farm);
    return compare('ldconfig', promised, listing(farm));
  });
  // The order of two directories may differ: each is held against its own plan.
  return inFarm(entries, (farm) => {
    const promised = predicted(farm);
    const { changes } = planLinks(readLibraryDirectory(farm).directory, RULES);
    const problems = applyLinkChanges(farm, changes).filter(({ problem }) => problem !== undefined);
    lines.push(...compare('applied', promised, listing(farm)));
    lines.push(...problems.map(({ change, problem }) => `${change.name}: ${problem}`));
    return { changes: changes.length, lines };
  });
}

function inFarm<T>(entries: readonly FarmEntry[], work: (farm: string) => T): T {
  const parent = mkdtempSync(join(tmpdir(), 'solder-release-'));
  try {
    return work(writeFarm(parent, entries));
  } finally {
    rmSync(parent, { recursive: true });
  }
}

function compare(
  what: string,
  promised: ReadonlyMap<string, string>,
  real: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...promised.keys(), ...real.keys()])].sort();
  return names
    .filter((name) => promised.get(name) !== real.get(name))
    .map((name) => `${what}: ${name}: promised ${promised.get(name)}, is ${real.get(name)}`);
}

interface FarmAgreement {
  readonly farms: number;
  /** Links that were made or removed. */
  readonly changes: number;
  /** Seed and what differs. */
  readonly differences: readonly string[];
}

/** Compares farms of these seeds. */
export function compareFarms(
  first: number,
  count: number,
  watch: (done: number) => void = () => {},
): FarmAgreement {
  const differences: string[] = [];
  let changes = 0;
  for (let seed = first; seed < first + count; seed++) {
    const entries = randomFarm(seed);
    const found = disagreement(entries);
    changes += found.changes;
    for (const line of found.lines) differences.push(`farm ${seed}: ${line}`);
    watch(seed - first + 1);
  }
  return { farms: count, changes, differences };
}

interface InstalledAgreement {
  readonly names: number;
  readonly changes: number;
  readonly differences: readonly string[];
}

const SONAME_LINK = /\.so\.\d+$/;

/**
 * The libraries of a directory of this machine, all links of sonames with a single number taken away: does
 * ldconfig make them as the plan says? Works in a directory of its own.
 */
export function compareInstalled(from: string): InstalledAgreement {
  const directory = mkdtempSync(join(tmpdir(), 'solder-release-'));
  try {
    for (const name of readdirSync(from)) {
      const stat = lstatSync(join(from, name));
      const to = join(directory, name);
      if (stat.isFile() && name.includes('.so')) linkOrCopy(join(from, name), to);
      else if (stat.isSymbolicLink() && !SONAME_LINK.test(name))
        symlinkSync(readlinkSync(join(from, name)), to);
    }
    const { changes } = planLinks(readLibraryDirectory(directory).directory, RULES);
    const promised = predicted(directory);
    runLdconfig(directory);
    const real = listing(directory);
    return { names: real.size, changes: changes.length, differences: compare('installed', promised, real) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Another file system, and files of others, allow no hard links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
