import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnoseSymbol } from '../../../src/analyses/index.ts';
import { startSession } from '../../../src/loader/index.ts';
import type { Finding } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { type Bench, startBench } from './bench.ts';

/** A look-up that really fails, or is special. */
interface Lookup {
  readonly name: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly build: readonly string[];
  /** Opened with RTLD_NOW, the last one is the handle; `-` for none. */
  readonly library: string;
  /** `sym=NAME`, `vsym=NAME@VERSION`, `default=NAME`, `next=NAME`. */
  readonly op: string;
  readonly before?: readonly string[];
  /** None: an ordinary symbol is found. */
  readonly kind?: Finding['kind'];
  readonly evidence?: readonly RegExp[];
  readonly fix?: RegExp;
  readonly object?: string;
  readonly real: RegExp;
}

const SHARED = 'gcc -shared -fPIC';
const C = { 'lib.c': 'int lib_one(void) { return 1; }\nint lib_two;\n' };

const LOOKUPS: readonly Lookup[] = [
  {
    name: 'an ordinary function',
    sources: C,
    build: [`${SHARED} -o liba.so lib.c`],
    library: 'liba.so',
    op: 'sym=lib_one',
    real: /^ok$/,
  },
  {
    name: 'nothing of that name',
    sources: C,
    build: [`${SHARED} -o liba.so lib.c`],
    library: 'liba.so',
    op: 'sym=completely_different_thing',
    kind: 'symbol.not-found',
    evidence: [/looked up in DIR\/liba\.so: DIR\/liba\.so, .*libc\.so\.6/],
    fix: /solder inspect DIR\/liba\.so/,
    real: /DIR\/liba\.so: undefined symbol: completely_different_thing/,
  },
  {
    name: 'another spelling',
    sources: C,
    build: [`${SHARED} -o liba.so lib.c`],
    library: 'liba.so',
    op: 'sym=lib_onne',
    kind: 'symbol.misspelt',
    evidence: [/DIR\/liba\.so: has lib_one: a name that is spelt nearly so/],
    fix: /ask for lib_one/,
    object: 'liba.so',
    real: /undefined symbol: lib_onne/,
  },
  {
    name: 'a C++ function by its C name',
    sources: { 'plug.cpp': 'int plugin_start(int a) { return a; }\n' },
    build: ['g++ -shared -fPIC -o libplug.so plug.cpp'],
    library: 'libplug.so',
    op: 'sym=plugin_start',
    kind: 'symbol.mangled',
    evidence: [/has _Z12plugin_starti \(plugin_start\(int\)\): compiled as C\+\+/],
    fix: /declare the function extern "C" in DIR\/libplug\.so, or ask for _Z12plugin_starti/,
    object: 'libplug.so',
    real: /undefined symbol: plugin_start/,
  },
  {
    name: 'a C function by its C++ name',
    sources: C,
    build: [`${SHARED} -o liba.so lib.c`],
    library: 'liba.so',
    op: 'sym=_Z7lib_onev',
    kind: 'symbol.mangled',
    evidence: [/has lib_one: a C name/],
    fix: /ask for lib_one: it is compiled as C/,
    real: /undefined symbol: _Z7lib_onev/,
  },
  {
    name: 'a C++ function with other parameters',
    sources: { 'shape.cpp': 'namespace shape { int area(long) { return 1; } }\n' },
    build: ['g++ -shared -fPIC -o libshape.so shape.cpp'],
    library: 'libshape.so',
    op: 'sym=_ZN5shape4areaEi',
    kind: 'symbol.mangled',
    evidence: [/_ZN5shape4areaEl \(shape::area\(long\)\): the same function with other parameters/],
    fix: /ask for _ZN5shape4areaEl/,
    real: /undefined symbol: _ZN5shape4areaEi/,
  },
  {
    name: 'hidden visibility, as lld leaves it',
    sources: {
      'hide.c':
        '__attribute__((visibility("hidden"))) int secret(void) { return 1; }\nint show(void) { return secret(); }\n',
    },
    build: [`${SHARED} -fuse-ld=lld -o libhide.so hide.c`],
    library: 'libhide.so',
    op: 'sym=secret',
    kind: 'symbol.hidden',
    evidence: [/defines secret with hidden visibility/],
    fix: /declare secret with __attribute__\(\(visibility\("default"\)\)\)/,
    object: 'libhide.so',
    real: /undefined symbol: secret/,
  },
  {
    name: 'hidden visibility, as GNU ld leaves it',
    sources: {
      'hide.c':
        '__attribute__((visibility("hidden"))) int secret(void) { return 1; }\nint show(void) { return secret(); }\n',
    },
    build: [`${SHARED} -fuse-ld=bfd -o libhide2.so hide.c`],
    library: 'libhide2.so',
    op: 'sym=secret',
    kind: 'symbol.local',
    evidence: [/global until the linker made it local: hidden visibility, a version script without versions/],
    fix: /visibility|version script/,
    real: /undefined symbol: secret/,
  },
  {
    name: 'local by a version script',
    sources: { 'lib.c': C['lib.c'], 'lib.map': 'V1 { global: lib_two; local: *; };\n' },
    build: [`${SHARED} -Wl,--version-script=lib.map -o libmap.so lib.c`],
    library: 'libmap.so',
    op: 'sym=lib_one',
    kind: 'symbol.local',
    evidence: [/global until the linker made it local: by a version script/],
    fix: /name lib_one under global: in the version script of DIR\/libmap\.so/,
    object: 'libmap.so',
    real: /undefined symbol: lib_one/,
  },
  {
    name: 'static',
    sources: {
      'stat.c':
        '__attribute__((used, noinline)) static int inner(void) { return 1; }\nint outer(void) { return inner(); }\n',
    },
    build: [`${SHARED} -o libstat.so stat.c`],
    library: 'libstat.so',
    op: 'sym=inner',
    kind: 'symbol.local',
    evidence: [/static in stat\.c/],
    fix: /take away static from inner in stat\.c/,
    real: /undefined symbol: inner/,
  },
  {
    name: 'of the program, linked without -rdynamic',
    sources: { 'service.c': 'void host_service(void) {}\n' },
    build: ['gcc -w -o host2 HOST service.c'],
    library: '-',
    op: 'default=host_service',
    kind: 'symbol.not-exported',
    evidence: [
      /DIR\/host2: defines host_service, but not among its dynamic symbols: it was linked without -rdynamic/,
    ],
    fix: /-rdynamic/,
    object: 'host2',
    real: /undefined symbol: host_service/,
  },
  {
    name: 'only imported',
    sources: {
      'imp.c':
        'extern int solder_missing(void) __attribute__((weak));\nint call(void) { return solder_missing ? solder_missing() : 0; }\n',
    },
    build: [`${SHARED} -o libimp.so imp.c`],
    library: 'libimp.so',
    op: 'sym=solder_missing',
    kind: 'symbol.imported',
    evidence: [/DIR\/libimp\.so: needs solder_missing itself/],
    fix: /open the library that defines solder_missing/,
    object: 'libimp.so',
    real: /undefined symbol: solder_missing/,
  },
  {
    name: 'of a library beside it',
    sources: { 'lib.c': C['lib.c'], 'beside.c': 'int only_beside(void) { return 1; }\n' },
    build: [`${SHARED} -o liba.so lib.c`, `${SHARED} -o libbeside.so beside.c`],
    library: 'liba.so',
    op: 'sym=only_beside',
    kind: 'symbol.elsewhere',
    evidence: [/DIR\/libbeside\.so: exports only_beside, and is not loaded/],
    fix: /open DIR\/libbeside\.so, and ask that for only_beside/,
    object: 'libbeside.so',
    real: /undefined symbol: only_beside/,
  },
  {
    name: 'of a library opened with RTLD_LOCAL, by RTLD_DEFAULT',
    sources: C,
    build: [`${SHARED} -o liba.so lib.c`],
    library: 'liba.so',
    op: 'default=lib_one',
    kind: 'symbol.not-searched',
    evidence: [/looked up in the global scope/, /DIR\/liba\.so: exports lib_one/],
    fix: /open DIR\/liba\.so with RTLD_GLOBAL/,
    object: 'liba.so',
    real: /undefined symbol: lib_one/,
  },
  {
    name: 'of another library that is open',
    sources: { 'lib.c': C['lib.c'], 'beside.c': 'int only_beside(void) { return 1; }\n' },
    build: [`${SHARED} -o liba.so lib.c`, `${SHARED} -o libbeside.so beside.c`],
    library: 'liba.so',
    before: ['libbeside.so'],
    op: 'sym=only_beside',
    kind: 'symbol.not-searched',
    evidence: [/DIR\/libbeside\.so: exports only_beside/],
    fix: /ask DIR\/libbeside\.so with a handle of its own, or link DIR\/liba\.so with it/,
    object: 'libbeside.so',
    real: /undefined symbol: only_beside/,
  },
  {
    name: 'of what comes before, by RTLD_NEXT',
    sources: { 'service.c': 'void host_service(void) {}\n' },
    build: ['gcc -w -rdynamic -o host2 HOST service.c'],
    library: '-',
    op: 'next=host_service',
    kind: 'symbol.not-searched',
    evidence: [/looked up in what comes next/, /DIR\/host2: exports host_service/],
    fix: /RTLD_NEXT/,
    object: 'host2',
    real: /undefined symbol: host_service/,
  },
  {
    name: 'in another version',
    sources: { 'lib.c': C['lib.c'], 'v.map': 'V1 { global: lib_one; local: *; };\n' },
    build: [`${SHARED} -Wl,--version-script=v.map -o libv.so lib.c`],
    library: 'libv.so',
    op: 'vsym=lib_one@V2',
    kind: 'symbol.other-version',
    evidence: [/exports lib_one@@V1 and no other version/],
    fix: /dlvsym\(handle, "lib_one", "V1"\)/,
    object: 'libv.so',
    real: /undefined symbol: lib_one, version V2/,
  },
  {
    name: 'in a version that is there',
    sources: { 'lib.c': C['lib.c'], 'v.map': 'V1 { global: lib_one; local: *; };\n' },
    build: [`${SHARED} -Wl,--version-script=v.map -o libv.so lib.c`],
    library: 'libv.so',
    op: 'vsym=lib_one@V1',
    real: /^ok$/,
  },
  {
    name: 'without a default version',
    sources: {
      'old.c':
        '__asm__(".symver lib_old, lib_old@V1, remove"); int lib_old(void) { return 1; }\nint lib_new(void) { return 1; }\n',
      'old.map': 'V0 { local: *; }; V1 { } V0; V2 { global: lib_new; } V1;\n',
    },
    build: [`${SHARED} -Wl,--version-script=old.map -o libold.so old.c`],
    library: 'libold.so',
    op: 'sym=lib_old',
    kind: 'symbol.other-version',
    evidence: [/exports lib_old@V1 and no other version/],
    fix: /dlvsym\(handle, "lib_old", "V1"\)/,
    real: /undefined symbol: lib_old/,
  },
  {
    name: 'an absolute symbol of the value 0',
    sources: C,
    build: [`${SHARED} -Wl,--defsym=lib_null=0 -o libnull.so lib.c`],
    library: 'libnull.so',
    op: 'sym=lib_null',
    kind: 'symbol.null',
    evidence: [/an absolute symbol of the value 0/],
    fix: /call dlerror\(\) before and after/,
    object: 'libnull.so',
    real: /^NULL$/,
  },
  {
    name: 'an IFUNC that resolves to NULL',
    sources: {
      'ifunc.c':
        'static void *choose(void) { return 0; }\nint chosen(void) __attribute__((ifunc("choose")));\n',
    },
    build: [`${SHARED} -o libifunc.so ifunc.c`],
    library: 'libifunc.so',
    op: 'sym=chosen',
    kind: 'symbol.null',
    evidence: [/an IFUNC whose resolver returned NULL/],
    fix: /dlerror/,
    object: 'libifunc.so',
    real: /^NULL$/,
  },
  {
    name: 'thread-local',
    sources: { 'tls.c': '__thread int per_thread = 1;\n' },
    build: [`${SHARED} -o libtls.so tls.c`],
    library: 'libtls.so',
    op: 'sym=per_thread',
    kind: 'symbol.thread-local',
    evidence: [/has 4 bytes of thread-local storage/],
    fix: /call dlsym in each thread/,
    object: 'libtls.so',
    real: /^ok$/,
  },
];

