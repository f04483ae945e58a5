import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { type ElfFacts, exportsOf, importsOf, versionedName } from '../../src/model/inspection/index.ts';
import { hasTools } from '../support/tools.ts';
import { compareWithReadelf } from './compare.ts';
import { factsOf, Workshop } from './compiled.ts';
import { sectionDependence } from './without-sections.ts';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const MAIN = 'int main(void) { return 0; }';
const LIBRARY = 'int shared(void) { return 1; }';

const namesOf = ({ symbols, indexes }: ReturnType<typeof exportsOf>) =>
  [...indexes].map((index) => versionedName(symbols.at(index)));
const exported = (facts: ElfFacts) => namesOf(exportsOf(facts.dynamic!.symbols, 'name'));
const imported = (facts: ElfFacts) => namesOf(importsOf(facts.dynamic!.symbols, 'name'));

describe.skipIf(!hasTools('gcc', 'readelf', 'objcopy'))('what gcc makes', () => {
  test.each([
    ['pie', MAIN, 'gcc -fPIE -pie'],
    ['executable', MAIN, 'gcc -no-pie'],
    ['static-executable', MAIN, 'gcc -static -no-pie'],
    ['static-pie', MAIN, 'gcc -static-pie'],
    ['shared-object', LIBRARY, 'gcc -shared -fPIC'],
    ['relocatable', LIBRARY, 'gcc -c'],
  ] as const)('%s', async (kind, source, command) => {
    const path = workshop.make(kind, source, command);
    expect(factsOf(path).kind).toBe(kind);
    expect(await compareWithReadelf(path)).toEqual([]);
  });

  test('a separate debug file is not taken for what it describes', async () => {
    workshop.make('whole.so', LIBRARY, 'gcc -g -shared -fPIC');
    workshop.run('objcopy --only-keep-debug @/whole.so @/whole.debug');
    const facts = factsOf(workshop.path('whole.debug'));
    expect(facts).toMatchObject({ kind: 'debug-file', debug: { stripped: false, dwarf: true } });
    expect(facts.dynamic).toBeUndefined();
    expect(await compareWithReadelf(workshop.path('whole.debug'))).toEqual([]);
    workshop.run('objcopy --strip-all --add-gnu-debuglink=@/whole.debug @/whole.so @/bare.so');
    const bare = factsOf(workshop.path('bare.so')).debug;
    expect(bare).toMatchObject({ stripped: true, dwarf: false, debugLink: { file: 'whole.debug' } });
  });

  test.each([
    ['norelro.so', '-Wl,-z,norelro', { relro: 'none', bindNow: false }],
    ['lazy.so', '-Wl,-z,relro,-z,lazy', { relro: 'partial', bindNow: false }],
    ['now.so', '-Wl,-z,relro,-z,now', { relro: 'full', bindNow: true }],
    ['stack.so', '-Wl,-z,execstack', { executableStack: 'yes' }],
    ['nostack.so', '-Wl,-z,noexecstack', { executableStack: 'no' }],
  ])('hardening: %s', (name, options, expected) => {
    const facts = factsOf(workshop.make(name, LIBRARY, `gcc -shared -fPIC ${options}`));
    expect(facts.hardening).toMatchObject({ positionIndependent: true, textRelocations: false, ...expected });
  });

  test('text relocations', () => {
    const source = 'extern int other; int read_it(void) { return other; }';
    const path = workshop.make(
      'textrel.so',
      source,
      'gcc -m64 -shared -fno-pic -mcmodel=large -Wl,-z,notext',
    );
    expect(factsOf(path).hardening?.textRelocations).toBe(true);
  });

  const STARTERS = `
    static int count;
    __attribute__((constructor)) static void first(void) { count++; }
    __attribute__((constructor)) void second(void) { count++; }
    __attribute__((destructor)) static void last(void) { count--; }`;

  test.each([
    ['plain', ''],
    ['relr', '-Wl,-z,pack-relative-relocs'],
  ])('functions at start and end, by name: %s', (name, options) => {
    const path = workshop.make(`starters-${name}.so`, STARTERS, `gcc -shared -fPIC ${options}`);
    const { initFini } = factsOf(path);
    const names = (list: readonly { name?: string }[]) => list.map((one) => one.name);
    expect(initFini.init?.name).toBe('_init');
    expect(initFini.fini?.name).toBe('_fini');
    expect(names(initFini.initArray)).toEqual(['frame_dummy', 'first', 'second']);
    expect(names(initFini.finiArray)).toContain('last');
    workshop.run(`objcopy --strip-all ${path} ${path}.stripped`);
    // What no symbol names any more keeps its address.
    const stripped = factsOf(`${path}.stripped`).initFini;
    expect(names(stripped.initArray)).toEqual([undefined, undefined, 'second']);
    const addresses = (list: readonly { address: string }[]) => list.map(({ address }) => address);
    expect(addresses(stripped.initArray)).toEqual(addresses(initFini.initArray));
  });

  test.skipIf(!hasTools('xz', 'nm'))('a stripped file may have its function names in .gnu_debugdata', () => {
    workshop.make('mini.so', STARTERS, 'gcc -shared -fPIC');
    workshop.run('objcopy --only-keep-debug @/mini.so @/mini.symbols');
    workshop.run('xz -k @/mini.symbols');
    workshop.run('objcopy --strip-all @/mini.so @/mini.bare');
    workshop.run('objcopy --add-section=.gnu_debugdata=@/mini.symbols.xz @/mini.bare @/mini.full');
    const facts = factsOf(workshop.path('mini.full'));
    expect(facts.debug).toMatchObject({ stripped: true, miniDebugInfo: true });
    expect(facts.initFini.initArray.map(({ name }) => name)).toEqual(['frame_dummy', 'first', 'second']);
  });

  test('versions of definitions and references', () => {
    const map = workshop.path('versions.map');
    const source = `
      #include <stdlib.h>
      __asm__(".symver old_f, f@V1"); __asm__(".symver new_f, f@@V2");
      int old_f(void) { return 1; }
      int new_f(void) { return 2; }
      void *g(void) { return malloc(1); }`;
    writeVersions(map);
    const path = workshop.make('versions.so', source, `gcc -shared -fPIC -Wl,--version-script=${map}`);
    const facts = factsOf(path);
    expect(exported(facts)).toEqual(['V1@@V1', 'V2@@V2', 'f@V1', 'f@@V2', 'g@@V2']);
    expect(facts.dynamic?.versionDefinitions.map(({ name, parents }) => [name, ...parents])).toEqual([
      ['versions.so'],
      ['V1'],
      ['V2', 'V1'],
    ]);
    expect(imported(facts).some((name) => /^malloc@GLIBC_/.test(name))).toBe(true);
    const malloc = [...facts.dynamic!.symbols].find(({ name }) => name === 'malloc');
    expect(malloc).toMatchObject({ file: 'libc.so.6', section: 'UND', isDefault: undefined });
  });

  test('a copied variable keeps the version that is needed of its library', () => {
    const source = '#include <stdio.h>\nint main(void) { return fputs("", stderr); }';
    const facts = factsOf(workshop.make('copy', source, 'gcc -no-pie -fno-pic'));
    const copy = [...facts.dynamic!.symbols].find(({ name }) => name === 'stderr');
    expect(copy).toMatchObject({ file: 'libc.so.6', isDefault: undefined });
    expect(copy?.section).not.toBe('UND');
  });

  test('thread-local storage', () => {
    const source = '__thread int one = 1; __thread char zeros[100]; int *f(void) { return &one; }';
    const dynamic = factsOf(workshop.make('tls.so', source, 'gcc -shared -fPIC'));
    expect(dynamic.tls).toMatchObject({ initialized: 4, staticTls: false });
    expect(dynamic.tls!.size).toBeGreaterThanOrEqual(104);
    const initial = factsOf(workshop.make('ie.so', source, 'gcc -shared -fPIC -ftls-model=initial-exec'));
    expect(initial.tls?.staticTls).toBe(true);
  });

  test('section headers change nothing about what the loader sees', () => {
    for (const name of ['versions.so', 'starters-relr.so', 'tls.so', 'copy', 'static-pie']) {
      expect(sectionDependence(memorySource(readFileSync(workshop.path(name))))).toEqual([]);
    }
  });
});

