import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFile } from '../../src/host/file-source.ts';
import { compareWithReadelf } from '../inspect/compare.ts';
import { sectionDependence } from '../inspect/without-sections.ts';
import { binariesBelow } from '../system/inspect.ts';

const LIBRARIES = '/usr/lib/x86_64-linux-gnu';

/** Programs, the loader, libraries with many versions, start files, archives: where they are installed. */
const NAMED = [
  '/usr/bin/bash',
  '/usr/bin/env',
  '/usr/bin/gdb',
  '/usr/bin/python3',
  '/usr/bin/perl',
  '/usr/sbin/ldconfig',
  '/lib64/ld-linux-x86-64.so.2',
  ...['libc.so.6', 'libm.so.6', 'libstdc++.so.6', 'libz.so.1', 'libcrypto.so.3', 'libpthread.so.0'].map(
    (name) => join(LIBRARIES, name),
  ),
  ...['crt1.o', 'Scrt1.o', 'gcrt1.o', 'rcrt1.o', 'crti.o', 'libc_nonshared.a', 'libdl.a', 'libm-2.36.a'].map(
    (name) => join(LIBRARIES, name),
  ),
];

/** No larger than this, so that the sample takes seconds: `npm run verify:system` takes all. */
const LARGEST = 2_000_000;

function evenly<T>(items: readonly T[], count: number): T[] {
  return items.filter(
    (_, index) =>
      Math.floor((index * count) / items.length) !== Math.floor(((index - 1) * count) / items.length),
  );
}

function sample(): string[] {
  const small = (folder: string, isWanted: (name: string) => boolean) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter(isWanted)
          .sort()
          .map((name) => join(folder, name))
          .filter(
            (path) => statSync(path, { throwIfNoEntry: false })?.isFile() && statSync(path).size < LARGEST,
          )
      : [];
  const debug = '/usr/lib/debug/.build-id';
  return [
    ...NAMED.filter((path) => existsSync(path)),
    ...evenly(
      small(LIBRARIES, (name) => name.includes('.so')),
      25,
    ),
    ...evenly(
      small('/usr/bin', (name) => !name.includes('.')),
      15,
    ),
    ...(existsSync(debug) ? evenly(binariesBelow(debug), 3).map(({ path }) => path) : []),
  ];
}

const hasReadelf = spawnSync('readelf', ['--version']).status === 0;
const isBinary = (path: string) => {
  using source = openFile(path);
  return source.size > 8 && /^(\x7fELF|!<arch>)/.test(String.fromCharCode(...source.read(0, 8, 'magic')));
};

describe.skipIf(!hasReadelf)('inspect and readelf agree', () => {
  const paths = sample().filter(isBinary);
  test.each(paths)('%s', async (path) => {
    expect(await compareWithReadelf(path)).toEqual([]);
  });

  test.each(paths.filter((path) => !path.endsWith('.a')))('without section headers: %s', (path) => {
    using source = openFile(path);
    expect(sectionDependence(source)).toEqual([]);
  });
});
