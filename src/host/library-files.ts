import { type BigIntStats, statSync } from 'node:fs';
import { constants } from 'node:os';
import { FormatError } from '../bytes/index.ts';
import { DF_1, ElfFile, ET, PT } from '../elf/index.ts';
import {
  type LibraryFiles,
  MAP_REFUSALS,
  type OpenOutcome,
  sameArchitecture,
  VERIFIED_BYTES,
  verifyHeader,
} from '../loader/index.ts';
import { type Architecture, dynamicObject, type ObjectDetail } from '../model/index.ts';
import { openFile } from './file-source.ts';
import type { Sysroot } from './sysroot.ts';
import { systemErrorText } from './system-error.ts';

/**
 * The file system as the loader sees it: each file is read once, under however many names it is asked for.
 * Paths are those of the process; a sysroot is put in front of them here and nowhere else.
 */
export function libraryFiles(sysroot: Sysroot, detail: ObjectDetail): LibraryFiles {
  const views: (FileView & { readonly loader: Architecture })[] = [];
  return {
    open(path, loader) {
      let view = views.find((known) => sameArchitecture(known.loader, loader));
      if (view === undefined) {
        view = { loader, ...filesFor(sysroot, detail, loader) };
        views.push(view);
      }
      return view.open(path);
    },
    forget() {
      for (const view of views) view.forget();
    },
    realPath: (path) => sysroot.realPath(path),
    workingDirectory: workingDirectory(),
  };
}

/** One that was removed has no path any more (getcwd(3)); what the kernel calls it leads to the nothing in it. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '/proc/self/cwd';
  }
}

/** The files that the loader of one architecture sees. */
interface FileView {
  open(path: string): OpenOutcome;
  forget(): void;
}

function filesFor(sysroot: Sysroot, detail: ObjectDetail, loader: Architecture): FileView {
  const byPath = new Map<string, OpenOutcome>();
  const byContents = new Map<string, OpenOutcome>();
  const open = (path: string): OpenOutcome => {
    const located = sysroot.locate(path);
    if (located === undefined) return ABSENT;
    try {
      const stat = statSync(located, { bigint: true });
      const verdict = deviceVerdict(stat, loader);
      if (verdict !== undefined) return verdict;
      // A new file may be given the inode of one that was removed.
      const contents = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
      let outcome = byContents.get(contents);
      if (outcome === undefined) {
        outcome = readLibrary(located, path, detail, loader);
        byContents.set(contents, outcome);
      }
      return outcome;
    } catch (error) {
      return failedOpen(error, path, sysroot);
    }
  };
  return {
    open(path) {
      let outcome = byPath.get(path);
      if (outcome === undefined) {
        outcome = open(path);
        byPath.set(path, outcome);
      }
      return outcome;
    },
    forget: () => byPath.clear(),
  };
}

/**
 * What the loader reads from a device of the kernel's memory driver, by its number (Linux,
 * Documentation/admin-guide/devices.txt): /dev/null, zero, full, random, urandom. Random bytes are no ELF header
 * either.
 */
const MEMORY_DEVICES: ReadonlyMap<bigint, Uint8Array> = new Map([
  [makedev(1, 3), new Uint8Array(0)],
  ...[5, 7, 8, 9].map((minor) => [makedev(1, minor), new Uint8Array(VERIFIED_BYTES)] as const),
]);

/** Of a small number (makedev(3)). */
function makedev(major: number, minor: number): bigint {
  return BigInt(major * 256 + minor);
}

/** What the loader says of a device that need not be opened to know what it gives: others may do something then. */
function deviceVerdict(stat: BigIntStats, loader: Architecture): OpenOutcome | undefined {
  const contents = stat.isCharacterDevice() ? MEMORY_DEVICES.get(stat.rdev) : undefined;
  if (contents === undefined) return undefined;
  const verdict = verifyHeader(contents, contents.length, loader);
  return verdict.kind === 'fits' ? undefined : verdict;
}

const NO_SUCH_FILE = 'No such file or directory';
const ABSENT: OpenOutcome = { kind: 'absent', reason: NO_SUCH_FILE, words: NO_SUCH_FILE, isOdd: false };

