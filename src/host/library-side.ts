import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { isArchive } from '../archive/index.ts';
import { FormatError } from '../bytes/index.ts';
import { ElfFile } from '../elf/index.ts';
import { isSnapshot, type LibraryExports, readExports, readSnapshot } from '../model/index.ts';
import { openFile } from './file-source.ts';

const MAGIC_LENGTH = 32;

/**
 * One side of a comparison: a shared library, a program that exports something, or a snapshot. Throws `FormatError` for anything else,
 * and the system's errors.
 */
export function openLibrarySide(path: string): LibraryExports {
  using source = openFile(path);
  const start = source.read(0, Math.min(MAGIC_LENGTH, source.size), 'start');
  if (isSnapshot(start)) return readSnapshot(decode(source.read(0, source.size, 'snapshot')), path);
  if (isArchive(start)) throw unfit('a static archive has no dynamic symbols: compare shared libraries');
  const exports = readExports(new ElfFile(source), path, basename(realpathSync(path)));
  if (exports === undefined) throw unfit('no dynamic section: nothing can be bound to it');
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
