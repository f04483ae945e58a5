import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { FormatError } from '../src/bytes/index.ts';
import { ElfFile, PT, readHeader, readSegments, symbolName } from '../src/elf/index.ts';
import { openFile } from '../src/host/file-source.ts';

/** The largest shared library below /usr/lib, since it is where time and memory show. */
export function largestLibrary(): { path: string; size: number } | undefined {
  let largest: { path: string; size: number } | undefined;
  for (const path of filesBelow('/usr/lib')) {
    if (!/\.so(\.[\d.]+)?$/.test(path)) continue;
    const { size } = statSync(path);
    if (size > (largest?.size ?? 0) && hasSegment(path, PT.DYNAMIC)) largest = { path, size };
  }
  return largest;
}

/** The largest library of which two releases are installed side by side, the older first: two of LLVM's, mostly. */
export function twoReleases(): readonly [string, string] | undefined {
  const releases = new Map<string, { path: string; size: number }[]>();
  for (const path of filesBelow('/usr/lib')) {
    const name = /\/([^/]+?)(?:-[\d.]+)?\.so\.[\d.]+$/.exec(path)?.[1];
    if (name === undefined || !hasSegment(path, PT.DYNAMIC)) continue;
    const known = releases.get(name) ?? [];
    releases.set(name, [...known, { path, size: statSync(path).size }]);
  }
  const pairs = [...releases.values()].filter(({ length }) => length > 1);
  const [largest] = pairs.sort((a, b) => b[0]!.size - a[0]!.size);
  const [old, recent] = (largest ?? []).map(({ path }) => path).sort();
  return old === undefined || recent === undefined ? undefined : [old, recent];
}

/** So many distinct mangled names from the dynamic symbols of the machine's libraries, the largest libraries first. */
export function mangledNames(count: number): string[] {
  const libraries = [...filesBelow('/usr/lib')]
    .filter((path) => /\.so(\.[\d.]+)?$/.test(path))
    .map((path) => ({ path, size: statSync(path).size }))
    .sort((a, b) => b.size - a.size);
  const names = new Set<string>();
  for (const { path } of libraries) {
    for (const name of dynamicNames(path)) {
      if (/^_(Z|R)\w/.test(name)) names.add(name);
      if (names.size === count) return [...names];
    }
  }
  return [...names];
}

function dynamicNames(path: string): string[] {
  try {
    using source = openFile(path);
    const symbols = new ElfFile(source).dynamic?.symbols;
    return Array.from({ length: symbols?.count ?? 0 }, (_, index) => symbolName(symbols!, index));
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** Every program in a folder that ld.so would start, each file once, sorted. */
export function dynamicExecutables(folder: string): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(folder)) {
    const path = realPath(join(folder, name));
    if (path !== undefined && hasSegment(path, PT.INTERP)) found.add(path);
  }
  return [...found].sort();
}

/** Where a program is found on PATH; a name with a slash is a file itself. */
export function which(program: string): string | undefined {
  if (program.includes('/')) return realPath(program) === undefined ? undefined : program;
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return candidates.find((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() && (stat.mode & 0o111) !== 0;
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // a link to nowhere
  }
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

function hasSegment(path: string, type: number): boolean {
  if (!lstatSync(path).isFile()) return false;
  try {
    using file = openFile(path);
    return readSegments(file, readHeader(file)).some((segment) => segment.type === type);
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
}
