import { chmodSync, mkdirSync } from 'node:fs';
import { getuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import { Farm, noOracle } from './farm.ts';

const X = 'int x(void) { return 1; }';
const USES_X = 'int x(void); int use(void) { return x(); }';
/** Libraries that the static linker does not find are left to the loader. */
const ALLOW = '-Wl,--allow-shlib-undefined';
const rpath = (path: string) => ['-Wl,--disable-new-dtags', `-Wl,-rpath,${path}`];
const runpath = (path: string) => ['-Wl,--enable-new-dtags', `-Wl,-rpath,${path}`];

const braced = (token: string) => `\${${token}}`;

/** Where a library was found, as ld.so prints it. */
const found = ({ deps }: { deps: readonly string[] }, name: string) =>
  deps.map((row) => row.split('\t')).find((row) => row[1] === name)?.[2];

/** A farm whose directory `lib` holds libx.so, for linking; tests copy it to where it shall be found. */
function farmWithX(): Farm {
  const farm = new Farm();
  farm.library('lib/libx.so', X);
  return farm;
}

describe.skipIf(noOracle)('search paths', () => {
  test('RPATH goes before LD_LIBRARY_PATH, RUNPATH behind it', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'own/libx.so', 'env/libx.so');
    const old = farm.program('old', USES_X, 'lib/libx.so', ...rpath(farm.path('own')));
    const modern = farm.program('new', USES_X, 'lib/libx.so', ...runpath(farm.path('own')));
    const options = { libraryPath: farm.path('env') };
    expect(found(farm.compare(old, options), 'libx.so')).toBe(farm.path('own/libx.so'));
    expect(found(farm.compare(modern, options), 'libx.so')).toBe(farm.path('env/libx.so'));
    expect(found(farm.compare(modern), 'libx.so')).toBe(farm.path('own/libx.so'));
  });

  test('RPATH is inherited by what is loaded, RUNPATH is not', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'own/libx.so');
    farm.library('own/liba.so', USES_X, 'lib/libx.so');
    farm.library('own/libb.so', USES_X, 'lib/libx.so', ...runpath('/nowhere'));
    const own = farm.path('own');
    expect(found(farm.compare(farm.program('p1', '', 'own/liba.so', ALLOW, ...rpath(own))), 'libx.so')).toBe(
      farm.path('own/libx.so'),
    );
    expect(
      found(farm.compare(farm.program('p2', '', 'own/liba.so', ALLOW, ...runpath(own))), 'libx.so'),
    ).toBe('not found');
    expect(found(farm.compare(farm.program('p3', '', 'own/libb.so', ALLOW, ...rpath(own))), 'libx.so')).toBe(
      'not found',
    );
  });

  test('RPATH counts up the chain of requesters, past one that has a RUNPATH', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'far/libx.so');
    farm.library('own/libc1.so', USES_X, 'lib/libx.so');
    farm.library('own/libb1.so', '', 'own/libc1.so', ...runpath(farm.path('own')));
    farm.library('own/liba1.so', '', 'own/libb1.so', ...rpath(`${farm.path('own')}:${farm.path('far')}`));
    const program = farm.program('p', '', 'own/liba1.so', ALLOW, ...runpath(farm.path('own')));
    expect(found(farm.compare(program), 'libx.so')).toBe(farm.path('far/libx.so'));
  });

  test('an empty RUNPATH is none to search, but still keeps RPATHs away', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'libx.so', 'own/libx.so');
    const marker = '/a-path-that-will-be-emptied';
    const contents = farm.library('own/liba.so', USES_X, 'lib/libx.so', ...runpath(marker));
    farm.emptyString(contents, marker);
    const program = farm.program('p', '', 'own/liba.so', ALLOW, ...rpath(farm.path('own')));
    expect(found(farm.compare(program), 'libx.so')).toBe('not found');
  });

  test.each([
    ['an empty element is the working directory', ':/nowhere', 'libx.so'],
    ['so is one in the middle', '/nowhere::/none', 'libx.so'],
    ['a dot', '.', './libx.so'],
    ['a relative directory', 'own', 'own/libx.so'],
    ['trailing slashes count for one', 'own///', 'own/libx.so'],
    ['slashes in the middle stay', './/own', './/own/libx.so'],
    ['semicolons separate', '/nowhere;own', 'own/libx.so'],
    ['an unknown token stays', '$NOPE:own', 'own/libx.so'],
    ['a token that runs on is none', '$ORIGINX:own', 'own/libx.so'],
    ['an unclosed brace is none', `$${'{ORIGIN'}:own`, 'own/libx.so'],
    ['a relative directory that is a file ends the list', 'p:own', undefined],
    ['an absolute one does not', '/etc/passwd:own', 'own/libx.so'],
  ])('LD_LIBRARY_PATH: %s', (_, libraryPath, expected) => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'libx.so', 'own/libx.so');
    const program = farm.program('p', USES_X, 'lib/libx.so');
    expect(found(farm.compare(program, { libraryPath }), 'libx.so')).toBe(expected ?? 'not found');
  });

  test.each([
    ['$ORIGIN/own', 'own'],
    [`${braced('ORIGIN')}/own`, 'own'],
    [`${braced('ORIGIN')}/own/`, 'own'],
    ['$ORIGIN/$LIB', 'lib/x86_64-linux-gnu'],
    [`$ORIGIN/${braced('PLATFORM')}-linux`, 'x86_64-linux'],
    ['$ORIGIN-x/own', undefined],
    ['$ORIGIN_/own', undefined],
    ['$origin/own', undefined],
  ])('tokens: %s', (path, directory) => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'own/libx.so', 'lib/x86_64-linux-gnu/libx.so', 'x86_64-linux/libx.so');
    const program = farm.program('p', USES_X, 'lib/libx.so', ...runpath(path));
    expect(found(farm.compare(program), 'libx.so')).toBe(
      directory ? farm.path(`${directory}/libx.so`) : 'not found',
    );
  });

  test('$ORIGIN of a library is where it was found, not where its link leads', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'real/libx.so');
    farm.library('real/liba.so', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    farm.symlink('links/liba.so', '../real/liba.so');
    expect(
      found(
        farm.compare(farm.program('p', '', 'links/liba.so', ALLOW, ...runpath('$ORIGIN/links'))),
        'libx.so',
      ),
    ).toBe('not found');
    expect(
      found(
        farm.compare(farm.program('q', '', 'links/liba.so', ALLOW, ...runpath('$ORIGIN/real'))),
        'libx.so',
      ),
    ).toBe(farm.path('real/libx.so'));
  });

  test('$ORIGIN of a program is where its link leads; a library as root keeps its path', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'real/libx.so');
    farm.program('real/p', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    farm.library('real/liba.so', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    expect(found(farm.compare(farm.symlink('links/p', '../real/p')), 'libx.so')).toBe(
      farm.path('real/libx.so'),
    );
    expect(found(farm.compare(farm.symlink('links/liba.so', '../real/liba.so')), 'libx.so')).toBe(
      'not found',
    );
  });

  test('relative roots and other working directories', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'sub/libx.so');
    farm.program('sub/p', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    farm.library('sub/liba.so', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    expect(found(farm.compare('sub/p'), 'libx.so')).toBe(farm.path('sub/libx.so'));
    expect(found(farm.compare('./sub/liba.so'), 'libx.so')).toBe(`${farm.directory}/./sub/libx.so`);
    expect(found(farm.compare('../sub/liba.so', { cwd: farm.path('lib') }), 'libx.so')).toBe(
      `${farm.path('lib')}/../sub/libx.so`,
    );
    expect(found(farm.compare('./p', { cwd: farm.path('sub') }), 'libx.so')).toBe(farm.path('sub/libx.so'));
  });

  test('DT_NEEDED with a slash is opened as it stands, tokens replaced', () => {
    using farm = new Farm();
    farm.library('sub/libx.so', X, '-Wl,-soname,sub/libx.so');
    farm.library('sub/liby.so', 'int y(void) { return 2; }', '-Wl,-soname,$ORIGIN/sub/liby.so');
    farm.library('sub/libz.so', 'int z(void) { return 3; }', '-Wl,-soname,$ORIGIN/none/libz.so');
    const program = farm.program('p', '', 'sub/libx.so', 'sub/liby.so', 'sub/libz.so');
    farm.compare(program);
    farm.compare(program, { cwd: '/' });
  });

  test('subdirectories for processors come first', () => {
    using farm = farmWithX();
    const program = farm.program('p', USES_X, 'lib/libx.so');
    for (const subdirectory of [
      'x86_64',
      'x86_64/x86_64',
      'tls',
      'tls/x86_64',
      'tls/x86_64/x86_64',
      'glibc-hwcaps/x86-64-v2',
      'glibc-hwcaps/x86-64-v3',
    ]) {
      farm.copy('lib/libx.so', `lib/${subdirectory}/libx.so`);
      farm.compare(program, { libraryPath: farm.path('lib') });
    }
    farm.copy('lib/libx.so', 'other/glibc-hwcaps/unknown/libx.so');
    farm.compare(program, { libraryPath: farm.path('other') });
  });

  test('a library that may not use the system directories', () => {
    using farm = new Farm();
    const program = farm.program('p', '', '-l:libgcc_s.so.1', '-l:libc.so.6', '-Wl,-z,nodefaultlib');
    expect(found(farm.compare(program), 'libc.so.6')).toBe('not found');
    farm.library('liba.so', '', '-l:libgcc_s.so.1', '-Wl,-z,nodefaultlib');
    const second = farm.program('q', '', 'liba.so', ...runpath(farm.directory), ALLOW);
    expect(found(farm.compare(second), 'libgcc_s.so.1')).toBe('not found');
  });
});

