import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Programs and libraries of this machine that ld.so can be asked about. */

const ELF_MAGIC = 0x7f454c46;

/** Whether a file is an ELF file of the machine's own kind: 64-bit, little-endian, x86-64. */
export function isNativeElf(path: string): boolean {
  let file: number;
  try {
    if (!statSync(path).isFile()) return false;
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(20);
    if (readSync(file, start, 0, 20, 0) < 20) return false;
    const isElf = start.readUInt32BE(0) === ELF_MAGIC;
    return isElf && start[4] === 2 && start[5] === 1 && start.readUInt16LE(18) === 62;
  } finally {
    closeSync(file);
  }
}

/** ELF files of some folders, by name, each file once however many links lead to it. */
export function nativeElfFiles(folders: readonly string[], wanted: RegExp = /^/): string[] {
  const seen = new Set<string>();
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => wanted.test(name))
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => {
        if (!isNativeElf(path)) return false;
        const real = realpathSync(path);
        if (seen.has(real)) return false;
        seen.add(real);
        return true;
      }),
  );
}
