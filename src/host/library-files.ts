import { statSync } from 'node:fs';
import { FormatError } from '../bytes/index.ts';
import { ElfFile, PT } from '../elf/index.ts';
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
  const views: { readonly loader: Architecture; readonly open: (path: string) => OpenOutcome }[] = [];
  return {
    open(path, loader) {
      let view = views.find((known) => sameArchitecture(known.loader, loader));
      if (view === undefined) {
        view = { loader, open: filesFor(sysroot, detail, loader) };
        views.push(view);
      }
      return view.open(path);
    },
    realPath: (path) => sysroot.realPath(path),
    workingDirectory: process.cwd(),
  };
}

/** The files that the loader of one architecture sees. */
function filesFor(sysroot: Sysroot, detail: ObjectDetail, loader: Architecture): (path: string) => OpenOutcome {
  const byPath = new Map<string, OpenOutcome>();
  const byInode = new Map<string, OpenOutcome>();
  const open = (path: string): OpenOutcome => {
    const located = sysroot.locate(path);
    if (located === undefined) return ABSENT;
    try {
      const stat = statSync(located, { bigint: true });
      const inode = `${stat.dev}:${stat.ino}`;
      let outcome = byInode.get(inode);
      if (outcome === undefined) {
        outcome = readLibrary(located, path, detail, loader);
        byInode.set(inode, outcome);
      }
      return outcome;
    } catch (error) {
      return failedOpen(error, path, sysroot);
    }
  };
  return (path) => {
    let outcome = byPath.get(path);
    if (outcome === undefined) {
      outcome = open(path);
      byPath.set(path, outcome);
    }
    return outcome;
  };
}

const ABSENT: OpenOutcome = { kind: 'absent', reason: 'No such file or directory', isOdd: false };

/** After these the loader looks on in the same list, whatever the directory (glibc elf/dl-load.c, open_path). */
const USUAL_ERRORS: readonly unknown[] = ['ENOENT', 'EACCES'];

function failedOpen(error: unknown, path: string, sysroot: Sysroot): OpenOutcome {
  const reason = systemErrorText(error);
  if (reason === undefined) throw error;
  const { code } = error as NodeJS.ErrnoException;
  // A directory can be opened like a file, but not read.
  if (code === 'EISDIR') return { kind: 'broken', message: `cannot read file data: ${reason}` };
  if (USUAL_ERRORS.includes(code)) return { kind: 'absent', reason, isOdd: false };
  // A relative directory always counts as being there: the working directory may change (fillin_rpath).
  const isOdd = !path.startsWith('/') || isDirectory(sysroot, path.slice(0, path.lastIndexOf('/') + 1));
  return { kind: 'absent', reason, isOdd };
}

function isDirectory(sysroot: Sysroot, path: string): boolean {
  try {
    return statSync(sysroot.locate(path) ?? '').isDirectory();
  } catch {
    return false;
  }
}

/** Reads one library; what keeps ld.so from mapping it is said in its words. */
function readLibrary(
  located: string,
  path: string,
  detail: ObjectDetail,
  loader: Architecture,
): OpenOutcome {
  using source = openFile(located);
  const start = source.read(0, Math.min(VERIFIED_BYTES, source.size), 'ELF header');
  const verdict = verifyHeader(start, source.size, loader);
  if (verdict.kind !== 'fits') return verdict;
  try {
    const file = new ElfFile(source);
    if (isForAnotherSystem(file)) return { kind: 'foreign', otherClass: false };
    const refusal = segmentRefusal(file);
    if (refusal !== undefined) return { kind: 'broken', message: refusal };
    const identity = { device: source.device, inode: source.inode };
    const object = dynamicObject(file, path, identity, detail);
    return object ? { kind: 'object', object } : { kind: 'broken', message: MAP_REFUSALS.noDynamicSection };
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
function segmentRefusal({ segments }: ElfFile): string | undefined {
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  const misaligned = loads.some(({ vaddr, offset }) => (vaddr - BigInt(offset)) % PAGE !== 0n);
  if (misaligned) return MAP_REFUSALS.misaligned;
  if (loads.length === 0) return MAP_REFUSALS.noSegments;
  const isEmpty = segments.some(({ type, fileSize }) => type === PT.DYNAMIC && fileSize === 0);
  return isEmpty ? MAP_REFUSALS.noDynamicSection : undefined;
}