describe.skipIf(noOracle)('files that the search meets', () => {
  /** Offsets in the ELF header (gABI, ELF Header). */
  const [CLASS, DATA, VERSION, OSABI, PADDING, TYPE, MACHINE] = [4, 5, 6, 7, 9, 16, 18];

  function withFirst(make: (farm: Farm) => void, check: (farm: Farm, program: string) => void) {
    using farm = farmWithX();
    mkdirSync(farm.path('first'));
    make(farm);
    check(
      farm,
      farm.program('p', USES_X, 'lib/libx.so', ...runpath(`${farm.path('first')}:${farm.path('lib')}`)),
    );
  }

  test.each<[string, (farm: Farm) => void]>([
    ['another class', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [CLASS]: 1 })],
    ['another machine', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [MACHINE]: 183 })],
    [
      'another class with other faults',
      (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [CLASS]: 1, [DATA]: 2, [OSABI]: 9 }),
    ],
    [
      'another machine with other faults',
      (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [MACHINE]: 183, [DATA]: 2, [OSABI]: 9 }),
    ],
    ['a link to itself', (farm) => farm.symlink('first/libx.so', 'libx.so')],
    ['a link to nothing', (farm) => farm.symlink('first/libx.so', 'none')],
    ['a real 32-bit library', (farm) => farm.library('first/libx.so', X, '-m32')],
    [
      'an older ABI version, which is taken',
      (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [OSABI]: 3, 8: 3 }),
    ],
  ])('passed over: %s', (_, make) => withFirst(make, (farm, program) => farm.compare(program)));

  test.each<[string, (farm: Farm) => void]>([
    ['an empty file', (farm) => farm.write('first/libx.so', '')],
    ['a short text', (farm) => farm.write('first/libx.so', 'INPUT(-lx)')],
    ['a longer text', (farm) => farm.write('first/libx.so', `/* ${'GNU ld script '.repeat(9)} */`)],
    ['only a header’s start', (farm) => farm.write('first/libx.so', '\x7fELF\x02\x01\x01')],
    ['a directory', (farm) => mkdirSync(farm.path('first/libx.so'))],
    ['another byte order', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [DATA]: 2 })],
    ['another header version', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [VERSION]: 2 })],
    ['another file version', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { 20: 2 })],
    ['another system', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [OSABI]: 9 })],
    ['another ABI version', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { 8: 1 })],
    ['a newer ABI version', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [OSABI]: 3, 8: 4 })],
    ['padding in use', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [PADDING]: 1 })],
    ['an object file', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [TYPE]: 1 })],
    ['a core file', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { [TYPE]: 4 })],
    ['odd program headers', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { 54: 57 })],
    ['no program headers', (farm) => farm.patched('first/libx.so', 'lib/libx.so', { 56: 0 })],
    ['a program at a fixed address', (farm) => farm.program('first/libx.so', X, '-no-pie')],
    ['a position-independent program', (farm) => farm.program('first/libx.so', X)],
    [
      'debug information only',
      (farm) => {
        farm.library('first/full.so', X, '-g');
        farm.run('objcopy', '--only-keep-debug', 'first/full.so', 'first/libx.so');
      },
    ],
  ])('fatal: %s', (_, make) =>
    withFirst(make, (farm, program) => {
      expect(farm.compareMessages(program)).toHaveLength(1);
    }),
  );

  test('only one of another class', () => {
    using farm = farmWithX();
    farm.patched('only/libx.so', 'lib/libx.so', { [CLASS]: 1 });
    const program = farm.program('p', USES_X, 'lib/libx.so', ...runpath(farm.path('only')));
    farm.compare(program);
    expect(farm.compareMessages(program)[0]).toContain('wrong ELF class: ELFCLASS32');
  });

  test('links that lead in a circle end the list that they stand in, and no other', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'run/libx.so');
    farm.symlink('env/libx.so', 'libx.so');
    const program = farm.program('p', USES_X, 'lib/libx.so', ...runpath(farm.path('run')));
    farm.compare(program, { libraryPath: `${farm.path('env')}:${farm.path('lib')}` });
  });

  test.skipIf(getuid!() === 0)('files that may not be read, which the superuser always may', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'first/libx.so');
    chmodSync(farm.path('first/libx.so'), 0);
    const paths = `${farm.path('first')}:${farm.path('lib')}`;
    farm.compare(farm.program('p', USES_X, 'lib/libx.so', ...runpath(paths)));
    farm.library('sub/libx.so', X, `-Wl,-soname,${farm.path('sub/libx.so')}`);
    const program = farm.program('q', USES_X, 'sub/libx.so');
    chmodSync(farm.path('sub/libx.so'), 0);
    expect(farm.compareMessages(program)[0]).toMatch(/Permission denied$/);
  });

  test('a name with a slash: why it cannot be opened', () => {
    using farm = new Farm();
    farm.library('sub/libx.so', X, `-Wl,-soname,${farm.path('sub/libx.so')}`);
    const program = farm.program('p', USES_X, 'sub/libx.so');
    farm.remove('sub/libx.so');
    expect(farm.compareMessages(program)[0]).toMatch(/No such file or directory$/);
    farm.symlink('sub/libx.so', 'libx.so');
    expect(farm.compareMessages(program)[0]).toMatch(/Error 40$/);
    farm.remove('sub');
    farm.write('sub', '');
    expect(farm.compareMessages(program)[0]).toMatch(/Error 20$/);
  });
});

