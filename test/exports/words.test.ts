import { describe, expect, it } from 'vitest';
import { derivePrefixes } from '../../src/analyses/exports/c-prefix.ts';
import { declaredNames, isDeclared } from '../../src/analyses/exports/declared-names.ts';
import { searchPathFindings } from '../../src/analyses/exports/search-path.ts';
import type { DynamicObject } from '../../src/model/index.ts';

describe('the prefixes of C names', () => {
  const five = (prefix: string) =>
    ['Open', 'Read', 'Write', 'Close', 'Flush'].map((word) => `${prefix}${word}`);

  it('are words up to an underscore or a hump, in any case', () => {
    for (const prefix of ['foo_', 'FOO_', 'foo', 'FOO', 'Foo', '_foo_', '__FOO_']) {
      const convention = derivePrefixes([...five(prefix), 'stray'], 'libother.so.1');
      expect([prefix, convention]).toEqual([prefix, { prefixes: ['foo'], strays: ['stray'] }]);
    }
  });

  it('come from the soname, however few names have them', () => {
    const names = [...five('gl_'), 'png_init', 'stray'];
    expect(derivePrefixes(names, 'libpng16.so.16')).toEqual({ prefixes: ['png', 'gl'], strays: ['stray'] });
  });

  it('do not exist where most names stand alone', () => {
    expect(
      derivePrefixes(['open', 'read', 'write', 'inflate', 'deflate', 'crc32'], 'libz.so.1'),
    ).toBeUndefined();
  });
});

describe('names in headers', () => {
  const header = (text: string) => declaredNames([text], ['include']);

  it('are words outside of comments and literals', () => {
    const names = header('int a; /* b */ // c\nchar *d = "e \\" f"; char g = \'h\'; int i; /* j');
    expect([...'abcdefghij'].filter((name) => isDeclared(names, name)).join('')).toBe('adgi');
  });

  it('are put together by macros, over several lines too', () => {
    const names = header(
      '#define DECLARE(T, n) \\\n  T *T##_new(void); \\\n  void n ## _ ## T ## _free(T *);\nDECLARE(X509, d2i)',
    );
    expect(isDeclared(names, 'X509_new')).toBe(true);
    expect(isDeclared(names, 'd2i_X509_free')).toBe(true);
    expect(isDeclared(names, 'X509_free')).toBe(false);
    expect(isDeclared(names, 'other_new')).toBe(false);
  });
});

describe('elements of a search path', () => {
  const states: Readonly<Record<string, { exists: boolean; isOpen: boolean }>> = {
    '/usr/lib/foo': { exists: true, isOpen: false },
    '/tmp/lib': { exists: false, isOpen: true },
    '/srv/open': { exists: true, isOpen: true },
    '/home/me/lib': { exists: true, isOpen: false },
  };
  const judge = (runpath: string | undefined, rpath?: string) => {
    const object = { runpath, rpath, soname: undefined } as DynamicObject;
    const directories = (path: string) => states[path] ?? { exists: false, isOpen: false };
    return searchPathFindings(object, './app', directories).map(({ severity, evidence }) => [
      severity,
      ...evidence.map(({ text }) => text),
    ]);
  };

  it.each([
    ['', []],
    ['/usr/lib/foo', []],
    ['/usr/./lib//foo/', []],
    ['$ORIGIN/../lib', []],
    ['$' + '{ORIGIN}', []],
    ['/opt/x/$LIB', []],
    ['/usr/lib/gone', [['note', "'/usr/lib/gone': no such directory"]]],
    ['/usr/lib/foo:', [['warning', "'': stands for the working directory, whatever it is"]]],
    ['lib', [['warning', "'lib': relative to the working directory, whatever it is"]]],
    [
      'ORIGIN/lib',
      [
        [
          'warning',
          "'ORIGIN/lib': relative to the working directory, whatever it is; a shell has taken the $ away",
        ],
      ],
    ],
    ['/tmp/lib', [['warning', "'/tmp/lib': everybody may make it and put a library there"]]],
    ['/srv/open', [['warning', "'/srv/open': everybody may put a library there"]]],
    ['/home/me/lib', [['warning', "'/home/me/lib': no place for installed libraries, but for a build"]]],
    [
      '/usr/lib/../../home/me/lib',
      [['warning', "'/usr/lib/../../home/me/lib': no place for installed libraries, but for a build"]],
    ],
    [
      '/usr/src/x',
      [
        [
          'warning',
          "'/usr/src/x': no place for installed libraries, but for a build, and it does not exist here",
        ],
      ],
    ],
  ])('%j', (path, expected) => expect(judge(path)).toEqual(expected));

  it('are those of RUNPATH when there are both', () => {
    expect(judge('/usr/lib/foo', 'lib')).toEqual([]);
    expect(judge(undefined, 'lib')).toHaveLength(1);
  });
});