const available = hasTools('gcc', 'g++', 'ld.lld', 'ld.bfd');

describe.skipIf(!available)('what dlsym does not find', () => {
  let bench: Bench;
  beforeAll(() => {
    bench = startBench();
  });
  afterAll(() => bench[Symbol.dispose]());

  test.each(LOOKUPS.map((lookup) => [lookup.name, lookup] as const))('%s', (_, lookup) => {
    const { directory, files } = bench;
    const source = new URL('host.c', import.meta.url).pathname;
    bench.build('rm -f *.so');
    for (const [name, text] of Object.entries(lookup.sources)) bench.write(name, text);
    for (const command of lookup.build) bench.build(command.replace('HOST', source));
    const host = `${directory}/${lookup.build.some((command) => command.includes('HOST')) ? 'host2' : 'host'}`;
    const opened = [...(lookup.before ?? []), ...(lookup.library === '-' ? [] : [lookup.library])];
    const paths = opened.map((name) => `${directory}/${name}`);

    const real = bench.runWith(host, {}, ...paths.map((path) => `now=${path}`), lookup.op).lines;
    expect(real.slice(0, -1).every((line) => line === 'ok')).toBe(true);
    const readable = (text: string): string => text.replaceAll(directory, 'DIR');
    const result = real.at(-1)!;
    expect(readable(result)).toMatch(lookup.real);

    const context = bench.context();
    const program = context.openTarget(host);
    if (program.kind !== 'dynamic') throw new Error('no host');
    const session = startSession(context, program.object, host);
    for (const file of paths) session.perform({ call: 'dlopen', file, mode: { now: true }, handle: file });
    const [how, what] = lookup.op.split('=') as [string, string];
    const [name, version] = what.split('@') as [string, string | undefined];
    const handle = how === 'default' || how === 'next' ? undefined : session.handle(paths.at(-1)!)!.object;
    const loaded = session.linkMap();
    const global = loaded.filter(({ path }) => !paths.includes(path));
    const scope = handle ? [handle, ...loaded.filter(({ path }) => path.includes('libc.so'))] : global;
    const request = {
      context,
      files,
      program,
      place: handle ? { library: handle } : { pseudo: how as 'default' | 'next' },
      scope: how === 'next' ? global.slice(1) : scope,
      loaded,
      name,
      version,
    };
    const told = result === 'ok' ? {} : result === 'NULL' ? { returnedNull: true } : { message: result };
    const explained = diagnoseSymbol({ ...request, ...told });
    // That a resolver returns NULL is known only when it has run.
    if (lookup.name !== 'an IFUNC that resolves to NULL') expect(diagnoseSymbol(request)).toEqual(explained);
    if (lookup.kind === undefined) {
      expect(explained).toEqual([]);
      return;
    }
    expect(explained).toHaveLength(1);
    const [finding] = explained;
    expect(finding!.kind).toBe(lookup.kind);
    if (!/^(ok|NULL)$/.test(result)) expect(finding!.message).toBe(result);
    const evidence = finding!.evidence
      .map(({ text, object }) => readable(object === undefined ? text : `${object}: ${text}`))
      .join('\n');
    for (const pattern of lookup.evidence ?? []) expect(evidence).toMatch(pattern);
    expect(readable(finding!.fix!)).toMatch(lookup.fix!);
    if (lookup.object !== undefined) expect(finding!.object).toBe(`${directory}/${lookup.object}`);
  });
});