describe.skipIf(noOracle)('names', () => {
  test('a soname that is there already answers, whatever its file', () => {
    using farm = farmWithX();
    farm.copy('lib/libx.so', 'odd/renamed.so');
    farm.library('lib/liba.so', USES_X, 'lib/libx.so');
    const program = farm.program('p', USES_X, 'odd/renamed.so', 'lib/liba.so', ...rpath(farm.path('lib')));
    farm.library('odd/libb.so', '', '-Wl,-soname,libb.so');
    farm.compare(program);
    farm.compare(program, { preload: farm.path('odd/renamed.so') });
  });

  test('one file under several names is one object', () => {
    using farm = new Farm();
    farm.library('lib/libx1.so', X);
    farm.library('lib/libx2.so', X);
    farm.library('lib/libx3.so', X);
    const program = farm.program(
      'p',
      USES_X,
      'lib/libx1.so',
      'lib/libx2.so',
      'lib/libx3.so',
      ...rpath('$ORIGIN/lib'),
    );
    farm.compare(program);
    farm.remove('lib/libx2.so', 'lib/libx3.so');
    farm.symlink('lib/libx2.so', 'libx1.so');
    farm.hardLink('lib/libx3.so', 'lib/libx1.so');
    expect(farm.compare(program).deps.filter((row) => row.includes('libx'))).toHaveLength(1);
  });

  test('a root is known by its soname, never by its file', () => {
    using farm = new Farm();
    const R = 'int r(void) { return 0; }';
    const USES_R = 'int r(void); int o(void) { return r(); }';
    farm.library('libalias.so', R);
    farm.library('libroot.so', R);
    farm.library('liba.so', USES_R, 'libalias.so', ...runpath('$ORIGIN'));
    farm.library('libb.so', USES_R, 'libroot.so', ...runpath('$ORIGIN'));
    farm.library('libroot.so', R, 'liba.so', 'libb.so', ...runpath('$ORIGIN'));
    farm.remove('libalias.so');
    farm.hardLink('libalias.so', 'libroot.so');
    expect(farm.compare(farm.path('libroot.so')).deps.join('\n')).not.toContain('libroot.so');
    expect(farm.compare(farm.path('libroot.so')).deps.join('\n')).toContain('libalias.so');
    farm.compare(farm.path('libalias.so'));
    farm.compare('./libroot.so');
  });

  test('a library named like the path of the root', () => {
    using farm = new Farm();
    const path = farm.path('libroot.so');
    farm.library('libroot.so', 'int r(void) { return 0; }', `-Wl,-soname,${path}`);
    farm.library(
      'libother.so',
      'int r(void); int o(void) { return r(); }',
      'libroot.so',
      '-Wl,-rpath,$ORIGIN',
    );
    farm.library(
      'libroot.so',
      'int r(void) { return 0; }',
      'libother.so',
      '-Wl,-soname,libelse.so',
      '-Wl,-rpath,$ORIGIN',
    );
    farm.compare(path);
    farm.compare('./libroot.so');
  });

  test('a program that is somebody’s library', () => {
    using farm = new Farm();
    farm.library('prog', 'int r(void) { return 0; }');
    farm.library('libother.so', 'int r(void); int o(void) { return r(); }', '-l:prog', ...runpath('$ORIGIN'));
    const program = farm.program(
      'prog',
      'int r(void) { return 0; }',
      'libother.so',
      '--export-dynamic',
      ALLOW,
      ...runpath('$ORIGIN'),
    );
    expect(farm.compareMessages(program)[0]).toContain(
      'cannot dynamically load position-independent executable',
    );
  });

  test('a missing library is missing for each that asks', () => {
    using farm = farmWithX();
    farm.library('liba.so', USES_X, 'lib/libx.so');
    farm.library('libb.so', USES_X, 'lib/libx.so', 'liba.so');
    const program = farm.program('p', USES_X, 'lib/libx.so', 'libb.so', ALLOW, ...rpath('$ORIGIN'));
    expect(farm.compare(program).deps.filter((row) => row.endsWith('not found'))).toHaveLength(3);
    farm.compareMessages(program);
  });

  test('the loader as a library, by its name and by another path', () => {
    using farm = new Farm();
    const loader = '/lib64/ld-linux-x86-64.so.2';
    const program = farm.program('p', '', '-l:libc.so.6', `-Wl,${loader}`);
    farm.compare(program);
    farm.symlink('other-loader.so', loader);
    for (const preload of ['ld-linux-x86-64.so.2', loader, farm.path('other-loader.so')]) {
      farm.compare(program, { preload });
    }
  });
});

