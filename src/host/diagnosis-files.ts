import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DiagnosisFiles, PathState } from '../analyses/index.ts';
import { openFile } from './file-source.ts';
import { NO_SYSROOT, type Sysroot, sysrootAt } from './sysroot.ts';

/** The file system of the machine, or of a sysroot on it, as the diagnosis of a failure asks for it. */
export function diagnosisFiles(sysrootDirectory?: string): DiagnosisFiles {
  const sysroot = sysrootDirectory === undefined ? NO_SYSROOT : sysrootAt(sysrootDirectory);
  return {
    state: (path) => stateOf(path, sysroot),
    list(directory) {
      const located = sysroot.locate(directory);
      if (located === undefined) return [];
      return quietly(() => readdirSync(located).sort()) ?? [];
    },
    read(path, use) {
      const located = sysroot.locate(path);
      if (located === undefined) return undefined;
      const source = quietly(() => openFile(located));
      if (source === undefined) return undefined;
      try {
        return use(source);
      } finally {
        source.close();
      }
    },
    isNoExec: (path) => sysroot === NO_SYSROOT && isOnNoExec(resolve(path)),
  };
}

/** What the system lets happen; undefined when it refuses. Anything but its errors is a fault of ours. */
function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function stateOf(path: string, sysroot: Sysroot): PathState {
  const located = sysroot.locate(path);
  if (located === undefined) return missingState(path, sysroot);
  try {
    const stat = statSync(located);
    if (stat.isDirectory()) return { kind: 'directory' };
    if (!stat.isFile()) return { kind: 'special' };
    return { kind: 'file', isReadable: canRead(located) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === undefined) throw error;
    if (code === 'ELOOP') return { kind: 'loop' };
    if (code === 'EACCES') return { kind: 'denied', directory: deniedDirectory(path, sysroot) };
    return missingState(path, sysroot);
  }
}

const canRead = (path: string): boolean =>
  quietly(() => {
    openFile(path).close();
    return true;
  }) ?? false;

/** The paths that lead to a path, the shortest first: `/a`, `/a/b`. */
function* prefixes(path: string): Generator<string> {
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    yield path.slice(0, slash);
  }
  yield path;
}

function deniedDirectory(path: string, sysroot: Sysroot): string {
  for (const prefix of prefixes(path)) {
    const located = sysroot.locate(prefix);
    if (located === undefined || quietly(() => statSync(located)) === undefined) return dirname(prefix);
  }
  return dirname(path);
}

/** Which part of a path is not there: a link that leads nowhere, or a name. */
function missingState(path: string, sysroot: Sysroot): PathState {
  for (const prefix of prefixes(path)) {
    const parent = sysroot.locate(dirname(prefix));
    if (parent === undefined) return { kind: 'absent', missing: prefix };
    const located = resolve(parent, prefix.slice(prefix.lastIndexOf('/') + 1));
    const stat = quietly(() => lstatSync(located));
    if (stat === undefined) return { kind: 'absent', missing: prefix };
    if (!stat.isSymbolicLink()) {
      if (!stat.isDirectory()) return { kind: 'absent', missing: prefix };
      continue;
    }
    const target = readlinkSync(located);
    const real = sysroot.locate(target.startsWith('/') ? target : `${dirname(prefix)}/${target}`);
    if (real === undefined || quietly(() => statSync(real)) === undefined) {
      return { kind: 'dangling', link: prefix, target };
    }
  }
  return { kind: 'absent', missing: path };
}

/** The mount with the longest mount point above a path (proc(5), /proc/self/mountinfo, fields 5 and 6). */
function isOnNoExec(path: string): boolean {
  let best = '';
  let options = '';
  for (const line of (quietly(() => readFileSync('/proc/self/mountinfo', 'utf8')) ?? '').split('\n')) {
    const fields = line.split(' ');
    const point = (fields[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of several mounts on one point the last one counts.
    if (point !== '' && isAbove && point.length >= best.length) [best, options] = [point, fields[5] ?? ''];
  }
  return options.split(',').includes('noexec');
}
