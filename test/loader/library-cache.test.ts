import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/bytes/index.ts';
import { parseLibraryCache, readLibraryCache } from '../../src/host/index.ts';
import { cacheKey, type LibraryCache } from '../../src/loader/index.ts';
import { Farm, noOracle } from './farm.ts';

const LDCONFIG = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path));

/** How `ldconfig -p` writes the flags of an entry. */
const KINDS: Readonly<Record<string, number>> = {
  libc6: 3,
  'libc6,x86-64': 0x0303,
  'libc6,x32': 0x0803,
  ELF: 1,
};

/** `NAME (KIND[, hwcap: "NAME"]) => PATH`, as rows of key, flags, hwcap and path. */
function listed(cacheFile: string): string[] {
  const text = execFileSync(LDCONFIG!, ['-p', '-C', cacheFile], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const match =
      /^\t(\S+) \(([^),]+(?:,[^), ]+)*)(?:, hwcap: "([^"]+)")?(?:, OS ABI: [^)]*)?\) => (.*)$/.exec(line);
    return match
      ? [[cacheKey(match[1]!), KINDS[match[2]!] ?? match[2], match[3] ?? '-', match[4]].join(' ')]
      : [];
  });
}

const rows = (cache: LibraryCache) =>
  [...cache].flatMap(([key, entries]) =>
    entries.map(({ flags, hwcapName, path }) => `${key} ${flags} ${hwcapName ?? '-'} ${path}`),
  );

describe.skipIf(LDCONFIG === undefined)('ld.so.cache as ldconfig prints it', () => {
  test.skipIf(!existsSync('/etc/ld.so.cache'))('that of this machine', () => {
    const mine = rows(readLibraryCache('/etc/ld.so.cache')).sort();
    expect(mine.length).toBeGreaterThan(10);
    expect(mine).toEqual(listed('/etc/ld.so.cache').sort());
  });

  test.skipIf(noOracle).each(['new', 'compat', 'old'])('format %s', (format) => {
    using farm = new Farm();
    for (const name of ['libx.so.1', 'libx.so.10', 'libx.so.9', 'liby.so.01']) {
      farm.library(`lib/${name}`, 'int x;');
      farm.library(`lib/glibc-hwcaps/x86-64-v2/${name}`, 'int x;');
    }
    farm.library('lib/glibc-hwcaps/x86-64-v3/libx.so.1', 'int x;');
    farm.library('lib/libi.so.1', 'int x;', '-m32');
    const [configuration, cache] = [farm.write('conf', `${farm.path('lib')}\n`), farm.path('cache')];
    farm.run(LDCONFIG!, '-X', '-c', format, '-C', cache, '-f', configuration);
    // With both formats in one file, names of features are written in a way that nobody can read again.
    const isReadable = (row: string) => format !== 'compat' || !row.includes('/glibc-hwcaps/');
    const mine = rows(parseLibraryCache(readFileSync(cache)))
      .sort()
      .filter(isReadable);
    expect(mine).toEqual(listed(cache).sort().filter(isReadable));
    expect(mine.some((row) => row.startsWith('libi.so.1 1 '))).toBe(true);
    expect(mine.some((row) => row.includes(' x86-64-v3 '))).toBe(format === 'new');
  });
});

describe('broken caches', () => {
  const header = (magic: string, count: number) => {
    const bytes = new Uint8Array(64);
    bytes.set(new TextEncoder().encode(magic));
    new DataView(bytes.buffer).setUint32(magic.startsWith('glibc') ? 20 : 12, count, true);
    return bytes;
  };

  test.each(['glibc-ld.so.cache1.1', 'ld.so-1.7.0'])('%s with more entries than bytes', (magic) => {
    expect(parseLibraryCache(header(magic, 0)).size).toBe(0);
    expect(() => parseLibraryCache(header(magic, 0xffffffff))).toThrow(FormatError);
  });

  test('something else is no cache, and a broken one is none to the loader either', () => {
    expect(parseLibraryCache(new TextEncoder().encode('#!/bin/sh\n')).size).toBe(0);
    expect(parseLibraryCache(new Uint8Array(0)).size).toBe(0);
    using farm = new Farm();
    expect(readLibraryCache(farm.write('cache', header('glibc-ld.so.cache1.1', 99))).size).toBe(0);
    expect(readLibraryCache(farm.path('none')).size).toBe(0);
  });
});
