import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  Closed,
  DlError,
  type DlFailure,
  type DlProcess,
  dlopen,
  openHost,
  openInProcess,
  ProcessDied,
  RTLD,
} from '../../../src/run/dl/index.ts';
import { hasTools } from '../../support/tools.ts';
import { BACKENDS } from './backends.ts';
import { Workshop } from './compile.ts';

const LOGGING = `
#include <stdio.h>
int counter;
int next(void) { return ++counter; }
__attribute__((visibility("hidden"))) void log_line(const char *line) {
  FILE *file = fopen(LOG, "a");
  fprintf(file, "%s\\n", line);
  fclose(file);
}
__attribute__((constructor)) static void start(void) { log_line("+" NAME); }
__attribute__((destructor)) static void end(void) { log_line("-" NAME); }
`;
const VERSIONED = `
int old(void) { return 1; }
int new(void) { return 2; }
__asm__(".symver old, answer@V1");
__asm__(".symver new, answer@@V2");
__asm__(".globl null_symbol\\n.set null_symbol, 0");
`;

describe.skipIf(!hasTools('cc')).each(BACKENDS)('libraries: $kind', ({ kind, open }) => {
  let workshop: Workshop;
  let process: DlProcess;
  let one: string;
  let two: string;
  let three: string;
  let log: string;
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

  beforeAll(() => {
    workshop = new Workshop();
    log = join(workshop.directory, 'log');
    const library = (name: string) =>
      workshop.library(`lib${name}.so`, `#define NAME "${name}"\n#define LOG "${log}"\n${LOGGING}`);
    one = library('one');
    two = library('two');
    three = library('three');
  });
  afterAll(() => workshop[Symbol.dispose]());
  beforeEach(async () => {
    process = await open();
    return () => process[Symbol.asyncDispose]();
  });

  it('counts how often one is open, as the loader does', async () => {
    const first = await process.dlopen(one);
    const second = await process.dlopen(one);
    expect(first.path).toBe(one);
    expect(second.handle).toBe(first.handle);
    expect([first.count, second.count]).toEqual([2, 2]);
    expect(process.libraries).toEqual([first, second]);
    await first.call('next', 'int(void)');
    await first.close();
    expect([first.closed, second.closed, second.count]).toEqual([true, false, 1]);
    // Still the same library: its variable keeps its value.
    expect(await second.call('next', 'int(void)')).toBe(2);
    await second.close();
    expect(second.count).toBe(0);
    await expect(process.dlopen(one, RTLD.LAZY | RTLD.NOLOAD)).rejects.toThrow(DlError);
    await using again = await process.dlopen(one);
    expect(await again.call('next', 'int(void)')).toBe(1);
  });

  it('does not let a closed one be used', async () => {
    const library = await process.dlopen(one);
    await using other = await process.dlopen(one);
    const next = await library.function('next', 'int(void)');
    const counter = await library.variable('counter', 'int');
    await library.close();
    const closed = `${one} was closed: open it again to use it`;
    const uses = [
      () => next(),
      () => next.withErrno(),
      () => counter.get(),
      () => counter.set(1),
      () => library.symbol('next'),
      () => library.versioned('next', 'V1'),
      () => library.function('next', 'int(void)'),
      () => library.variable('counter', 'int'),
      () => library.info(),
      () => library.linkMap(),
      () => library.close(),
    ];
    for (const use of uses) await expect(use()).rejects.toThrow(new Closed(closed));
    await expect(library[Symbol.asyncDispose]()).resolves.toBe(undefined);
    expect(await other.call('next', 'int(void)')).toBe(1);
  });

  it('closes what is open, the last first, with the process', async () => {
    const before = lines().length;
    const first = await process.dlopen(one);
    await process.dlopen(two);
    await process.close();
    expect(lines().slice(before)).toEqual(['+one', '+two', '-two', '-one']);
    expect(first.closed).toBe(true);
    await expect(first.symbol('next')).rejects.toThrow('the process was closed');
    await expect(process.dlopen(one)).rejects.toThrow(Closed);
    await expect(process.images()).rejects.toThrow(Closed);
    await expect(process.close()).rejects.toThrow(Closed);
  });

  it('is closed once, however many ask for it at once', async () => {
    const before = lines().length;
    await process.dlopen(one);
    await Promise.all([process.close(), process.close()]);
    expect(lines().slice(before)).toEqual(['+one', '-one']);
  });

  it('fails with the words of dlerror', async () => {
    const absent = join(workshop.directory, 'libabsent.so');
    await expect(process.dlopen(absent)).rejects.toThrow(
      new DlError(`${absent}: cannot open shared object file: No such file or directory`),
    );
    await using library = await process.dlopen(one);
    await expect(library.symbol('absent')).rejects.toThrow(new DlError(`${one}: undefined symbol: absent`));
    await expect(library.function('absent', 'int(void)')).rejects.toThrow(DlError);
    await expect(library.variable('absent', 'int')).rejects.toThrow(DlError);
    await expect(library.versioned('next', 'V9')).rejects.toThrow(
      new DlError(`${one}: undefined symbol: next, version V9`),
    );
    await expect(process.dlopen(one, RTLD.GLOBAL)).rejects.toThrow('invalid mode for dlopen()');
    // A text that is wrong is told before anything is looked up.
    await expect(library.function('absent', 'int(')).rejects.toMatchObject({ name: 'DeclarationError' });
    await expect(library.variable('counter', 'void')).rejects.toThrow('a void type has no size');
  });

  it('finds versions and symbols whose value is NULL', async () => {
    const path = workshop.library(
      'libversions.so',
      VERSIONED,
      `-Wl,--version-script=${workshop.file('versions.map', 'V1 { global: answer; null_symbol; }; V2 { } V1;')}`,
    );
    await using library = await process.dlopen(path);
    expect(await library.call('answer', 'int(void)')).toBe(2);
    const old = await library.function('answer', 'int(void)', { version: 'V1' });
    expect(await old()).toBe(1);
    expect(old.address).toBe(await library.versioned('answer', 'V1'));
    expect(await library.versioned('answer', 'V2')).toBe(await library.symbol('answer'));
    expect(await library.symbol('null_symbol')).toBe(0n);
    await expect(library.function('null_symbol', 'void(void)')).rejects.toThrow(
      "the value of 'null_symbol' is NULL",
    );
  });

  it('takes names that C can have', async () => {
    const library = await process.dlopen(one);
    for (const name of [undefined, 5, 'next\0'] as string[]) {
      await expect(process.dlopen(name)).rejects.toThrow('is no name');
      await expect(library.symbol(name)).rejects.toThrow('is no name');
    }
    await expect(library.versioned('next', 'V\0')).rejects.toThrow('is no name');
  });

  it('knows the global scope', async () => {
    await expect(process.symbol('default', 'next')).rejects.toThrow('undefined symbol: next');
    await using library = await process.dlopen(two, RTLD.LAZY | RTLD.GLOBAL);
    expect(await process.symbol('default', 'next')).toBe(await library.symbol('next'));
    expect(await (await process.function('default', 'abs', 'int(int)'))(-3)).toBe(3);
    await using program = await process.dlopen(null);
    expect(program.path).toBe('');
    expect(await program.symbol('abs')).toBe(await process.symbol('default', 'abs'));
    expect((await program.info()).linkMap.name).toBe('');
    if (kind === 'in-process') {
      await expect(process.symbol('next', 'abs')).rejects.toThrow("RTLD_NEXT means 'after the caller'");
    } else {
      expect(await process.symbol('next', 'abs')).toBe(await process.symbol('default', 'abs'));
    }
  });

  it('opens in a namespace of its own', async () => {
    await using base = await process.dlopen(one);
    await using apart = await process.dlmopen('new', one);
    expect(apart.handle).not.toBe(base.handle);
    await base.call('next', 'int(void)');
    expect(await apart.call('next', 'int(void)')).toBe(1);
    expect((await base.info()).namespace).toBe(0n);
    const { namespace } = await apart.info();
    expect(namespace).toBeGreaterThan(0n);
    await using beside = await process.dlmopen(apart, three);
    expect((await beside.info()).namespace).toBe(namespace);
    await using same = await process.dlmopen(namespace!, three);
    expect(same.handle).toBe(beside.handle);
    const names = (await apart.linkMap()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith(workshop.directory))).toEqual([one, three]);
    expect((await process.linkMap()).map(({ name }) => name)).not.toContain(three);
  });

  it('tells what stands where', async () => {
    await using library = await process.dlopen(one);
    const address = await library.symbol('next');
    const info = await process.info(address + 1n);
    const base = (await process.linkMap()).find(({ name }) => name === one)!.base;
    expect(info).toMatchObject({
      object: one,
      base,
      symbol: { name: 'next', address, info: 0x12, other: 0 },
    });
    expect(info!.symbol!.size).toBeGreaterThan(0n);
    expect(await process.info(16n)).toBe(undefined);
    const { linkMap, origin, searchPath, tlsModule, tlsData } = await library.info();
    expect(linkMap).toMatchObject({ name: one, base });
    expect([origin, tlsModule, tlsData]).toEqual([realpathSync(workshop.directory), 0n, 0n]);
    expect(searchPath!.length).toBeGreaterThan(0);
    const { images, added, removed } = await process.images();
    const image = images.find(({ name }) => name === one)!;
    expect(image.base).toBe(base);
    // PT_LOAD of the code, and PT_DYNAMIC where the link map says.
    expect(image.segments.some(({ type, flags }) => type === 1 && (flags & 1) !== 0)).toBe(true);
    expect(image.segments.find(({ type }) => type === 2)!.address + base).toBe(linkMap.dynamic);
    expect(Number(added - removed)).toBeGreaterThanOrEqual(images.length);
  });

  it('tells of the loader itself, which has no origin', async () => {
    const base = (await process.linkMap()).find(({ name }) => /\/ld[-\w.]*\.so\.\d$/.test(name))!;
    await using loader = await process.dlopen(base.name);
    const { linkMap, origin } = await loader.info();
    expect([linkMap.base, origin]).toEqual([base.base, undefined]);
  });
});

