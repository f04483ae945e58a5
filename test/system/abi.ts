import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareLibraries } from '../../src/analyses/index.ts';
import { FormatError } from '../../src/bytes/index.ts';
import { openLibrarySide } from '../../src/host/index.ts';
import {
  breaks,
  type ChangeKind,
  type Comparison,
  type ExportedSymbol,
  type LibraryExports,
  type SymbolPair,
} from '../../src/model/index.ts';
import { buildPair } from '../abi/build-pair.ts';
import { ALL_PAIRS } from '../abi/pairs/all.ts';
import type { Verification, Watch } from './suite.ts';

const run = promisify(execFile);
const FOLDER = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
/** abidiff takes seconds for large libraries. */
const LARGEST = 3_000_000;
/** The bits of abidiff's exit status for an error and for wrong usage (abidiff(1), Return values). */
const REFUSED = 3;

interface Theirs {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What abidiff says of two files by their symbols alone, as `name@@VERSION`; undefined when it refuses one, or
 * found debug information and speaks of declarations.
 */
async function abidiff(old: string, recent: string): Promise<Theirs | undefined> {
  const { status, stdout } = await run('abidiff', [old, recent], { maxBuffer: 1 << 28 }).then(
    (result) => ({ status: 0, stdout: result.stdout }),
    (error: { code: number; stdout: string }) => ({ status: error.code, stdout: error.stdout }),
  );
  if (typeof status !== 'number' || (status & REFUSED) !== 0) return undefined;
  const marked = (mark: string) =>
    [...stdout.matchAll(new RegExp(`^ +\\[${mark}\\] ([^\\s,]+)`, 'gm'))].map(([, name]) => name!);
  const theirs = { removed: marked('D'), added: marked('A') };
  return /^ +\[[DA]\] '/m.test(stdout) ? undefined : theirs;
}

const bareName = (name: string): string => name.split('@', 1)[0]!;
/** abidiff counts them. */
const isStartUp = (name: string): boolean => name === '_init' || name === '_fini';

/** Names of one list that the other side has in no version. */
const only = (names: Iterable<string>, other: LibraryExports): Set<string> => {
  const there = new Set(other.symbols.map(({ name }) => name));
  return new Set([...names].map(bareName).filter((name) => !there.has(name) && !isStartUp(name)));
};

const keyOf = ({ name, version }: ExportedSymbol): string => `${name}\0${version ?? ''}`;

/** Whether a change that breaks leaves a name and version behind that NEW has not, or has for something else. */
function losesSymbols({ changes }: Comparison, recent: LibraryExports): boolean {
  const there = new Set(recent.symbols.map(keyOf));
  const isLost = ({ old }: SymbolPair) => old !== undefined && !there.has(keyOf(old));
  return changes.some(
    ({ kind, effect, symbols }) =>
      breaks(effect) && (symbols.some(isLost) || (kind === 'abi.kind-changed' && symbols.some(isCodeOnce))),
  );
}

/** Code on one side only; abidiff does not tell thread-local variables from ordinary ones. */
const isCodeOnce = (pair: SymbolPair): boolean => (pair.old?.kind === 'FUNC') !== (pair.new?.kind === 'FUNC');

/** Kinds that abidiff takes for a loss: it asks neither what the loader would take instead, nor whose template it is. */
const SERVED: readonly ChangeKind[] = ['abi.default-version', 'abi.instantiation'];

async function compareWithAbidiff(old: string, recent: string): Promise<string[] | undefined> {
  const theirs = await abidiff(old, recent);
  if (theirs === undefined) return undefined;
  const sides = [openLibrarySide(old), openLibrarySide(recent)] as const;
  const comparison = compareLibraries(...sides);
  const pairs = comparison.changes.flatMap(({ symbols }) => symbols);
  const gone = pairs.flatMap((pair) => pair.old?.name ?? []);
  const come = pairs.flatMap((pair) => pair.new?.name ?? []);
  const found = [
    ...difference('removed', only(gone, sides[1]), only(theirs.removed, sides[1])),
    ...difference('added', only(come, sides[0]), only(theirs.added, sides[0])),
  ];
  const loses = losesSymbols(comparison, sides[1]);
  const theyLose = theirs.removed.some((name) => !isStartUp(name));
  const served = comparison.changes.some(({ kind }) => SERVED.includes(kind));
  if (loses !== theyLose && !served) {
    found.push(`abidiff misses ${theirs.removed.length} symbols, solder says ${comparison.verdict}`);
  }
  return found;
}

function difference(what: string, mine: ReadonlySet<string>, theirs: ReadonlySet<string>): string[] {
  const missing = [...theirs].filter((name) => !mine.has(name));
  const extra = [...mine].filter((name) => !theirs.has(name));
  const list = (names: readonly string[]) => `${names.length} (${names.slice(0, 3).join(', ')})`;
  return [
    ...(missing.length === 0 ? [] : [`${what} for abidiff alone: ${list(missing)}`]),
    ...(extra.length === 0 ? [] : [`${what} for solder alone: ${list(extra)}`]),
  ];
}

/** Shared libraries of the machine, sorted by name, so that releases of one stand side by side. */
function libraries(): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => /\.so\.[\d.]+$/.test(name))
    .map((name) => join(FOLDER, name))
    .filter((path) => {
      const stat = lstatSync(path);
      return stat.isFile() && stat.size < LARGEST && isLibrary(path);
    })
    .sort();
}

function isLibrary(path: string): boolean {
  try {
    openLibrarySide(path);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/**
 * Removed and added symbols, and whether programs break, against abidiff: over the pairs of the tests, and over
 * neighbouring libraries of the machine, which need not be related. Each library is identical to itself.
 */
export async function verifyAbi(watch: Watch): Promise<Verification> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  const judge = (what: string, found: readonly string[] | undefined): void => {
    if (found === undefined) return;
    if (found.length === 0) passed++;
    else failed++;
    lines.push(...found.map((text) => `${what}: ${text}`));
  };

  const scratch = mkdtempSync(join(tmpdir(), 'solder-abi-'));
  try {
    for (const [index, pair] of ALL_PAIRS.entries()) {
      const built = await buildPair(pair, join(scratch, String(index)));
      judge(pair.name, await compareWithAbidiff(built.old, built.new));
      if (index % 20 === 0) watch(`${index} of ${ALL_PAIRS.length} pairs`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }

  const all = libraries();
  for (const [index, path] of all.entries()) {
    const side = openLibrarySide(path);
    const { verdict, changes } = compareLibraries(side, side);
    judge(path, verdict === 'identical' && changes.length === 0 ? [] : ['is not identical to itself']);
    const next = all[index + 1];
    if (next !== undefined) judge(`${path} ${next}`, await compareWithAbidiff(path, next));
    if (index % 50 === 0) watch(`${index} of ${all.length} libraries: ${passed} passed, ${failed} failed`);
  }
  return { passed, failed, lines };
}
