import { describe, expect, test } from 'vitest';
import { cacheKey, lookUpCache } from '../../src/loader/index.ts';
import { literalSettings, X86_64 } from './literals.ts';

describe('names in ld.so.cache', () => {
  test.each([
    ['libx.so.1', 'libx.so.01'],
    ['libx.so.1', 'libx.so.0001'],
    ['libx-0.so', 'libx-00.so'],
    ['lib9.10.so', 'lib09.010.so'],
  ])('%s is %s', (a, b) => {
    expect(cacheKey(a)).toBe(cacheKey(b));
  });

  test.each([
    ['libx.so.1', 'libx.so.10'],
    ['libx.so.10', 'libx.so.1'],
    ['libx.so.0', 'libx.so.'],
    ['libx.so.100', 'libx.so.10'],
    ['libx1.so', 'libx1.so.0'],
  ])('%s is not %s', (a, b) => {
    expect(cacheKey(a)).not.toBe(cacheKey(b));
  });
});

describe('which entry is taken', () => {
  const LIBC6_X86_64 = 0x0303;
  const entry = (path: string, rest: object = {}) => ({
    flags: LIBC6_X86_64,
    path,
    osVersion: 0,
    hwcap: 0n,
    hwcapName: undefined,
    ...rest,
  });
  const look = (entries: readonly ReturnType<typeof entry>[], rest: object = {}) =>
    lookUpCache(literalSettings({ cache: new Map([['libx.so', entries]]), ...rest }), 'libx.so', X86_64);

  test('one for this architecture', () => {
    expect(look([entry('/i386', { flags: 3 }), entry('/x32', { flags: 0x0803 }), entry('/right')])).toBe(
      '/right',
    );
    expect(look([entry('/arm', { flags: 0x0a03 })])).toBeUndefined();
    expect(lookUpCache(literalSettings(), 'libnone.so', X86_64)).toBeUndefined();
  });

  test('one of an unknown C library, on machines with one kind', () => {
    const i386 = { machine: 3, is64: false, littleEndian: true };
    const cache = new Map([['libx.so', [entry('/elf', { flags: 1 }), entry('/libc6', { flags: 3 })]]]);
    expect(lookUpCache(literalSettings({ cache }), 'libx.so', i386)).toBe('/elf');
    expect(lookUpCache(literalSettings({ cache }), 'libx.so', X86_64)).toBeUndefined();
  });

  test('the best active one of glibc-hwcaps, before any other', () => {
    const [v3, v2, old] = ['x86-64-v3', 'x86-64-v2', 'haswell'].map((hwcapName) =>
      entry(`/${hwcapName}`, { hwcapName }),
    );
    const plain = entry('/plain');
    const hwcaps = ['x86-64-v3', 'x86-64-v2'];
    expect(look([old!, v2!, v3!, plain], { hwcaps })).toBe('/x86-64-v3');
    expect(look([old!, v3!, v2!, plain], { hwcaps: ['x86-64-v2'] })).toBe('/x86-64-v2');
    expect(look([old!, v3!, plain], { hwcaps: [] })).toBe('/plain');
    expect(look([old!], { hwcaps })).toBeUndefined();
  });

  test('one that asks for processor features only where they are', () => {
    const entries = [entry('/special', { hwcap: 4n }), entry('/plain')];
    expect(look(entries)).toBe('/plain');
    expect(look(entries, { hwcapMask: 6n })).toBe('/special');
    expect(look(entries, { hwcapMask: 6n, version: 2037 })).toBe('/plain');
  });
});
