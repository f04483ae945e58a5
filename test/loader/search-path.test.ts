import { describe, expect, test } from 'vitest';
import { DF_1, DT } from '../../src/elf/index.ts';
import {
  expandTokens,
  hwcapSubdirectories,
  LIBRARY_PATH_SEPARATOR,
  loadProcess,
  RPATH_SEPARATOR,
  searchDirectories,
} from '../../src/loader/index.ts';
import type { Process } from '../../src/model/index.ts';
import { literalContext, literalObject, literalSettings, X86_64 } from './literals.ts';

const VALUES = { origin: '/opt/app', platform: 'x86_64', lib: 'lib64' };
const braced = (token: string) => `\${${token}}`;

describe('dynamic string tokens', () => {
  test.each([
    ['$ORIGIN', '/opt/app'],
    ['$ORIGIN/../$LIB', '/opt/app/../lib64'],
    [`${braced('ORIGIN')}x`, '/opt/appx'],
    [`a${braced('PLATFORM')}${braced('LIB')}`, 'ax86_64lib64'],
    ['$ORIGIN$ORIGIN', '/opt/app/opt/app'],
    ['$ORIGIN-1', '/opt/app-1'],
    ['$ORIGINX', '$ORIGINX'],
    ['$ORIGIN_', '$ORIGIN_'],
    ['$ORIGIN1', '$ORIGIN1'],
    ['$LIBRARY', '$LIBRARY'],
    ['$origin', '$origin'],
    [`$${'{ORIGIN'}`, `$${'{ORIGIN'}`],
    [braced('NOPE'), braced('NOPE')],
    ['$', '$'],
    ['$$LIB', '$lib64'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(expandTokens(text, VALUES)).toBe(expected);
  });

  test('a known token without a value makes the whole path useless', () => {
    expect(expandTokens('$ORIGIN/$PLATFORM', { ...VALUES, platform: undefined })).toBeUndefined();
    expect(expandTokens('$ORIGIN/$NOPE', { ...VALUES, platform: undefined })).toBe('/opt/app/$NOPE');
  });
});

describe('search paths', () => {
  test.each([
    ['', []],
    [':', ['']],
    ['::/a', ['', '/a/']],
    ['/a:/a/://a:/a//', ['/a/', '//a/']],
    ['/', ['/']],
    ['///', ['/']],
    ['a:./a:.', ['a/', './a/', './']],
    ['$PLATFORM:$LIB', ['x86_64/', 'lib64/']],
    ['/a;/b', ['/a;/b/']],
  ])('RUNPATH %s', (path, expected) => {
    expect(searchDirectories(path, RPATH_SEPARATOR, VALUES)).toEqual(expected);
  });

  test('LD_LIBRARY_PATH is separated by semicolons too', () => {
    expect(searchDirectories('/a;/b:c', LIBRARY_PATH_SEPARATOR, VALUES)).toEqual(['/a/', '/b/', 'c/']);
  });

  test('an element that cannot be expanded is left out', () => {
    expect(searchDirectories('/a:$PLATFORM:/b', RPATH_SEPARATOR, { ...VALUES, platform: undefined })).toEqual(
      ['/a/', '/b/'],
    );
  });

  test('subdirectories for processors, by the age of glibc', () => {
    const settings = literalSettings({ hwcaps: ['x86-64-v3', 'x86-64-v2'] });
    const named = ['glibc-hwcaps/x86-64-v3/', 'glibc-hwcaps/x86-64-v2/'];
    expect(hwcapSubdirectories({ ...settings, version: 2037 })).toEqual([...named, '']);
    expect(hwcapSubdirectories(settings)).toEqual([
      ...named,
      'tls/x86_64/x86_64/',
      'tls/x86_64/',
      'tls/',
      'x86_64/x86_64/',
      'x86_64/',
      '',
    ]);
  });
});

describe('the search, over files that are written down', () => {
  const path = ({ linkMap }: Process) =>
    linkMap.map((entry) => (entry.kind === 'loaded' ? entry.path : 'not found'));

  test('a token without a value: skipped, but fatal for an auxiliary filtee', () => {
    const settings = literalSettings({ platform: undefined });
    const dependencies = [DT.NEEDED, DT.FILTER].map((tag) => ({ tag, name: '$PLATFORM/libx.so' }) as const);
    const root = literalObject({ dependencies });
    expect(path(loadProcess(literalContext({}, {}, settings), root, '/p'))).toEqual(['/p']);
    const auxiliary = literalObject({ dependencies: [{ tag: DT.AUXILIARY, name: '$PLATFORM/libx.so' }] });
    const { linkMap } = loadProcess(literalContext({}, {}, settings), auxiliary, '/p');
    expect(linkMap.map((entry) => entry.kind === 'missing' && entry.message)).toContain(
      'empty dynamic string token substitution',
    );
  });

  test('a cached library below a system directory is nothing for one that may not use those', () => {
    const entry = { flags: 0x0303, osVersion: 0, hwcap: 0n, hwcapName: undefined };
    const cache = new Map([
      ['libx.so', [{ ...entry, path: '/usr/lib/deep/libx.so' }]],
      ['liby.so', [{ ...entry, path: '/opt/liby.so' }]],
    ]);
    const files = {
      '/usr/lib/deep/libx.so': literalObject(),
      '/opt/liby.so': literalObject(),
      '/lib/libz.so': literalObject(),
    };
    const context = literalContext(files, {}, literalSettings({ cache }));
    const needed = ['libx.so', 'liby.so', 'libz.so'];
    expect(path(loadProcess(context, literalObject({ needed }), '/p'))).toEqual([
      '/p',
      ...Object.keys(files),
    ]);
    const root = literalObject({ needed, flags1: DF_1.NODEFLIB });
    expect(path(loadProcess(context, root, '/p'))).toEqual(['/p', 'not found', '/opt/liby.so', 'not found']);
  });

  test('a file that cannot be opened ends its list only when the directory is there', () => {
    const words = 'Error 40';
    const odd = (isOdd: boolean) =>
      ({ kind: 'absent', reason: 'Too many levels of symbolic links', words, isOdd }) as const;
    const files = { '/b/libx.so': literalObject(), '/c/libx.so': literalObject() };
    const root = literalObject({ needed: ['libx.so'], runpath: '/c' });
    const options = { libraryPath: '/a:/b' };
    const load = (isOdd: boolean) =>
      path(loadProcess(literalContext({ ...files, '/a/libx.so': odd(isOdd) }, options), root, '/p'));
    expect(load(true)).toEqual(['/p', '/c/libx.so']);
    expect(load(false)).toEqual(['/p', '/b/libx.so']);
  });

  test('the message names the last error, or another class', () => {
    const root = literalObject({ needed: ['libx.so'], flags1: DF_1.NODEFLIB, runpath: '/a' });
    const message = (outcome: object) =>
      loadProcess(literalContext({ '/a/libx.so': outcome as never }), root, '/p').linkMap.map(
        (entry) => entry.kind === 'missing' && entry.message,
      )[1];
    const denied = { kind: 'absent', reason: 'Permission denied', words: 'Permission denied', isOdd: false };
    expect(message(denied)).toBe('cannot open shared object file: Permission denied');
    expect(message({ kind: 'foreign', otherClass: true })).toBe('wrong ELF class: ELFCLASS32');
    expect(message({ kind: 'foreign', otherClass: false })).toBe(
      'cannot open shared object file: No such file or directory',
    );
  });

  test('/etc/ld.so.preload comes behind LD_PRELOAD', () => {
    const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`/lib/lib${name}.so`, literalObject()]));
    const settings = literalSettings({ preloads: ['libb.so', 'libnone.so'] });
    const process = loadProcess(
      literalContext(files, { preload: 'libc.so: libgone.so' }, settings),
      literalObject({ needed: ['liba.so'] }),
      '/p',
    );
    expect(path(process)).toEqual(['/p', '/lib/libc.so', '/lib/libb.so', '/lib/liba.so']);
    expect(process.ignoredPreloads.map(({ message }) => message)).toEqual([
      "object 'libgone.so' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored",
      "object 'libnone.so' from /etc/ld.so.preload cannot be preloaded (cannot open shared object file): ignored",
    ]);
  });

  test('a file is asked for on behalf of the root’s architecture', () => {
    const asked: unknown[] = [];
    const context = literalContext({});
    const files = {
      ...context.files,
      open: (file: string, loader: unknown) => {
        asked.push(loader);
        return context.files.open(file, X86_64);
      },
    };
    const architecture = { machine: 183, is64: true, littleEndian: true };
    loadProcess({ ...context, files }, literalObject({ needed: ['libx.so'], architecture }), '/p');
    expect(new Set(asked)).toEqual(new Set([architecture]));
  });
});
