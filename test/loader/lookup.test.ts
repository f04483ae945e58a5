import { describe, expect, test } from 'vitest';
import { Farm, hasTool, noOracle } from './farm.ts';

const RPATH = ['--disable-new-dtags', '-rpath', '$ORIGIN'];
const ALLOW = '--allow-shlib-undefined';
/** `f` as a definition with a value of its own, and as references of several kinds. */
const F = 'int f(void) { return 1; }';
const CALLS_F = 'int f(void); int call_f(void) { return f(); }';
const ADDRESS_OF_F = 'int f(void); void *address_of_f(void) { return f; }';
const POINTS_TO_F = 'int f(void); void *pointer_to_f = f;';
const V = 'int v = 1;';
const USES_V = 'extern int v; int *address_of_v(void) { return &v; } int value_of_v(void) { return v; }';

const bound = ({ bindings }: { bindings: readonly string[] }, symbol: string) =>
  bindings.map((row) => row.split('\t')).filter((row) => row[1] === symbol);

/** A script that defines versions, for `--version-script`. */
function versionScript(farm: Farm, name: string, text: string): string {
  farm.write(name, text);
  return `--version-script=${name}`;
}

describe.skipIf(noOracle)('order', () => {
  test('breadth-first, and the program before all', () => {
    using farm = new Farm();
    farm.library('libdeep.so', F);
    farm.library('liba.so', CALLS_F.replace('call', 'a'), 'libdeep.so');
    farm.library('libb.so', `${F} ${V}`);
    const program = farm.program('p', CALLS_F, 'liba.so', 'libb.so', ALLOW, ...RPATH);
    const winner = farm.path('libb.so');
    expect(bound(farm.compare(program), 'f').map((row) => row[3])).toEqual([winner, winner]);
    const own = farm.program(
      'q',
      `${F} ${CALLS_F}`,
      'liba.so',
      'libb.so',
      '--export-dynamic',
      ALLOW,
      ...RPATH,
    );
    expect(bound(farm.compare(own), 'f').every((row) => row[3] === own)).toBe(true);
  });

  test('weak definitions and references', () => {
    using farm = new Farm();
    farm.library(
      'libweak.so',
      '__attribute__((weak)) int f(void) { return 0; } __attribute__((weak)) int v;',
    );
    farm.library('libstrong.so', `${F} ${V}`);
    const WEAKLY =
      '__attribute__((weak)) int f(void); __attribute__((weak)) int none(void); __attribute__((weak)) extern int nothing; int *w(void) { return none ? 0 : f() + &nothing; }';
    for (const needed of [
      ['libweak.so', 'libstrong.so'],
      ['libstrong.so', 'libweak.so'],
    ]) {
      farm.compare(farm.program('p', `${CALLS_F} ${USES_V}`, ...needed, ...RPATH));
      farm.library('libw.so', WEAKLY, ...needed);
      farm.compare(farm.program('q', '', 'libw.so', ALLOW, ...RPATH));
    }
  });

  test('undefined symbols, strong and weak, of programs and libraries', () => {
    using farm = new Farm();
    farm.library(
      'libu.so',
      `${CALLS_F} ${USES_V} __attribute__((weak)) int w(void); int x(void) { return w ? w() : 0; }`,
    );
    const program = farm.program(
      'p',
      'int call_f(void); int z(void) { return call_f(); }',
      'libu.so',
      ALLOW,
      '-z',
      'now',
      ...RPATH,
    );
    expect(farm.compare(program).undefinedSymbols).not.toEqual([]);
    expect(farm.compareMessages(program)).toHaveLength(1);
    farm.compare(farm.path('libu.so'));
  });
});

