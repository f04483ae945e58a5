import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoaderSettings } from '../../../src/loader/index.ts';
import type { Finding } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { type Bench, startBench } from './bench.ts';
import { patchRelocation } from './patch-relocation.ts';

const NOW = { now: true } as const;
const LAZY = {} as const;

/** The settings of this machine, but for what is given. */
function contextWith(bench: Bench, changed: Partial<LoaderSettings>) {
  const context = bench.context();
  return {
    ...context,
    settingsFor: (root: Parameters<typeof context.settingsFor>[0]) =>
      Object.create(context.settingsFor(root), Object.getOwnPropertyDescriptors(changed)) as LoaderSettings,
  };
}

const only = (findings: readonly Finding[]): Finding => {
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
const evidenceOf = ({ evidence }: Finding): string =>
  evidence.map(({ text, object }) => (object === undefined ? text : `${object}: ${text}`)).join('\n');

describe.skipIf(!hasTools('gcc') || process.arch !== 'x64')('failures of their own kind', () => {
  let bench: Bench;
  const library = (name: string, source: string, options = ''): string => {
    bench.write(`${name}.c`, source);
    bench.build(`gcc -shared -fPIC -o ${name}.so ${name}.c ${options}`);
    return `${bench.directory}/${name}.so`;
  };
  beforeAll(() => {
    bench = startBench();
  });
  afterAll(() => bench[Symbol.dispose]());

  test.skipIf(!hasTools('clang', 'ld.lld'))(
    'relocations that are packed for Android: nobody applies them',
    () => {
      const source =
        'static int a; int *volatile all[99] = {[0 ... 98] = &a}; int first(void) { return *all[0]; }\n';
      bench.write('android.c', source);
      const pack = '-fuse-ld=lld -Wl,--pack-dyn-relocs=android';
      bench.build(`clang -shared -fPIC -O1 -nostartfiles ${pack} -o android.so android.c`);
      const file = `${bench.directory}/android.so`;
      expect(bench.run(`now=${file}`, 'call=first', 'sym=first').lines).toEqual(['ok']);
      const finding = only(bench.diagnose(file, NOW));
      expect(finding).toMatchObject({ kind: 'open.relr', severity: 'error', object: file });
      expect(finding.message).toContain('DT_ANDROID_RELA');
      const told = bench.diagnose(file, NOW, { death: { signal: 'SIGSEGV', faultAddress: 0n } });
      expect(told.map(({ kind }) => kind)).toEqual(['open.relr', 'open.constructor']);
    },
  );

  test('a function that nobody has, bound lazily: dlopen succeeds, and the call ends the process', () => {
    const file = library('lazy', 'void gone(void); void lazy(void) { gone(); }\n', '-Wl,-z,lazy');
    const { lines, stderr } = bench.run(`open=${file}`, 'call=lazy', 'sym=lazy');
    expect(lines).toEqual(['ok']);
    const finding = only(bench.diagnose(file, LAZY));
    expect(stderr.trim()).toBe(`./host: ${finding.message}`);
    expect(finding).toMatchObject({ kind: 'load.undefined-symbol', severity: 'warning', subject: 'gone' });
    expect(evidenceOf(finding)).toContain('the process ends at the first call');
    // With RTLD_NOW it is an error of dlopen.
    expect(only(bench.diagnose(file, NOW)).message).toBe(bench.run(`now=${file}`).lines[0]);
  });

  test('RTLD_NOLOAD of what is not loaded: NULL, and no text', () => {
    const file = library('noload', 'int one;\n');
    expect(bench.run(`noload=${file}`).lines).toEqual(['NULL']);
    expect(only(bench.diagnose(file, { now: true, noLoad: true }))).toMatchObject({
      kind: 'open.not-loaded',
      severity: 'note',
    });
    expect(bench.run(`now=${file}`, `noload=${file}`).lines).toEqual(['ok', 'ok']);
    const before = [{ call: 'dlopen', file, mode: NOW, handle: 'first' }] as const;
    expect(bench.diagnose(file, { now: true, noLoad: true }, { before })).toEqual([]);
  });

  test('what was opened before counts: its symbols, and that it answers to its name', () => {
    const provider = library('provider', 'int provided(void) { return 1; }\n');
    const user = library('user', 'int provided(void); int use(void) { return provided(); }\n');
    expect(bench.run(`global=${provider}`, `now=${user}`).lines).toEqual(['ok', 'ok']);
    const open = (mode: object) => [{ call: 'dlopen', file: provider, mode, handle: 'p' }] as const;
    expect(bench.diagnose(user, NOW, { before: open({ now: true, global: true }) })).toEqual([]);
    const message = bench.run(`now=${provider}`, `now=${user}`).lines[1]!;
    const finding = only(bench.diagnose(user, NOW, { before: open(NOW) }));
    expect(finding.message).toBe(message);
    expect(evidenceOf(finding)).toContain(`${provider}: exports provided`);
    expect(finding.fix).toMatch(/link .*user\.so with .*provider\.so, or open that .*RTLD_GLOBAL/);
  });

  test.each([
    [
      'a NULL pointer',
      '*(volatile int *)0 = 1;',
      /by SIGSEGV while it opened .*crash\.so, in crash_start/,
      /address 0x0: a NULL pointer/,
    ],
    ['abort', 'abort();', /by SIGABRT/, /has constructors/],
    ['exit', 'exit(3);', /by exit\(3\)/, /has constructors/],
  ])('a constructor that ends the process: %s', (_, code, said, evidence) => {
    const file = library(
      'crash',
      `#include <stdlib.h>\n__attribute__((constructor)) void crash_start(void) { ${code} }\n`,
    );
    const { lines, signal } = bench.run(`now=${file}`);
    expect(lines).toEqual([]);
    const isFault = signal === 'SIGSEGV';
    const finding = only(
      bench.diagnose(file, NOW, {
        death: {
          signal: signal ?? undefined,
          status: signal === null ? 3 : undefined,
          object: file,
          symbol: isFault ? 'crash_start' : undefined,
          offset: undefined,
          faultAddress: isFault ? 0n : undefined,
        },
      }),
    );
    expect(finding).toMatchObject({ kind: 'open.constructor', object: file });
    expect(finding.message).toMatch(said);
    expect(evidenceOf(finding)).toMatch(evidence);
    expect(finding.fix).toMatch(/constructor/);
  });

  test('an executable stack: allowed up to glibc 2.40, refused from 2.41 on', () => {
    const file = library('stack', 'int stack(void) { return 1; }\n', '-Wl,-z,execstack');
    expect(bench.run(`now=${file}`).lines).toEqual(['ok']);
    expect(bench.diagnose(file, NOW, { context: contextWith(bench, { version: 2040 }) })).toEqual([]);
    const finding = only(bench.diagnose(file, NOW, { context: contextWith(bench, { version: 2041 }) }));
    expect(finding).toMatchObject({ kind: 'open.executable-stack', object: file });
    expect(finding.message).toMatch(/stack\.so: cannot enable executable stack as shared object requires/);
    expect(finding.fix).toMatch(/note\.GNU-stack.*--clear-execstack/);
    const message = `${file}: cannot enable executable stack as shared object requires: Permission denied`;
    const refused = only(bench.diagnose(file, NOW, { message }));
    expect(refused.kind).toBe('open.executable-stack');
    expect(evidenceOf(refused)).toMatch(/SELinux/);
  });

  test('pages of 16 KB', () => {
    const small = library('small', 'int a = 1; int f(void) { return a; }\n', '-Wl,-z,max-page-size=4096');
    const large = library('large', 'int a = 1; int f(void) { return a; }\n', '-Wl,-z,max-page-size=65536');
    expect(bench.diagnose(small, NOW)).toEqual([]);
    expect(bench.diagnose(large, NOW, { pageSize: 16384 })).toEqual([]);
    const finding = only(bench.diagnose(small, NOW, { pageSize: 16384 }));
    expect(finding).toMatchObject({ kind: 'open.page-size', object: small });
    expect(finding.message).toBe(`${small}: ELF load command address/offset not page-aligned`);
    expect(finding.fix).toMatch(/max-page-size=65536/);
  });

  test('packed relocations on a glibc that knows none', () => {
    const source =
      '#include <stdio.h>\nstatic int a, b; int *const p[] = {&a, &b, &a}; int put(void) { return puts("x"); }\n';
    const file = library('packed', source, '-Wl,-z,pack-relative-relocs');
    expect(bench.diagnose(file, NOW)).toEqual([]);
    const finding = only(bench.diagnose(file, NOW, { context: contextWith(bench, { version: 2035 }) }));
    expect(finding.kind).toBe('open.relr');
    const message = `/lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_ABI_DT_RELR' not found (required by ${file})`;
    const refused = only(bench.diagnose(file, NOW, { message }));
    expect(refused.kind).toBe('load.missing-version');
    expect(refused.fix).toMatch(/nopack-relative-relocs/);
  });

  test.each([
    [2, 'R_X86_64_PC32', 'warning'],
    [10, 'R_X86_64_32', 'error'],
  ] as const)('an address that 32 bits do not hold: %i, %s', (type, name, severity) => {
    bench.write('variable.c', 'int host_variable;\n');
    const source = new URL('host.c', import.meta.url).pathname;
    bench.build(`gcc -w -pie -fPIE -rdynamic -o host3 ${source} variable.c`);
    const file = library('far', 'extern int host_variable; int *far_pointer = &host_variable;\n');
    patchRelocation(bench, 'far.so', 1, type);
    const host = `${bench.directory}/host3`;
    const { lines, stderr } = bench.runWith(host, {}, `now=${file}`);
    expect(lines).toEqual(['ok']);
    expect(stderr).toContain(`Symbol \`host_variable' causes overflow in ${name} relocation`);
    const program = bench.context().openTarget(host);
    if (program.kind !== 'dynamic') throw new Error('no host');
    expect(only(bench.diagnose(file, NOW, { program }))).toMatchObject({
      kind: 'open.relocation',
      severity,
      object: file,
    });
    const told = only(bench.diagnose(file, NOW, { program, message: stderr.trim() }));
    expect(told).toMatchObject({ kind: 'open.relocation', subject: 'host_variable' });
    expect(told.fix).toMatch(/-fPIC/);
  });

  test('text relocations under SELinux', () => {
    bench.write(
      'text.s',
      '.globl text_where\ntext_where:\n movabs $text_where, %rax\n ret\n.section .note.GNU-stack,"",@progbits\n',
    );
    bench.build('gcc -shared -o text.so text.s -Wl,-z,notext 2>/dev/null');
    const file = `${bench.directory}/text.so`;
    expect(bench.run(`now=${file}`).lines).toEqual(['ok']);
    expect(only(bench.diagnose(file, NOW))).toMatchObject({
      kind: 'hygiene.text-relocations',
      severity: 'note',
    });
    const message = `${file}: cannot restore segment prot after reloc: Permission denied`;
    const refused = only(bench.diagnose(file, NOW, { message }));
    expect(refused).toMatchObject({ kind: 'hygiene.text-relocations', severity: 'error', object: file });
    expect(refused.fix).toMatch(/-fPIC.*textrel_shlib_t/);
  });

  test('more namespaces than there are', () => {
    const file = library('space', 'int one;\n', '-nostdlib');
    const { lines } = bench.run(...Array.from({ length: 16 }, () => `new=${file}`));
    const message = lines.find((line) => line !== 'ok')!;
    expect(message).toMatch(/no more namespaces available for dlmopen\(\)/);
    expect(only(bench.diagnose(file, NOW, { message }))).toMatchObject({ kind: 'open.invalid-call' });
  });

  test('set-user-ID programs and tokens, from the text', () => {
    const finding = only(
      bench.diagnose('$ORIGIN/libx.so', NOW, {
        message: '$ORIGIN/libx.so: DST not allowed in SUID/SGID programs',
      }),
    );
    expect(finding).toMatchObject({ kind: 'open.token', subject: '$ORIGIN/libx.so' });
    expect(finding.fix).toMatch(/absolute path/);
  });

  test('a program that copies what a library protects, from the text', () => {
    const file = library('access', 'int one;\n');
    const message = `${file}: error due to GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS`;
    const finding = only(bench.diagnose(file, NOW, { message }));
    expect(finding).toMatchObject({ kind: 'open.copy-relocation', object: file });
    expect(finding.fix).toMatch(/-mno-direct-extern-access/);
  });

  test('a text that nobody knows', () => {
    expect(only(bench.diagnose('libx.so', NOW, { message: 'the dog ate it' }))).toMatchObject({
      kind: 'open.unknown',
      message: 'the dog ate it',
    });
  });

  test('a file system without execution', (context) => {
    mkdirSync(`${bench.directory}/mounted`);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'none', `${bench.directory}/mounted`]);
    if (mounted.status !== 0) return context.skip();
    try {
      library('noexec', 'int f(void) { return 1; }\n');
      bench.build('cp noexec.so mounted/');
      const file = `${bench.directory}/mounted/noexec.so`;
      const finding = only(bench.diagnose(file, NOW));
      expect(finding.message).toBe(bench.run(`now=${file}`).lines[0]);
      expect(finding).toMatchObject({ kind: 'open.mapping', object: file });
      expect(evidenceOf(finding)).toMatch(/noexec/);
    } finally {
      spawnSync('umount', [`${bench.directory}/mounted`]);
    }
  });
});

