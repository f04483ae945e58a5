import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { isArchive } from '../archive/index.ts';
import { FormatError } from '../bytes/index.ts';
import { ElfFile, ET } from '../elf/index.ts';
import { isSnapshot, type LibraryExports, readExports, readSnapshot } from '../model/index.ts';
import { openFile } from './file-source.ts';

const MAGIC_LENGTH = 32;

/**
 * One side of a comparison: a shared library, or a snapshot of one. Throws `FormatError` for anything else,
 * and the system's errors.
 */
export function openLibrarySide(path: string): LibraryExports {
  using source = openFile(path);
  const start = source.read(0, Math.min(MAGIC_LENGTH, source.size), 'start');
  if (isSnapshot(start)) return readSnapshot(decode(source.read(0, source.size, 'snapshot')), path);
  if (isArchive(start)) throw unfit('a static archive has no dynamic symbols: compare shared libraries');
  const file = new ElfFile(source);
  if (file.header.type !== ET.DYN) throw unfit('not a shared library');
  const exports = readExports(file, path, basename(realpathSync(path)));
  if (exports === undefined) throw unfit('it has no dynamic section');
  return exports;
}

const unfit = (detail: string): FormatError => new FormatError('unsupported', 'ELF header', 0, detail);

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError('bad-value', 'snapshot', 0, 'not UTF-8');
  }
}