describe.skipIf(noOracle)('visibility', () => {
  const KINDS = ['default', 'hidden', 'internal', 'protected'] as const;

  test.each(KINDS)('%s', (visibility) => {
    using farm = new Farm();
    const mark = `__attribute__((visibility("${visibility}")))`;
    const all = `${CALLS_F} ${ADDRESS_OF_F} ${POINTS_TO_F} ${USES_V} int *pointer_to_v = &v;`;
    const source = `${mark} int f(void); ${mark} extern int v; ${all} ${F} ${V}`;
    farm.library(
      'libone.so',
      source
        .replaceAll('call_f', 'one')
        .replaceAll('address_of', 'one_at')
        .replaceAll('pointer_to', 'one_to')
        .replaceAll('value_of', 'one_is'),
    );
    farm.library('libtwo.so', `${F} ${V}`);
    for (const needed of [
      ['libone.so', 'libtwo.so'],
      ['libtwo.so', 'libone.so'],
    ]) {
      farm.compare(farm.program('p', `${CALLS_F} ${ADDRESS_OF_F} ${USES_V}`, '-fPIC', ...needed, ...RPATH));
      farm.compare(farm.program('q', `${F} ${V}`, ...needed, '--export-dynamic', ...RPATH));
    }
  });

  test('a protected variable that a program has copied', () => {
    using farm = new Farm();
    const PROTECTED =
      '__attribute__((visibility("protected"))) int v = 1; int *own_v(void) { return &v; } int *to_v = &v;';
    // The linker refuses to copy a protected variable: it is protected only in the library that is run with.
    farm.library('libv.so', V);
    const program = farm.program('p', USES_V, 'libv.so', '-no-pie', ...RPATH);
    farm.library('libv.so', PROTECTED);
    farm.compare(program);
  });

  test('a definition that only looks like one', () => {
    using farm = new Farm();
    farm.library(
      'libone.so',
      `${F} __asm__(".globl abs\\n.set abs, 0\\n.globl absolute\\n.set absolute, 4096\\n.globl sized\\n.type sized, @object\\nsized = 0");`,
    );
    farm.library('libtwo.so', 'int abs(void) { return 0; } int absolute = 1; int sized = 2;');
    const USES = 'extern int abs, absolute, sized; int *a[] = { &abs, &absolute, &sized };';
    farm.library('libuser.so', USES, 'libone.so', 'libtwo.so');
    farm.compare(farm.program('p', '', 'libuser.so', 'libone.so', 'libtwo.so', ...RPATH));
  });
});

describe.skipIf(noOracle)('an object that looks into itself first', () => {
  const ALL = `${F} ${V} ${CALLS_F} ${ADDRESS_OF_F} ${POINTS_TO_F} ${USES_V}`;

  test.each([
    ['-Bsymbolic', ['-Bsymbolic']],
    ['-Bsymbolic-functions', ['-Bsymbolic-functions']],
    ['DF_SYMBOLIC with everything still preemptible', ['-Bsymbolic', '-fno-plt']],
  ])('%s', (_, flags) => {
    using farm = new Farm();
    farm.library('libfirst.so', `${F} ${V}`);
    farm.library('libsym.so', `${ALL} int g(void); int h(void) { return g(); }`, ...flags);
    const program = farm.program(
      'p',
      `${CALLS_F} ${USES_V} int g(void) { return 0; }`,
      'libfirst.so',
      'libsym.so',
      '--export-dynamic',
      ALLOW,
      ...RPATH,
    );
    farm.compare(program);
    farm.compare(farm.path('libsym.so'));
    farm.library('libplain.so', `${ALL} int g(void); int h(void) { return g(); }`);
    const second = farm.program(
      'q',
      `${CALLS_F} ${USES_V} int g(void) { return 0; }`,
      'libfirst.so',
      'libplain.so',
      '--export-dynamic',
      ALLOW,
      ...RPATH,
    );
    farm.compare(second);
    farm.setSymbolic('libplain.so');
    const self = bound(farm.compare(second), 'f').filter((row) => row[0] === farm.path('libplain.so'));
    expect(self.every((row) => row[3] === farm.path('libplain.so'))).toBe(true);
    farm.compare(farm.path('libplain.so'));
  });
});

