import { describe, expect, it } from 'vitest';
import { loadContext } from '../../src/host/index.ts';
import { performAll, startSession } from '../../src/loader/index.ts';
import type { DlCall } from '../../src/model/index.ts';
import { Farm, noOracle } from './farm.ts';
import { brief, check, close, makeProgram, open, symbol, use } from './session/check.ts';
import { callerOf, observe } from './session/observe.ts';

const RPATH = ['-rpath', '$ORIGIN'];
const LAX = ['--unresolved-symbols=ignore-all'];
const HASH = ['--hash-style=both'];

const define = (...names: string[]) => names.map((name) => `void ${name}(void) {}`).join(' ');
/** Code of a library that calls functions through its PLT. */
const call = (library: string, ...names: string[]) =>
  names.map((name) => `void ${name}(void); void ${callerOf(library, name)}(void) { ${name}(); }`).join(' ');
const unique = (name: string) =>
  `__asm__(".globl ${name}\\n.type ${name}, @gnu_unique_object\\n.data\\n${name}: .long 1\\n.size ${name}, 4\\n.text"); extern int ${name}; int *at_${name}(void) { return &${name}; }`;

describe.skipIf(noOracle)('calls of the dlopen API, beside the real ones', () => {
  it('counts handles, and unloads with the last', () => {
    using farm = new Farm();
    farm.library('libneed.so', define('h'));
    const one = farm.library('libone.so', call('libone.so', 'h'), 'libneed.so', ...RPATH);
    const { outcomes } = check(makeProgram(farm), [
      open(one, 'a'),
      open(one, 'b'),
      close('a'),
      symbol('b', 'h'),
      close('b'),
    ]);
    expect(outcomes.map(brief)).toEqual([
      { count: 1, added: ['libone.so', 'libneed.so'] },
      { count: 2, added: [] },
      { unloaded: [], kept: { 'libone.so': ['opened 1'], 'libneed.so': ['needed libone.so'] } },
      'libneed.so',
      { unloaded: ['libone.so', 'libneed.so'], kept: {} },
    ]);
  });

  it('says that a handle is closed already, for as long as the loader can tell', () => {
    using farm = new Farm();
    farm.library('libstart.so', define('s'));
    const program = makeProgram(farm, 'libstart.so');
    const { outcomes } = check(program, [
      open('libstart.so', 'a'),
      close('a'),
      close('a'),
      open(null, 'main'),
      close('main'),
      close('main'),
      close('main'),
    ]);
    expect(brief(outcomes[2])).toBe('libstart.so: shared object not open');
    expect(brief(outcomes[6])).toBe('shared object not open');
  });

  it('keeps what a reference is bound to', () => {
    using farm = new Farm();
    const used = farm.library('libused.so', define('h'));
    const user = farm.library('libuser.so', call('libuser.so', 'h'), ...LAX, ...HASH);
    const { outcomes } = check(makeProgram(farm), [
      open(used, 'used', { global: true }),
      open(user, 'user'),
      use(user, 'h'),
      close('used'),
      close('user'),
    ]);
    expect(outcomes.slice(2).map(brief)).toEqual([
      'libused.so',
      { unloaded: [], kept: { 'libused.so': ['bound libuser.so h'] } },
      { unloaded: ['libuser.so', 'libused.so'], kept: {} },
    ]);
  });

  it('does not unload what is marked: by a flag, by its file, by a unique symbol, by a look-up of the program', () => {
    using farm = new Farm();
    const flag = farm.library('libflag.so', define('a'));
    const file = farm.library('libfile.so', define('b'), '-z', 'nodelete');
    const symbols = farm.library('libunique.so', unique('u'));
    const bound = farm.library('libbound.so', define('c'));
    const { outcomes } = check(makeProgram(farm), [
      open(flag, 'flag', { noDelete: true }),
      close('flag'),
      close('flag'),
      open(file, 'file'),
      close('file'),
      open(symbols, 'unique'),
      close('unique'),
      open(bound, 'bound', { global: true }),
      symbol('default', 'c'),
      close('bound'),
    ]);
    expect([1, 4, 6, 9].map((at) => brief(outcomes[at]))).toEqual([
      { unloaded: [], kept: { 'libflag.so': ['opened 1', 'nodelete flag'] } },
      { unloaded: [], kept: { 'libfile.so': ['opened 1', 'nodelete file'] } },
      { unloaded: [], kept: { 'libunique.so': ['opened 1', 'nodelete unique u'] } },
      { unloaded: [], kept: { 'libbound.so': ['opened 1', 'nodelete bound program c'] } },
    ]);
  });

  it('asks with RTLD_NOLOAD, which may promote', () => {
    using farm = new Farm();
    const used = farm.library('libused.so', define('h'));
    const user = farm.library('libuser.so', call('libuser.so', 'h'), ...LAX);
    const { outcomes } = check(makeProgram(farm), [
      open(used, 'none', { noLoad: true }),
      open(farm.path('libnowhere.so'), 'none', { noLoad: true }),
      open(used, 'used'),
      open(user, 'user', { now: true }),
      open(used, 'global', { noLoad: true, global: true }),
      open(user, 'user', { now: true }),
    ]);
    expect(outcomes.map(brief)).toEqual([
      'not loaded',
      'libnowhere.so: cannot open shared object file: No such file or directory',
      { count: 1, added: ['libused.so'] },
      'libuser.so: undefined symbol: h',
      { count: 2, added: [] },
      { count: 1, added: ['libuser.so'] },
    ]);
  });

  it('binds calls at the first use, at once with RTLD_NOW or in a library that wants it', () => {
    using farm = new Farm();
    const source = (name: string) => call(name, 'missing');
    const lazy = farm.library('liblazy.so', source('liblazy.so'), ...LAX, ...HASH, '-z', 'lazy');
    const now = farm.library('libnow.so', source('libnow.so'), ...LAX, '-z', 'now');
    const program = makeProgram(farm);
    const { outcomes } = check(program, [
      open(lazy, 'a', { now: true }),
      open(now, 'b'),
      open(lazy, 'c'),
      use(lazy, 'missing'),
    ]);
    expect(outcomes.map(brief)).toEqual([
      'liblazy.so: undefined symbol: missing',
      'libnow.so: undefined symbol: missing',
      { count: 1, added: ['liblazy.so'] },
      'symbol lookup error: liblazy.so: undefined symbol: missing',
    ]);
  });

  it('runs constructors of what is needed first, destructors the other way round, DF_1_INITFIRST before all', () => {
    using farm = new Farm();
    for (const name of ['liba.so', 'libb.so', 'libc1.so'])
      farm.library(name, define(`in_${name.replace('.', '_')}`));
    farm.library('libfirst.so', define('first'), '-z', 'initfirst');
    farm.library('libb.so', define('b'), 'liba.so', ...RPATH);
    farm.library('liba.so', define('a'), 'libb.so', 'libc1.so', ...RPATH);
    const top = farm.library('libtop.so', define('top'), 'libb.so', 'libfirst.so', ...RPATH);
    const { outcomes } = check(makeProgram(farm), [open(top, 't'), close('t'), open(top, 't')]);
    expect(outcomes[0]).toMatchObject({ initialised: [{ name: 'libfirst.so' }, {}, {}, {}, { name: top }] });
  });

  it('looks breadth-first, for the default version, or the one that dlvsym names', () => {
    using farm = new Farm();
    farm.write('map', 'V1 { global: f; }; V2 { global: f; } V1;');
    const versions =
      '__asm__(".symver f1, f@V1\\n.symver f2, f@@V2"); void f1(void) {} void f2(void) {} void g(void) {}';
    farm.library('libdeep.so', define('g', 'd'));
    farm.library('libleft.so', define('l'), 'libdeep.so', ...RPATH);
    farm.library('libright.so', versions, `--version-script=${farm.path('map')}`);
    const top = farm.library('libtop.so', define('t'), 'libleft.so', 'libright.so', ...RPATH);
    const { outcomes } = check(makeProgram(farm), [
      open(top, 't'),
      symbol('t', 'g'),
      symbol('t', 'd'),
      symbol('t', 'f'),
      symbol('t', 'f', 'V1'),
      symbol('t', 'f', 'V9'),
      symbol('t', 'nothing'),
      symbol('default', 'd'),
      symbol('next', 'malloc'),
    ]);
    const [, , , newest, oldest, none, nothing, byDefault] = outcomes;
    expect(newest).not.toEqual(oldest);
    expect([none, nothing, byDefault].map(brief)).toEqual([
      'libtop.so: undefined symbol: f, version V9',
      'libtop.so: undefined symbol: nothing',
      'program: undefined symbol: d',
    ]);
  });

  it('looks behind the caller with RTLD_NEXT', () => {
    using farm = new Farm();
    const source = (library: string) =>
      `extern void *dlsym(void *, const char *); ${define('f')} void ${callerOf(library, 'next')}(void) { dlsym((void *)-1, "f"); }`;
    farm.library('libsecond.so', define('f'));
    const first = farm.library(
      'libfirst.so',
      source('libfirst.so'),
      'libsecond.so',
      ...RPATH,
      ...LAX,
      ...HASH,
    );
    const program = makeProgram(farm);
    const opened = open(first, 'h');
    const { steps } = observe(program, [opened, use(first, 'next')]);
    const context = loadContext({});
    const target = context.openTarget(program);
    if (target.kind !== 'dynamic') throw new Error('no program');
    const session = startSession(context, target.object, program);
    session.perform(opened);
    const outcome = session.perform({
      call: 'dlsym',
      handle: { pseudo: 'next' },
      symbol: 'f',
      caller: first,
    });
    expect(brief(outcome)).toBe('libsecond.so');
    const row = [first, 'f', '-', farm.path('libsecond.so'), 'normal'].join('\t');
    expect(steps[2]!.lookups).toContain(row);
  });

  it('refuses what must not be opened, and what has lost a version', () => {
    using farm = new Farm();
    const closed = farm.library('libclosed.so', define('c'), '-z', 'nodlopen');
    const needs = farm.library('libneeds.so', define('n'), 'libclosed.so', ...RPATH);
    farm.write('old', 'V1 { global: f; };');
    farm.write('new', 'V2 { global: f; };');
    farm.library('libversioned.so', define('f'), `--version-script=${farm.path('old')}`);
    const user = farm.library('libuser.so', call('libuser.so', 'f'), 'libversioned.so', ...RPATH);
    farm.library('libversioned.so', define('f'), `--version-script=${farm.path('new')}`);
    const program = makeProgram(farm);
    const { outcomes } = check(program, [
      open(program, 'a'),
      open(closed, 'b'),
      open(needs, 'c'),
      open(user, 'd'),
      open(user, 'e', { noBinding: true }),
      open(null, 'f', { noBinding: true }),
      symbol('a', 'malloc'),
    ]);
    expect(outcomes.map(brief)).toEqual([
      'program: cannot dynamically load position-independent executable',
      'libclosed.so: shared object cannot be dlopen()ed',
      'libclosed.so: shared object cannot be dlopen()ed',
      "libversioned.so: version `V1' not found (required by libuser.so)",
      'libuser.so: invalid mode for dlopen(): Invalid argument',
      'invalid mode for dlopen(): Invalid argument',
      'libc.so.6',
    ]);
  });

  it('knows to the byte how much static TLS is left, and what comes back', () => {
    using farm = new Farm();
    const program = makeProgram(farm);
    const model = 'tls_model("initial-exec")';
    const block = (size: number) =>
      `static __thread __attribute__((${model}, aligned(8))) char block[${size}]; char *at(void) { return block; }`;
    const sizes = [1200, 1632, 1648, 1656, 1664, 1672, 1680, 1688, 1696, 1704, 1712, 1720, 1728];
    const results = sizes.map((size) => {
      const path = farm.library(`libtls${size}.so`, block(size));
      const small = farm.library('libsmall.so', block(480));
      const { outcomes } = check(program, [
        open(path, 'a'),
        open(small, 'b'),
        ...(size < 1650 ? [close('a')] : []),
        open(small, 'c'),
        open(path, 'd'),
      ]);
      return outcomes[0]!.result;
    });
    expect(new Set(results)).toEqual(new Set(['opened', 'refused']));
  });

  it('gives a module that was used dynamically no place in static TLS', () => {
    using farm = new Farm();
    const owner = farm.library('libowner.so', '__thread int t;');
    const user = farm.library(
      'libuser.so',
      'extern __thread __attribute__((tls_model("initial-exec"))) int t; int *at(void) { return &t; }',
      ...LAX,
    );
    const calls = (...between: DlCall[]) => [open(owner, 'o', { global: true }), ...between, open(user, 'u')];
    const program = makeProgram(farm);
    expect(check(program, calls()).outcomes.at(-1)!.result).toBe('opened');
    expect(brief(check(program, calls(symbol('o', 't'))).outcomes.at(-1))).toBe(
      'libowner.so: cannot allocate memory in static TLS block',
    );
  });

  it('opens into namespaces of their own, sixteen at most', () => {
    using farm = new Farm();
    const one = farm.library('libone.so', call('libone.so', 'malloc'), '-lc');
    const inNew = (handle: string): DlCall => ({
      call: 'dlopen',
      file: one,
      mode: {},
      handle,
      namespace: 'new',
    });
    const near = (of: string, file: string | null, mode = {}): DlCall => ({
      call: 'dlopen',
      file,
      mode,
      handle: 'near',
      namespace: { of },
    });
    const program = makeProgram(farm);
    const { outcomes } = check(program, [
      inNew('first'),
      symbol('first', 'malloc'),
      near('first', 'libm.so.6'),
      near('first', one, { global: true }),
      near('first', null),
      close('first'),
      inNew('second'),
    ]);
    expect(brief(outcomes[0])).toEqual({
      count: 1,
      added: ['libone.so', 'libc.so.6', 'ld-linux-x86-64.so.2'],
    });
    expect(outcomes.slice(3, 5).map(brief)).toEqual([
      'invalid mode: Invalid argument',
      'invalid namespace: Invalid argument',
    ]);
    const tiny = farm.library('libtiny.so', define('t'));
    const many = Array.from(
      { length: 16 },
      (_, at): DlCall => ({ ...inNew(`h${at}`), file: tiny }) as DlCall,
    );
    expect(brief(check(program, many).outcomes.at(-1))).toBe(
      'libtiny.so: no more namespaces available for dlmopen(): Invalid argument',
    );
  });

  it('knows what only other versions of the loader do', () => {
    using farm = new Farm();
    const stack = farm.library('libstack.so', define('s'), '-z', 'execstack');
    const used = farm.library('libused.so', define('h'));
    const user = farm.library('libuser.so', call('libuser.so', 'h'), ...LAX);
    const program = makeProgram(farm);
    const calls = [
      open(stack, 'stack'),
      open(used, 'used', { global: true }),
      open(user, 'user', { now: true }),
      close('used'),
      close('user'),
    ];
    expect(check(program, calls).outcomes[0]!.result).toBe('opened');
    const context = loadContext({});
    const target = context.openTarget(program);
    if (target.kind !== 'dynamic') throw new Error('no program');
    const settings = context.settingsFor(target.object);
    const newer = { ...context, settingsFor: () => ({ ...settings, version: 2041 }) };
    const outcomes = performAll(startSession(newer, target.object, program), calls);
    expect(brief(outcomes[0])).toBe(
      'libstack.so: cannot enable executable stack as shared object requires: Invalid argument',
    );
  });
});
