import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { FormatError } from '../src/bytes/index.ts';
import { PT, readHeader, readSegments } from '../src/elf/index.ts';
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
