import { isArchive } from '../archive/index.ts';
import { type ByteSource, FormatError } from '../bytes/index.ts';
import { ElfFile, ET, looksLikeElf, machineName } from '../elf/index.ts';
import { type DynamicObject, dynamicObject, type ObjectDetail } from '../model/index.ts';
import { openFile } from './file-source.ts';
import type { Sysroot } from './sysroot.ts';
import { systemErrorText } from './system-error.ts';

/** A program or library that a process can start with. */
export interface ProcessTarget {
  readonly kind: 'dynamic';
  readonly path: string;
  readonly object: DynamicObject;
}

/** A file named on the command line, as far as the loader is concerned. */
export type Target =
  | ProcessTarget
  /** A program that needs no loader, an object file, an archive: nothing is loaded and nothing bound. */
  | { readonly kind: 'static' | 'object' | 'archive' | 'other'; readonly path: string; readonly what: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly message: string };

/** Opens one target. Never throws for what a file holds or for what the system says of it. */
export function openTarget(path: string, sysroot: Sysroot, detail: ObjectDetail): Target {
  const located = sysroot.locate(path) ?? path;
  try {
    using source = openFile(located);
    if (source.size === 0) return { kind: 'unreadable', path, message: 'the file is empty' };
    if (isArchive(source.read(0, Math.min(8, source.size), 'archive'))) {
      return { kind: 'archive', path, what: 'a static archive' };
    }
    if (!looksLikeElf(source)) return { kind: 'unreadable', path, message: whatElse(source) };
    const file = new ElfFile(source);
    const { type, machine } = file.header;
    if (type === ET.REL) return { kind: 'object', path, what: 'an object file' };
    if (type !== ET.EXEC && type !== ET.DYN) return { kind: 'other', path, what: 'no program or library' };
    const object = dynamicObject(file, path, { device: source.device, inode: source.inode }, detail);
    if (object !== undefined) return { kind: 'dynamic', path, object };
    return { kind: 'static', path, what: `a static ${machineName(machine)} program` };
  } catch (error) {
    if (error instanceof FormatError) return { kind: 'unreadable', path, message: error.message };
    const message = systemErrorText(error);
    if (message === undefined) throw error;
    return { kind: 'unreadable', path, message };
  }
}

/** A first guess at a file that is no ELF file, for a message that helps. */
function whatElse(source: ByteSource): string {
  const start = source.read(0, Math.min(2, source.size), 'start');
  if (start[0] === 0x23 && start[1] === 0x21) return 'not an ELF file but a script: name its interpreter';
  return 'not an ELF file';
}
