import { statSync } from 'node:fs';
import { FormatError } from '../bytes/index.ts';
import { ElfFile, ET, osAbiName } from '../elf/index.ts';
import type { LibraryFiles, OpenOutcome } from '../loader/index.ts';
import { dynamicObject, type ObjectDetail } from '../model/index.ts';
import { openFile } from './file-source.ts';
import type { Sysroot } from './sysroot.ts';
import { systemErrorText } from './system-error.ts';

/**
 * The file system as the loader sees it: each file is read once, under however many names it is asked for.
 * Paths are those of the process; a sysroot is put in front of them here and nowhere else.
 */
export function libraryFiles(sysroot: Sysroot, detail: ObjectDetail): LibraryFiles {
  const byPath = new Map<string, OpenOutcome>();
  const byInode = new Map<string, OpenOutcome>();
  const open = (path: string): OpenOutcome => {
    const located = sysroot.locate(path);
    if (located === undefined) return ABSENT;
    const stat = statSync(located, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return ABSENT;
    const inode = `${stat.dev}:${stat.ino}`;
    let outcome = byInode.get(inode);
    if (outcome === undefined) {
      outcome = readLibrary(located, path, detail);
      byInode.set(inode, outcome);
    }
    return outcome;
  };
  return {
    open(path) {
      let outcome = byPath.get(path);
      if (outcome === undefined) {
        outcome = openSafely(open, path);
        byPath.set(path, outcome);
      }
      return outcome;
    },
    realPath: (path) => sysroot.realPath(path),
    workingDirectory: process.cwd(),
  };
}

const ABSENT: OpenOutcome = { kind: 'absent', reason: 'No such file or directory' };

function openSafely(open: (path: string) => OpenOutcome, path: string): OpenOutcome {
  try {
    return open(path);
  } catch (error) {
    const text = systemErrorText(error);
    if (text === undefined) throw error;
    return { kind: 'absent', reason: text };
  }
}

/** Reads one library; what keeps ld.so from mapping it is said in its words (glibc elf/dl-load.c, open_verify). */
function readLibrary(located: string, path: string, detail: ObjectDetail): OpenOutcome {
  using source = openFile(located);
  if (source.size < 4) return { kind: 'broken', message: 'file too short' };
  try {
    const file = new ElfFile(source);
    const { type, osabi } = file.header;
    if (osabi !== 0 && osabi !== 3)
      return { kind: 'broken', message: `ELF file OS ABI invalid (${osAbiName(osabi)})` };
    if (type !== ET.DYN && type !== ET.EXEC) {
      return { kind: 'broken', message: 'only ET_DYN and ET_EXEC can be loaded' };
    }
    const identity = { device: source.device, inode: source.inode };
    const object = dynamicObject(file, path, identity, detail);
    if (object === undefined) return { kind: 'broken', message: 'object file has no dynamic section' };
    return { kind: 'object', object };
  } catch (error) {
    if (error instanceof FormatError) return { kind: 'broken', message: brokenMessage(error) };
    throw error;
  }
}

function brokenMessage(error: FormatError): string {
  if (error.code === 'bad-magic') return 'invalid ELF header';
  if (error.code === 'truncated' && error.section === 'ELF header') return 'file too short';
  return error.message;
}