describe.skipIf(!hasTools('cc'))('a failure', () => {
  it('is explained, and a success is not', async () => {
    const failures: DlFailure[] = [];
    const finding = {
      kind: 'load.missing',
      severity: 'error',
      message: 'because',
      subject: 'x',
      evidence: [],
    } as const;
    const explain = (failure: DlFailure) => {
      failures.push(failure);
      return [finding as never];
    };
    await using process = await openHost({ explain });
    await using library = await process.dlopen('libc.so.6');
    expect(failures).toEqual([]);
    const dlopenError = await process.dlopen('/absent.so', RTLD.LAZY).catch((error: unknown) => error);
    expect(dlopenError).toBeInstanceOf(DlError);
    expect(dlopenError).toMatchObject({ findings: [finding] });
    await expect(library.versioned('absent', 'V1')).rejects.toMatchObject({ findings: [finding] });
    await expect(process.symbol('default', 'absent')).rejects.toThrow('undefined symbol');
    expect(failures).toMatchObject([
      { call: 'dlopen', file: '/absent.so', flags: RTLD.LAZY },
      { call: 'dlsym', symbol: 'absent', version: 'V1', handle: '0' },
      { call: 'dlsym', symbol: 'absent', version: undefined, handle: { pseudo: 'default' } },
    ]);
    for (const { before } of failures) {
      expect(before).toMatchObject([
        { call: 'dlopen', file: 'libc.so.6', mode: { now: true, global: false } },
      ]);
    }
    const puzzled = () => {
      throw new Error('puzzled');
    };
    await using other = await openHost({ explain: puzzled });
    await expect(other.dlopen('/absent.so')).rejects.toMatchObject({
      message: expect.stringContaining('/absent.so: cannot open'),
      cause: { message: 'puzzled' },
    });
    expect(failures[0]!.message).toContain('/absent.so: cannot open');
  });
});