/** After these the loader looks on in the same list, whatever the directory (glibc elf/dl-load.c, open_path). */
const USUAL_ERRORS: readonly unknown[] = ['ENOENT', 'EACCES'];

function failedOpen(error: unknown, path: string, sysroot: Sysroot): OpenOutcome {
  const reason = systemErrorText(error);
  if (reason === undefined) throw error;
  const code = (error as NodeJS.ErrnoException).code as keyof typeof constants.errno;
  const words = LOADER_WORDS.includes(code) ? reason : `Error ${constants.errno[code]}`;
  // A directory can be opened like a file, but not read.
  if (code === 'EISDIR') return { kind: 'broken', message: `cannot read file data: ${words}` };
  if (USUAL_ERRORS.includes(code)) return { kind: 'absent', reason, words, isOdd: false };
  // A relative directory always counts as being there: the working directory may change (fillin_rpath).
  const isOdd = !path.startsWith('/') || isDirectory(sysroot, path.slice(0, path.lastIndexOf('/') + 1));
  return { kind: 'absent', reason, words, isOdd };
}

/** The errors that ld.so has words for; of others it gives the number (glibc elf/dl-minimal.c, __strerror_r). */
const LOADER_WORDS: readonly unknown[] = ['ENOMEM', 'EINVAL', 'ENOENT', 'EPERM', 'EIO', 'EACCES'];

function isDirectory(sysroot: Sysroot, path: string): boolean {
  try {
    return statSync(sysroot.locate(path) ?? '').isDirectory();
  } catch {
    return false;
  }
}

/** Reads one library; what keeps ld.so from mapping it is said in its words. */
function readLibrary(located: string, path: string, detail: ObjectDetail, loader: Architecture): OpenOutcome {
  using source = openFile(located);
  const start = source.read(0, Math.min(VERIFIED_BYTES, source.size), 'ELF header');
  const verdict = verifyHeader(start, source.size, loader);
  if (verdict.kind !== 'fits') return verdict;
  try {
    const file = new ElfFile(source);
    if (isForAnotherSystem(file)) return { kind: 'foreign', otherClass: false };
    const refusal = segmentRefusal(file) ?? programRefusal(file);
    if (refusal !== undefined) return { kind: 'broken', message: refusal };
    const identity = { device: source.device, inode: source.inode };
    return { kind: 'object', object: dynamicObject(file, path, identity, detail)! };
  } catch (error) {
    if (error instanceof FormatError) return { kind: 'broken', message: error.message };
    throw error;
  }
}

/** NT_GNU_ABI_TAG: its first word is the system, 0 for Linux (glibc elf/dl-load.c, open_verify). */
function isForAnotherSystem(file: ElfFile): boolean {
  const tag = file.notes.find(
    ({ owner, type, descriptor }) => owner === 'GNU' && type === 1 && descriptor.length === 16,
  );
  return tag?.descriptor.subarray(0, 4).some((byte) => byte !== 0) ?? false;
}

/** The smallest page: where pages are larger, the loader refuses more. */
const PAGE = 4096n;

/** What is wrong with the segments (glibc elf/dl-load.c, _dl_map_object_from_fd). */
function segmentRefusal({ segments, header }: ElfFile): string | undefined {
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  const misaligned = loads.some(({ vaddr, offset }) => (vaddr - BigInt(offset)) % PAGE !== 0n);
  if (misaligned) return MAP_REFUSALS.misaligned;
  if (loads.length === 0) return MAP_REFUSALS.noSegments;
  if (header.type !== ET.DYN) return MAP_REFUSALS.fixedAddress;
  const dynamic = segments.find(({ type }) => type === PT.DYNAMIC);
  return dynamic === undefined || dynamic.fileSize === 0 ? MAP_REFUSALS.noDynamicSection : undefined;
}

const programRefusal = ({ dynamic }: ElfFile) =>
  ((dynamic?.flags1 ?? 0) & DF_1.PIE) !== 0 ? MAP_REFUSALS.program : undefined;