describe.skipIf(noOracle)('LD_PRELOAD', () => {
  function preloadFarm(): { farm: Farm; program: string } {
    const farm = farmWithX();
    farm.library('lib/liby.so', 'int x(void) { return 2; } int y(void) { return 2; }');
    const program = farm.program(
      'p',
      `${USES_X} int y(void); int v(void) { return y(); }`,
      'lib/libx.so',
      'lib/liby.so',
      ...runpath('$ORIGIN/lib'),
    );
    return { farm, program };
  }

  test.each([
    ['by soname, through the program’s RUNPATH', 'liby.so'],
    ['that is needed too, twice', 'libx.so libx.so'],
    ['several, in order', 'liby.so libx.so'],
    ['separated by colons', 'liby.so:libx.so::'],
    ['with a token', '$ORIGIN/lib/liby.so'],
    ['a token without a slash is a name', '$LIB'],
    ['missing among others', 'libnope.so liby.so'],
    ['with a slash, relative', 'lib/liby.so'],
    ['a missing path', '/none/libnope.so'],
    ['one that needs more', 'liblike.so libx.so'],
  ])('%s', (_, preload) => {
    const { farm, program } = preloadFarm();
    using _farm = farm;
    farm.library('lib/liblike.so', '', '-l:libgcc_s.so.1');
    farm.compare(program, { preload });
    farm.compareMessages(program, { preload });
  });

  test('one that cannot be loaded is only warned of', () => {
    const { farm, program } = preloadFarm();
    using _farm = farm;
    farm.write('lib/libbad.so', 'x'.repeat(100));
    farm.patched('lib/lib32.so', 'lib/libx.so', { 4: 1 });
    farm.symlink('lib/libloop.so', 'libloop.so');
    for (const name of ['libbad.so', 'lib32.so', 'libloop.so', 'lib/libloop.so', 'p', './p']) {
      farm.compare(program, { preload: name });
      expect(farm.compareMessages(program, { preload: name })).toHaveLength(1);
    }
  });

  test('before a library as root', () => {
    const { farm } = preloadFarm();
    using _farm = farm;
    farm.library('lib/liba.so', USES_X, 'lib/libx.so', ...runpath('$ORIGIN'));
    farm.compare(farm.path('lib/liba.so'), { preload: 'liby.so' });
    farm.compare('lib/liba.so', { preload: '$ORIGIN/liby.so' });
    farm.compare('lib/liba.so', { preload: 'liba.so' });
  });
});