describe.each([openHost, openInProcess])('without being told how, %o', (open) => {
  it('explains a failure from the files', async () => {
    await using process = await open();
    await using library = await process.dlopen('libm.so.6');
    const absent = await process.dlopen('libabsent.so').catch((error: unknown) => error);
    expect(absent).toMatchObject({
      findings: [{ subject: 'libabsent.so', severity: 'error' }],
    });
    const misspelt = await library.symbol('coss').catch((error: unknown) => error);
    expect(misspelt).toMatchObject({
      findings: [{ subject: 'coss', object: library.path }],
    });
    expect(JSON.stringify(misspelt)).toContain('has cos:');
  });
});

describe.skipIf(!hasTools('cc'))('a block in which the process dies', () => {
  const source = `
    #include <stdlib.h>
    void crash(void) { *(volatile int *)8 = 1; }
    __attribute__((destructor)) static void end(void) { if (getenv("AT_END")) crash(); }`;
  let workshop: Workshop;
  let path: string;
  beforeAll(() => {
    workshop = new Workshop();
    path = workshop.library('libcrash.so', source);
  });
  afterAll(() => workshop[Symbol.dispose]());

  it('ends with that, and not with what its end comes to', async () => {
    const block = async () => {
      await using process = await openHost();
      await using library = await process.dlopen(path);
      await using _memory = await process.allocate('int');
      await library.call('crash', 'void(void)');
    };
    const error = await block().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProcessDied);
    expect((error as Error).message).toMatch(/^SIGSEGV at address 0x8 in crash.* during a call of crash$/);
    // Where the call was made.
    expect((error as Error).stack).toContain('libraries.test.ts');
    const alone = async () => {
      await using library = await dlopen(path);
      await library.call('crash', 'void(void)');
    };
    await expect(alone()).rejects.toThrow(ProcessDied);
  });

  it('tells a crash in a destructor', async () => {
    const environment = { AT_END: '1' };
    const block = async () => {
      await using process = await openHost({ environment });
      await process.dlopen(path);
    };
    await expect(block()).rejects.toThrow(`during dlclose of ${path}`);
    const alone = async () => {
      await using _library = await dlopen(path, RTLD.NOW, { environment });
    };
    await expect(alone()).rejects.toThrow(`during dlclose of ${path}`);
  });
});