describe.skipIf(!hasTools('musl-gcc'))("musl's refusals", () => {
  let bench: Bench;
  beforeAll(() => {
    bench = startBench();
    bench.build(`musl-gcc -w -o host-musl ${new URL('host.c', import.meta.url).pathname}`);
  });
  afterAll(() => bench[Symbol.dispose]());

  const explained = (op: string, file: string): Finding => {
    const { lines } = bench.runWith('./host-musl', {}, `${op}=${file}`);
    const program = bench.context().openTarget(`${bench.directory}/host-musl`);
    if (program.kind !== 'dynamic') throw new Error('no host');
    const finding = only(bench.diagnose(file, NOW, { program, message: lines[0]! }));
    expect(finding.message).toBe(lines[0]);
    return finding;
  };
  const build = (name: string, source: string, options = ''): string => {
    bench.write(`${name}.c`, source);
    bench.build(`musl-gcc -shared -fPIC -o ${name}.so ${name}.c ${options}`);
    return `${bench.directory}/${name}.so`;
  };

  test('not there', () => {
    const file = `${bench.directory}/nowhere.so`;
    expect(explained('now', file)).toMatchObject({ kind: 'load.not-found', subject: file });
  });

  test('a needed library that is not there', () => {
    build('libleaf', 'int leaf(void) { return 1; }\n', '-Wl,-soname,libleaf.so');
    const file = build('libtop', 'int leaf(void); int top(void) { return leaf(); }\n', '-L. -lleaf');
    const finding = explained('now', file);
    expect(finding).toMatchObject({ kind: 'load.not-found', subject: 'libleaf.so', object: file });
    expect(evidenceOf(finding)).toContain(`${file}: needs libleaf.so`);
    expect(finding.fix).toContain("-rpath,'$ORIGIN'");
  });

  test('no library', () => {
    bench.write('text.so', `INPUT(libother.so) /* ${'x'.repeat(900)} */\n`);
    expect(explained('now', `${bench.directory}/text.so`)).toMatchObject({ kind: 'open.not-a-library' });
  });

  test('a symbol that nobody has', () => {
    const file = build('lost', 'int gone(void); int (*p)(void) = gone;\n');
    expect(explained('now', file)).toMatchObject({
      kind: 'load.undefined-symbol',
      subject: 'gone',
      object: file,
    });
  });

  test('initial-exec thread-local storage', () => {
    const file = build(
      'tls',
      '__thread int v __attribute__((tls_model("initial-exec"))) = 1; int get(void) { return v; }\n',
    );
    expect(explained('now', file)).toMatchObject({ kind: 'open.static-tls' });
  });

  test('RTLD_NOLOAD', () => {
    const file = build('noload', 'int one;\n');
    expect(explained('noload', file)).toMatchObject({ kind: 'open.not-loaded', severity: 'note' });
  });
});