describe.skipIf(noOracle)('filters', () => {
  const Y = 'int x(void) { return 2; }';

  test('a filtee stands before the library that names it', () => {
    using farm = new Farm();
    farm.library('libreal.so', Y, '-l:libgcc_s.so.1');
    farm.library('libfilter.so', X, '-Wl,-F,libreal.so');
    farm.library('libaux.so', X, '-Wl,-f,libreal.so');
    farm.library('libboth.so', X, '-Wl,-f,libreal.so', '-Wl,-f,libsecond.so', '-l:libc.so.6');
    farm.library('libsecond.so', Y);
    for (const needed of [
      ['libfilter.so'],
      ['libaux.so'],
      ['libboth.so'],
      ['libreal.so', 'libfilter.so'],
      ['libfilter.so', 'libreal.so'],
      ['libboth.so', 'libsecond.so', 'libreal.so'],
      ['libsecond.so', 'libboth.so', 'libfilter.so'],
      ['libaux.so', 'libfilter.so', 'libboth.so'],
    ]) {
      farm.compare(farm.program('p', USES_X, ...needed, ...rpath('$ORIGIN')));
    }
  });

  test('chains of filters, and filters among dependencies', () => {
    using farm = new Farm();
    farm.library('libc3.so', Y);
    farm.library('libc2.so', Y, '-Wl,-f,libc3.so', '-l:libgcc_s.so.1');
    farm.library('libc1.so', X, '-Wl,-f,libc2.so', '-l:libc.so.6');
    farm.library('libneeds.so', USES_X, 'libc1.so', 'libc3.so');
    farm.compare(farm.program('p', USES_X, 'libc1.so', ...rpath('$ORIGIN')));
    farm.compare(farm.program('p', '', 'libneeds.so', ALLOW, ...rpath('$ORIGIN')));
    farm.compare(farm.program('p', USES_X, 'libc3.so', 'libneeds.so', 'libc1.so', ...rpath('$ORIGIN')));
    farm.library('libself.so', X, '-Wl,-f,libself.so');
    farm.compare(farm.program('p', USES_X, 'libself.so', ...rpath('$ORIGIN')));
  });

  test('an auxiliary filtee may be missing or broken, another may not', () => {
    using farm = new Farm();
    farm.library('libaux.so', X, '-Wl,-f,libnone.so');
    farm.library('libfilter.so', X, '-Wl,-F,libnone.so');
    const aux = farm.program('p', USES_X, 'libaux.so', ...rpath('$ORIGIN'));
    const filter = farm.program('q', USES_X, 'libfilter.so', ...rpath('$ORIGIN'));
    // Trace mode lists a missing auxiliary filtee like any library that is missing; a real start ignores it.
    expect(farm.compareMessages(aux)).toEqual([]);
    farm.compare(filter);
    expect(farm.compareMessages(filter)).toHaveLength(1);
    farm.write('libnone.so', 'broken'.repeat(20));
    farm.compare(aux);
    expect(farm.compareMessages(aux)).toEqual([]);
    expect(farm.compareMessages(filter)).toHaveLength(1);
  });
});

