import { describe, expect, it } from 'vitest';
import {
  compareLibraryNames,
  isLibraryName,
  isTemporaryName,
  splitLibraryName,
} from '../../src/analyses/release/index.ts';

describe('names of libraries', () => {
  it.each([
    'libfoo.so',
    'libfoo.so.1.2',
    'lib.so',
    'ld-2.31.so',
    'ld.so.1',
    'ld64.so.2',
    'libfoo.soname',
    'libfoo.so.1-gdb.py',
  ])('%s is one', (name) => expect(isLibraryName(name)).toBe(true));
  it.each(['foo.so', '.libfoo.so', 'libfoo.a', 'ld.so', 'ld64.so', '-libfoo.so', 'Libfoo.so', ''])(
    '%j is none',
    (name) => expect(isLibraryName(name)).toBe(false),
  );
  it('are passed over while a package manager writes them, by an ldconfig that knows', () => {
    for (const name of ['libfoo.so.1.dpkg-new', 'libfoo.so.1.dpkg-tmp', 'libfoo.so.1;5f5e1000']) {
      expect([2036, 2038, 2039, 2042].map((glibc) => isTemporaryName(name, glibc))).toEqual([
        false,
        false,
        true,
        true,
      ]);
    }
    for (const name of ['libfoo.so.1.#prelink#', 'libfoo.so.1.#prelink#.AbCdEf']) {
      expect(isTemporaryName(name, 2036)).toBe(true);
    }
    expect(isTemporaryName('libfoo.so.1.#prelink#.AbC', 2036)).toBe(false);
    expect(isTemporaryName('libfoo.so.1', 2042)).toBe(false);
  });
});

describe('which name is the newer', () => {
  it.each([
    ['libfoo.so.1.10', 'libfoo.so.1.9'],
    ['libfoo.so.1.2.0', 'libfoo.so.1.2'],
    ['libfoo.so.1', 'libfoo.so.'],
    ['libfoo.so.1.2-rc1', 'libfoo.so.1.2'],
    ['libfoo.so.1.2', 'libfoo.so.1.b'],
    ['libgoo.so.1', 'libfoo.so.2'],
    // Bytes are signed on x86-64
    ['liba.so.1', 'libä.so.1'],
    // 32 bits overflow
    ['libfoo.so.3', 'libfoo.so.4294967298'],
  ])('%s before %s', (newer, older) => {
    expect(compareLibraryNames(newer, older)).toBeGreaterThan(0);
    expect(compareLibraryNames(older, newer)).toBeLessThan(0);
  });
  it.each([
    ['libfoo.so.1.02', 'libfoo.so.1.2'],
    ['libfoo.so.01', 'libfoo.so.1'],
    ['', ''],
  ])('%j is as new as %j', (a, b) => expect(compareLibraryNames(a, b)).toBe(0));
});

describe('the parts of a name', () => {
  it.each([
    ['libfoo.so.1.2.3', 'libfoo', ['1', '2', '3']],
    ['libfoo.so', 'libfoo', []],
    ['libfoo-1.2.so', 'libfoo-1.2', []],
    ['plain', 'plain', []],
  ])('%s', (name, stem, version) => expect(splitLibraryName(name)).toEqual({ stem, version }));
});