/** Version 14 links for neither of these. */
const NOT_FOR_LLD: ReadonlySet<string> = new Set(['armeb-linux-gnueabi', 's390x-linux-gnu']);

const TARGETS = [
  'aarch64-linux-gnu',
  'aarch64_be-linux-gnu',
  'arm-linux-gnueabihf',
  'armeb-linux-gnueabi',
  'i386-linux-gnu',
  'mips-linux-gnu',
  'mips64el-linux-gnuabi64',
  'mips64-linux-gnuabi64',
  'powerpc64le-linux-gnu',
  'powerpc64-linux-gnu',
  'riscv64-linux-gnu',
  's390x-linux-gnu',
];

describe.skipIf(!hasTools('clang', 'ld.lld', 'readelf'))('other machines', () => {
  const source = `
    extern int other(int); __thread int per_thread; int variable = 5; int *pointer = &variable;
    __attribute__((constructor)) static void start(void) { variable = other(per_thread); }
    __attribute__((weak)) int f(void) { return *pointer; }`;
  test.each(TARGETS)('%s', async (target) => {
    const object = workshop.make(
      `${target}.o`,
      source,
      `clang --target=${target} -c -fPIC -g -ffunction-sections`,
    );
    expect(await compareWithReadelf(object)).toEqual([]);
    if (NOT_FOR_LLD.has(target)) return;
    const library = workshop.path(`${target}.so`);
    workshop.run(`ld.lld -shared ${object} -soname lib.so.1 --build-id --pack-dyn-relocs=none -o ${library}`);
    expect(await compareWithReadelf(library)).toEqual([]);
    expect(factsOf(library).initFini.initArray.map(({ name }) => name)).toEqual(['start']);
    expect(sectionDependence(memorySource(readFileSync(library)))).toEqual([]);
  });
});

function writeVersions(path: string): void {
  writeFileSync(path, 'V1 { global: f; local: *; }; V2 { global: f; g; } V1;');
}