describe.skipIf(noOracle)('shapes of the graph', () => {
  test('cycles', () => {
    using farm = new Farm();
    farm.library('libb.so', 'int b(void) { return 0; }');
    farm.library('liba.so', 'int b(void); int a(void) { return b(); }', 'libb.so');
    farm.library('libb.so', 'int a(void); int b(void) { return a(); }', 'liba.so');
    farm.library('libcopy.so', 'int s(void) { return 0; }', '-Wl,-soname,libself.so');
    farm.library('libself.so', 'int s(void) { return 0; }', 'libcopy.so');
    const program = farm.program(
      'p',
      'int a(void); int u(void) { return a(); }',
      'liba.so',
      'libself.so',
      ...rpath('$ORIGIN'),
    );
    farm.compare(program);
    farm.compare(farm.path('liba.so'), { libraryPath: farm.directory });
  });

  test('a deep chain', () => {
    using farm = new Farm();
    const DEPTH = 30;
    farm.library('lib0.so', X);
    for (let depth = 1; depth <= DEPTH; depth++) farm.library(`lib${depth}.so`, '', `lib${depth - 1}.so`);
    const program = farm.program('p', '', `lib${DEPTH}.so`, ALLOW, ...rpath('$ORIGIN'));
    expect(farm.compare(program).deps).toHaveLength(DEPTH + 1);
  });
});