describe.skipIf(noOracle)('versions', () => {
  const TWO = 'V1 { global: f; g; }; V2 { global: f; h; } V1;';
  const SOURCE = `int f1(void) { return 1; } int f2(void) { return 2; } int g(void) { return 0; } int h(void) { return 0; }
    __asm__(".symver f1, f@V1"); __asm__(".symver f2, f@@V2");`;
  const CALLS = 'int f(void), g(void), h(void); int use(void) { return f() + g() + h(); }';
  const OLD = '__asm__(".symver old, f@V1"); int old(void); int use(void) { return old(); }';

  test('default, hidden and base versions', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library('libplain.so', 'int f(void) { return 9; } int g(void) { return 9; }');
    for (const source of [CALLS, OLD]) {
      farm.compare(farm.program('p', source, 'libv.so', ...RPATH));
      farm.compare(farm.program('q', source, 'libv.so', ...RPATH), { preload: './libplain.so' });
      // The library without versions stands first, and takes references that ask for one.
      farm.compare(farm.program('r', source, 'libplain.so', 'libv.so', ...RPATH));
    }
  });

  test('references without a version', () => {
    using farm = new Farm();
    farm.library('libv.so', 'int f(void) { return 0; } int g(void) { return 0; } int h(void) { return 0; }');
    const program = farm.program('p', CALLS, 'libv.so', ...RPATH);
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.compare(program);
    const scripts = {
      'only hidden': [
        'V1 { local: x; }; V2 { local: y; }; V3 { global: g; h; };',
        '__asm__(".symver f1, f@V2"); __asm__(".symver f2, f@V3");',
      ],
      'newest only': [
        'V1 { local: x; }; V2 { local: y; }; V3 { global: g; h; f; };',
        '__asm__(".symver f1, f@V2"); __asm__(".symver f2, f@@V3");',
      ],
      'two newer': [
        'V1 { local: x; }; V2 { local: y; }; V3 { global: g; h; };',
        '__asm__(".symver f1, f@@V2"); __asm__(".symver f2, f@V3");',
      ],
      'oldest hidden': [
        'V1 { global: g; }; V2 { global: h; } V1;',
        '__asm__(".symver f1, f@V1"); __asm__(".symver f2, f@V2");',
      ],
    };
    for (const [name, [script, symver]] of Object.entries(scripts)) {
      const body = `int f1(void) { return 1; } int f2(void) { return 2; } int g(void) { return 0; } int h(void) { return 0; } ${symver}`;
      farm.library('libv.so', body, versionScript(farm, `${name.replace(' ', '-')}.map`, script!));
      farm.compare(program);
    }
  });

  test('several versions under each kind of hash table', () => {
    for (const style of ['sysv', 'gnu', 'both']) {
      using farm = new Farm();
      const hash = `--hash-style=${style}`;
      farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO), hash);
      farm.library('libu.so', `${CALLS_F} ${USES_V} ${V}`, hash);
      for (const source of [CALLS, OLD])
        farm.compare(farm.program('p', source, 'libv.so', 'libu.so', hash, ALLOW, ...RPATH));
      const unversioned = farm.program(
        'q',
        CALLS,
        'libu.so',
        ALLOW,
        '--unresolved-symbols=ignore-all',
        '-z',
        'lazy',
        hash,
        ...RPATH,
      );
      farm.compare(unversioned, { preload: './libv.so' });
    }
  });

  test('a version that the library does not have', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    const program = farm.program('p', CALLS, 'libv.so', ...RPATH);
    farm.library(
      'libv.so',
      'int f(void) { return 1; } int g(void) { return 0; } int h(void) { return 0; }',
      versionScript(farm, 'one.map', 'V1 { global: f; g; h; };'),
    );
    expect(farm.compareMessages(program)[0]).toMatch(/version `V2' not found/);
    farm.compare(program);
    farm.library('libv.so', F, versionScript(farm, 'none.map', 'OTHER { global: f; };'));
    expect(farm.compareMessages(program)).toHaveLength(2);
    farm.compare(program);
  });

  test('a version that is there, and the symbol is not', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library(
      'libother.so',
      'int f(void) { return 1; }',
      versionScript(farm, 'other.map', 'V2 { global: f; };'),
    );
    const program = farm.program('p', CALLS, 'libv.so', 'libother.so', '-z', 'now', ...RPATH);
    farm.library(
      'libv.so',
      'int f1(void) { return 1; } int g(void) { return 0; } __asm__(".symver f1, f@V1");',
      versionScript(farm, 'less.map', 'V1 { global: f; g; }; V2 { local: x; } V1;'),
    );
    farm.compare(program);
    expect(farm.compareMessages(program)[0]).toMatch(/undefined symbol: h, version V2/);
  });

  test('weak versions', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library(
      'libw.so',
      '__attribute__((weak)) int h(void); int use(void) { return h ? h() : 0; }',
      'libv.so',
      '-z',
      'now',
    );
    const program = farm.program('p', '', 'libw.so', ALLOW, ...RPATH);
    farm.library('libv.so', F, versionScript(farm, 'one.map', 'V1 { global: f; };'));
    farm.compare(program);
    expect(farm.compareMessages(program)).toHaveLength(1);
  });

  test('a library that has lost its versions', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    const program = farm.program('p', CALLS, 'libv.so', '-z', 'now', ...RPATH);
    // Nothing of another library is needed in a version either: no DT_VERSYM at all.
    farm.library('libv.so', 'int f(void) { return 1; } int g(void) { return 0; } int h(void) { return 0; }');
    expect(farm.compareMessages(program)).toHaveLength(2);
    // The table is there, for the sake of libc's versions, and all is well but for the warning.
    farm.library(
      'libv.so',
      'int f(void) { return 1; } int g(void) { return 0; } int h(void) { return 0; } int puts(const char *); int k(void) { return puts(""); }',
      '-lc',
    );
    farm.compare(program);
    expect(farm.compareMessages(program)).toHaveLength(1);
    farm.library('libv.so', 'int unrelated(void) { return 0; }');
    farm.compare(program);
    farm.compareMessages(program);
  });

  test('versions of a library that is no longer needed', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library('libother.so', F);
    const program = farm.program('p', CALLS, 'libv.so', ...RPATH, '-soname', 'libother.so');
    farm.retargetNeeded('p', 'libv.so', 'libother.so');
    expect(farm.compareMessages(program)).toHaveLength(1);
  });

  test('another library takes versioned references when it stands first', () => {
    using farm = new Farm();
    farm.library('libv.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library('libsame.so', SOURCE, versionScript(farm, 'two.map', TWO));
    farm.library(
      'libbase.so',
      'int f(void) { return 0; } int puts(const char *); int k(void) { return puts(""); }',
      '-lc',
    );
    farm.library(
      'libhidden.so',
      'int x(void) { return 0; } __asm__(".symver x, f@V9");',
      versionScript(farm, 'nine.map', 'V9 { local: y; };'),
    );
    const program = farm.program('p', CALLS, 'libv.so', ...RPATH);
    for (const preload of ['libsame.so', 'libbase.so', 'libhidden.so']) farm.compare(program, { preload });
  });
});

describe.skipIf(noOracle)('unique symbols', () => {
  const UNIQUE =
    'template <class T> struct S { static int x; }; template <class T> int S<T>::x = 1; int *FUNCTION() { return &S<int>::x; }';
  const cpp = (name: string) => UNIQUE.replace('FUNCTION', name);

  test('one definition for all, also past DF_SYMBOLIC', () => {
    using farm = new Farm();
    farm.library('liba.so', cpp('a'), '-x', 'c++');
    farm.library('libb.so', cpp('b'), '-x', 'c++');
    const program = farm.program('p', '', 'liba.so', 'libb.so', ...RPATH);
    farm.compare(program);
    for (const symbolic of ['liba.so', 'libb.so']) {
      const name = `libset-${symbolic}`;
      farm.library(name, cpp('c'), '-x', 'c++');
      farm.setSymbolic(name);
      for (const needed of [
        ['liba.so', name],
        [name, 'libb.so'],
        ['libb.so', name, 'liba.so'],
        [name, 'liba.so', 'libb.so'],
      ]) {
        farm.compare(farm.program('q', '', ...needed, ...RPATH));
      }
    }
  });

  test('the order of relocation decides', () => {
    using farm = new Farm();
    farm.library('libbase.so', cpp('base'), '-x', 'c++');
    farm.setSymbolic('libbase.so');
    farm.library('libown.so', cpp('own'), '-x', 'c++');
    farm.library('libmid.so', cpp('mid'), '-x', 'c++', 'libown.so');
    farm.setSymbolic('libmid.so');
    farm.library('libtop.so', cpp('top'), '-x', 'c++', 'libmid.so');
    farm.compare(farm.program('p', '', 'libtop.so', 'libbase.so', ALLOW, ...RPATH));
    farm.compare(farm.program('q', '', 'libbase.so', 'libmid.so', 'libtop.so', ALLOW, ...RPATH));
    farm.compare(farm.program('r', '', 'libown.so', 'libtop.so', 'libbase.so', ALLOW, ...RPATH));
    farm.compare(farm.path('libtop.so'), { libraryPath: farm.directory });
  });

  test('a copy in the program', () => {
    using farm = new Farm();
    farm.library('liba.so', cpp('a'), '-x', 'c++');
    farm.library('libb.so', cpp('b'), '-x', 'c++');
    const COPIES = 'extern int v __asm__("_ZN1SIiE1xE"); int *address_of_v(void) { return &v; }';
    for (const needed of [
      ['liba.so', 'libb.so'],
      ['libb.so', 'liba.so'],
    ]) {
      farm.compare(farm.program('p', COPIES, ...needed, '-no-pie', ...RPATH));
      farm.compare(farm.program('q', COPIES, ...needed, ...RPATH));
    }
    farm.library('libset.so', cpp('c'), '-x', 'c++');
    farm.setSymbolic('libset.so');
    farm.compare(farm.program('r', COPIES, 'libset.so', 'libb.so', '-no-pie', ...RPATH));
    farm.compare(farm.program('s', COPIES, 'libb.so', 'libset.so', '-no-pie', ...RPATH));
  });
});

describe.skipIf(noOracle)('programs at a fixed address', () => {
  test('copied variables: the first definition after the program is copied, and all use the copy', () => {
    using farm = new Farm();
    farm.library('liba.so', `${V} ${USES_V.replaceAll('of_v', 'a')}`);
    farm.library('libb.so', `int v = 2; ${USES_V.replaceAll('of_v', 'b')}`);
    const program = farm.program('p', USES_V, 'liba.so', 'libb.so', '-no-pie', ...RPATH);
    expect(bound(farm.compare(program), 'v').map((row) => row[3])).toContain(program);
    farm.compare(farm.program('q', USES_V, 'libb.so', 'liba.so', '-no-pie', ...RPATH));
  });

  test('the address of a function is its entry in the program', () => {
    using farm = new Farm();
    farm.library('liba.so', `${F} ${CALLS_F} ${ADDRESS_OF_F} ${POINTS_TO_F}`);
    for (const source of [ADDRESS_OF_F, `${CALLS_F} ${ADDRESS_OF_F}`, POINTS_TO_F, CALLS_F]) {
      for (const flags of [
        ['-no-pie'],
        [],
        ['-no-pie', '-z', 'now'],
        ['-no-pie', '--hash-style=sysv'],
        ['-no-pie', '--hash-style=both'],
      ]) {
        farm.compare(
          farm.program(
            'p',
            source.replaceAll('_f(', '_p(').replace('pointer_to_f', 'pointer'),
            'liba.so',
            ...flags,
            ...RPATH,
          ),
        );
      }
    }
  });
});

describe.skipIf(noOracle)('kinds of relocation', () => {
  const TLS = 'extern __thread int t; int *address_of_t(void) { return &t; }';

  test.each([
    ['general dynamic', ['-ftls-model=global-dynamic']],
    ['initial exec', ['-ftls-model=initial-exec']],
    ['descriptors', ['-mtls-dialect=gnu2']],
  ])('thread-local variables: %s', (_, flags) => {
    using farm = new Farm();
    farm.library('libt.so', '__thread int t = 1; __thread int zero;');
    farm.library('libt2.so', '__thread int t = 2; __attribute__((weak)) __thread int zero;');
    const UNDEFINED = 'extern __thread int none; int *address_of_none(void) { return &none; }';
    const ZERO = 'extern __thread int zero; int *address_of_zero(void) { return &zero; }';
    farm.library('libuser.so', `${TLS} ${ZERO}`, 'libt.so', ...flags);
    farm.library('libown.so', `${TLS} __thread int t = 3;`, ...flags);
    farm.library('libbad.so', UNDEFINED, ...flags);
    farm.compare(farm.program('p', TLS, 'libt2.so', 'libuser.so', 'libown.so', ALLOW, ...flags, ...RPATH));
    farm.compare(
      farm.program(
        'q',
        '__thread int t = 4; int *own_t(void) { return &t; }',
        'libuser.so',
        'libown.so',
        '--export-dynamic',
        ALLOW,
        ...RPATH,
      ),
    );
    farm.compare(farm.program('r', '', 'libuser.so', 'libbad.so', ALLOW, ...RPATH));
  });

  test('indirect functions', () => {
    using farm = new Farm();
    const IFUNC =
      'static int one(void) { return 1; } static void *pick(void) { return one; } int f(void) __attribute__((ifunc("pick")));';
    farm.library('libi.so', `${IFUNC} ${CALLS_F} ${POINTS_TO_F}`);
    farm.library(
      'libhidden.so',
      `${IFUNC.replace('ifunc(', 'visibility("hidden"), ifunc(')} ${CALLS_F.replace('call_f', 'hidden')}`,
    );
    for (const flags of [['-no-pie'], []]) {
      farm.compare(
        farm.program('p', `${CALLS_F} ${ADDRESS_OF_F}`, 'libi.so', 'libhidden.so', ...flags, ...RPATH),
      );
    }
  });

  test('bound lazily and at once', () => {
    using farm = new Farm();
    for (const z of ['lazy', 'now']) {
      farm.library('liba.so', `${F} ${CALLS_F} ${ADDRESS_OF_F}`, '-z', z);
      for (const own of ['lazy', 'now'])
        farm.compare(farm.program('p', CALLS_F, 'liba.so', '-z', own, ...RPATH));
      farm.compare(farm.program('q', CALLS_F, 'liba.so', '-fno-plt', ...RPATH));
    }
  });

  test('packed relative relocations beside the others', () => {
    using farm = new Farm();
    farm.library(
      'liba.so',
      `${F} ${POINTS_TO_F} static int local; int *table[] = { &local, &local };`,
      '-z',
      'pack-relative-relocs',
    );
    farm.compare(farm.program('p', `${POINTS_TO_F}`, 'liba.so', '-z', 'pack-relative-relocs', ...RPATH));
  });

  test('many references to one symbol, in turn with another', () => {
    using farm = new Farm();
    farm.library('liba.so', `${F} int g(void) { return 0; }`);
    const POINTERS =
      'int f(void), g(void); void *table[] = { f, f, g, f, g, g }; int u(void) { return f() + g(); }';
    farm.library('libu.so', POINTERS, 'liba.so');
    farm.library('libn.so', POINTERS, 'liba.so', '-z', 'nocombreloc');
    farm.compare(farm.program('p', '', 'libu.so', 'libn.so', ...RPATH));
  });
});

describe.skipIf(noOracle)('other linkers', () => {
  test.each(['gold', 'lld'])('%s', (linker) => {
    if (!hasTool(`ld.${linker}`)) return;
    using farm = new Farm();
    const use = `-fuse-ld=${linker}`;
    const ALL = `${F} ${V} ${CALLS_F} ${ADDRESS_OF_F} ${USES_V} extern __thread int t; int *at(void) { return &t; }`;
    farm.library('libt.so', '__thread int t;', use);
    farm.library(
      'liba.so',
      ALL,
      'libt.so',
      use,
      '--version-script',
      farm.write('a.map', 'V1 { global: f; v; }; V2 { global: *; } V1;'),
    );
    farm.library('libb.so', `${ALL} ${POINTS_TO_F}`, 'libt.so', use, '-Bsymbolic');
    for (const style of ['sysv', 'gnu', 'both']) {
      for (const flags of [['-no-pie'], []]) {
        const source = `${CALLS_F} ${ADDRESS_OF_F} ${USES_V}`;
        farm.compare(
          farm.program(
            'p',
            source,
            'liba.so',
            'libb.so',
            use,
            `--hash-style=${style}`,
            ALLOW,
            ...flags,
            ...RPATH,
          ),
        );
      }
    }
    farm.compare(farm.path('libb.so'), { libraryPath: farm.directory });
  });
});
