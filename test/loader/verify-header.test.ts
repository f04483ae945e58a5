import { describe, expect, test } from 'vitest';
import { EM, ET } from '../../src/elf/index.ts';
import { verifyHeader } from '../../src/loader/index.ts';
import type { Architecture } from '../../src/model/index.ts';

const LOADERS: Readonly<Record<string, Architecture>> = {
  'x86-64': { machine: EM.X86_64, is64: true, littleEndian: true },
  i386: { machine: EM['386'], is64: false, littleEndian: true },
  s390x: { machine: EM.S390, is64: true, littleEndian: false },
};

/** A header that the loader takes, with one program header behind it. */
function header({ machine, is64, littleEndian }: Architecture): Uint8Array {
  const bytes = new Uint8Array(is64 ? 120 : 84);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1]);
  view.setUint16(16, ET.DYN, littleEndian);
  view.setUint16(18, machine, littleEndian);
  view.setUint32(20, 1, littleEndian);
  if (is64) view.setBigUint64(32, 64n, littleEndian);
  else view.setUint32(28, 52, littleEndian);
  view.setUint16(is64 ? 54 : 42, is64 ? 56 : 32, littleEndian);
  view.setUint16(is64 ? 56 : 44, 1, littleEndian);
  return bytes;
}

const verify = (bytes: Uint8Array, loader: Architecture, size = bytes.length) =>
  verifyHeader(bytes.subarray(0, Math.min(64, size)), size, loader);

describe.each(Object.entries(LOADERS))('the loader of %s', (name, loader) => {
  test('takes its own files, passes over those of others', () => {
    expect(verify(header(loader), loader)).toEqual({ kind: 'fits' });
    for (const [other, architecture] of Object.entries(LOADERS)) {
      if (other === name) continue;
      const otherClass = architecture.is64 !== loader.is64;
      expect(verify(header(architecture), loader)).toEqual({ kind: 'foreign', otherClass });
    }
  });

  test('stops at one that is too short, or whose program headers are', () => {
    const bytes = header(loader);
    const length = loader.is64 ? 64 : 52;
    expect(verify(bytes, loader, length - 1)).toEqual({ kind: 'broken', message: 'file too short' });
    expect(verify(bytes, loader, length)).toEqual({ kind: 'broken', message: 'cannot read file data' });
    expect(verify(bytes, loader, bytes.length - 1)).toEqual({
      kind: 'broken',
      message: 'cannot read file data',
    });
  });

  test('stops at another byte order of its own machine', () => {
    const bytes = header(loader);
    bytes[5] = loader.littleEndian ? 2 : 1;
    const order = loader.littleEndian ? 'little' : 'big';
    expect(verify(bytes, loader)).toEqual({
      kind: 'broken',
      message: `ELF file data encoding not ${order}-endian`,
    });
  });
});