it('works in a directory that was removed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'solder-gone-'));
  const script = `
    import { rmdirSync } from 'node:fs';
    import { openHost, openInProcess } from '${import.meta.resolve('../../../src/run/dl/index.ts')}';
    rmdirSync(process.cwd());
    await using host = await openHost({ workingDirectory: '/' });
    await using here = await openInProcess();
    for (const process of [host, here])
      console.log(await (await process.dlopen('libm.so.6')).call('cos', 'double(double)', 0));`;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' })).toBe('1\n1\n');
});

it('what foreign code prints is there', async () => {
  await using host = await openHost();
  const puts = await host.function('default', 'puts', 'int(const char *)');
  await puts('hello');
  await host.close();
  expect(host.output()).toEqual({ stdout: 'hello\n', stderr: '' });
  await using here = await openInProcess();
  expect(here.output()).toEqual({ stdout: '', stderr: '' });
});

describe('a library alone', () => {
  it('has a process of its own, which ends with it', async () => {
    const library = await dlopen('libc.so.6');
    const getpid = await library.function<number>('getpid', 'int(void)');
    const pid = await getpid();
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await library.close();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(library.closed).toBe(true);
    await expect(getpid()).rejects.toThrow(Closed);
    await expect(dlopen('/absent.so')).rejects.toThrow(DlError);
  });
});
