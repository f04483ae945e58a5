import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadFacts, Report, StepResult } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { Farm } from './fixtures.ts';

/** The experiments with the dlopen API that one can think of, each as one command; all of them predicted. */
describe.skipIf(!hasTools('cc'))('solder load, with a C compiler', () => {
  let farm: Farm;
  beforeAll(() => {
    farm = new Farm()
      .library('liba.so', 'int calls; int next(void) { return ++calls; } int who(void) { return 1; }')
      .library('libuser.so', 'int next(void); int use(void) { return next(); }')
      .library('libneeds.so', 'int next(void); int use(void) { return next(); }', '-la')
      .library('libb.so', 'int who(void) { return 2; } int ask(void) { return who(); }')
      .library(
        'libloud.so',
        `#include <stdio.h>
         __attribute__((constructor)) static void on(void) { puts("hello"); }
         __attribute__((destructor)) static void off(void) { puts("goodbye"); }`,
      )
      .library(
        'libabsent.so',
        'int absent(void); int try(void) { return absent(); } int safe(void) { return 7; }',
      )
      .library('libnull.so', '__asm__(".globl nothing; .set nothing, 0");')
      .file('v.map', 'V_1 { global: pick; local: *; }; V_2 { global: pick; } V_1;\n')
      .library(
        'libv.so',
        `__asm__(".symver one,pick@V_1"); __asm__(".symver two,pick@@V_2");
         int one(void) { return 1; } int two(void) { return 2; }`,
        '-Wl,--version-script,v.map',
      )
      .library(
        'libtypes.so',
        `#include <string.h>
         #include <stdlib.h>
         double half(double x) { return x / 2; }
         float third(float x) { return x / 3; }
         const char *greet(const char *name) {
           static char text[64];
           return strcat(strcpy(text, "hello "), name);
         }
         void fill(char *buffer, int size) { memset(buffer, 'x', size - 1); buffer[size - 1] = 0; }
         void twice(int *value) { *value *= 2; }
         int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
         int smallest(int (*order)(const void *, const void *)) {
           int list[] = {5, 3, 9};
           qsort(list, 3, sizeof *list, order);
           return list[0];
         }
         char *no_text(void) { return 0; }
         unsigned char first(const void *bytes) { return *(const unsigned char *)bytes; }
         _Bool is_even(long n) { return n % 2 == 0; }
         int level = 3;
         char name[8] = "solder";
         const int fixed = 1;
         __thread int own = 6;`,
      );
  });
  afterAll(() => farm[Symbol.dispose]());

  it('opens by a path with a slash, and otherwise searches', () => {
    expect(farm.results(['./liba.so'])).toEqual(['opened +liba.so', 'closed -liba.so']);
    expect(farm.results(['liba.so'])[0]).toMatch(/^refused: liba\.so: cannot open shared object file: /);
    expect(farm.results(['liba.so', '--library-path', farm.directory])[0]).toBe('opened +liba.so');
    expect(farm.results(['liba.so'], { LD_LIBRARY_PATH: farm.directory })[0]).toBe('opened +liba.so');
  });

  it('counts the handles of a library', () => {
    expect(farm.results(['./liba.so', '--then', 'open ./liba.so', '--then', 'close'])).toEqual([
      'opened +liba.so',
      'opened',
      'closed',
      'closed -liba.so',
    ]);
  });

  it('brings along and unloads what is needed', () => {
    expect(farm.results(['./libneeds.so', 'use:int(void)'])).toEqual([
      'opened +libneeds.so liba.so',
      'called 1',
      'closed -libneeds.so liba.so',
    ]);
  });

  it('keeps a library that another one is bound to', () => {
    const { steps } = farm.report([
      './liba.so',
      '--global',
      '--then',
      'open ./libuser.so now',
      '--then',
      'close liba.so',
      '--then',
      'symbol use:int(void)',
    ]).facts;
    expect(steps.map((step) => farm.brief(step))).toEqual([
      'opened +liba.so',
      'opened +libuser.so',
      'closed',
      'called 1',
      'closed -liba.so libuser.so',
    ]);
    expect(steps[2]!.kept).toMatchObject([
      { by: [expect.stringMatching(/libuser\.so is bound to its next/)] },
    ]);
  });

  it('knows what a lazily bound call has tied together', () => {
    const open = ['./liba.so', '--global', '--then', 'open ./libuser.so lazy'];
    expect(farm.results([...open, '--then', 'close liba.so'])[2]).toBe('closed -liba.so');
    const called = farm.report([...open, '--then', 'symbol use:int(void)', '--then', 'close liba.so']);
    expect(called.facts.steps[2]!.bound).toMatchObject([{ symbol: 'next' }]);
    expect(farm.brief(called.facts.steps[3]!)).toBe('closed');
  });

  it('shows local symbols to nobody, and global ones to whoever comes later', () => {
    expect(farm.results(['./liba.so', '--then', 'open ./libuser.so now'])[1]).toBe(
      'refused: ./libuser.so: undefined symbol: next',
    );
    expect(farm.results(['./liba.so', '--global', '--then', 'open ./libuser.so now'])[1]).toBe(
      'opened +libuser.so',
    );
  });

  it('promotes what is loaded with noload, and finds what is not', () => {
    const steps = ['--then', 'open ./liba.so noload global', '--then', 'open ./libuser.so now'];
    expect(farm.results(['./liba.so', ...steps]).slice(1, 3)).toEqual(['opened', 'opened +libuser.so']);
    expect(farm.results(['./liba.so', '--noload'])).toEqual([
      'not-loaded',
      'skipped: liba.so was not opened',
    ]);
  });

  it('keeps the statics of a library that is never unloaded', () => {
    const twice = [
      'next:int(void)',
      '--then',
      'close',
      '--then',
      'open ./liba.so',
      '--then',
      'symbol calls:int',
    ];
    expect(farm.results(['./liba.so', ...twice])).toContain('read 0');
    expect(farm.results(['./liba.so', ...twice, '--nodelete'])).toContain('read 1');
  });

  it('binds at once, or when the function is called', () => {
    expect(farm.results(['./libabsent.so', '--now'])[0]).toBe(
      'refused: ./libabsent.so: undefined symbol: absent',
    );
    expect(farm.results(['./libabsent.so'], { LD_BIND_NOW: '1' })[0]).toMatch(/^refused/);
    expect(farm.results(['./libabsent.so', 'safe:int(void)'])).toContain('called 7');
    const called = farm.load(['./libabsent.so', 'try:int(void)']);
    expect(called.status).toBe(1);
    expect(called.stdout).toMatch(/symbol lookup error: .*undefined symbol: absent/);
  });

  it('prefers its own definitions with deepbind', () => {
    const steps = ['--global', '--then', 'open ./libb.so', '--then', 'symbol ask:int(void)'];
    expect(farm.results(['./liba.so', ...steps])).toContain('called 1');
    expect(farm.results(['./liba.so', ...steps.with(2, 'open ./libb.so deepbind')])).toContain('called 2');
  });

  it('opens a second copy in a namespace of its own', () => {
    const results = farm.results([
      './liba.so',
      'next:int(void)',
      '--then',
      'open ./liba.so namespace new',
      '--then',
      'symbol calls:int',
    ]);
    expect(results[2]).toBe('opened +liba.so');
    expect(results[3]).toBe('read 0');
  });

  it('sees a namespace of its own only from inside', () => {
    const apart = ['./liba.so', '--namespace', 'new'];
    const asked = farm.report([...apart, '--then', 'open ./liba.so noload']);
    expect(asked.facts.steps[1]!.observed!.result).toBe('not-loaded');
    expect(asked.findings).toMatchObject([
      { kind: 'open.not-loaded', fix: expect.stringContaining('dlmopen()') },
    ]);
    const found = farm.report([...apart, '--then', 'symbol who in default']);
    expect(found.findings).toMatchObject([
      { kind: 'symbol.not-searched', fix: expect.stringContaining('a namespace of its own') },
    ]);
    const lost = farm.report(['./liba.so', '--global', '--then', 'open ./libuser.so now namespace new']);
    expect(lost.findings).toMatchObject([
      { kind: 'load.undefined-symbol', fix: expect.not.stringContaining('RTLD_GLOBAL') },
    ]);
    expect(farm.report(['NULL', '--namespace', 'new']).findings).toMatchObject([
      { kind: 'open.invalid-call', message: 'invalid namespace: Invalid argument' },
    ]);
  });

  it('does not count what was closed among what is in the process', () => {
    const steps = ['--then', 'close', '--then', 'open ./libuser.so now'];
    expect(farm.report(['./liba.so', '--global', ...steps]).findings).toMatchObject([
      { kind: 'load.undefined-symbol', fix: expect.not.stringContaining('it is in the process') },
    ]);
  });

  it('finds the names that a later library brings no loss, and those that nothing brings', () => {
    const warned = farm.report(['./liba.so', '--global', '--then', 'open ./libuser.so']);
    expect(warned.findings).toEqual([]);
    expect(farm.report(['./libuser.so']).findings).toMatchObject([
      { kind: 'load.undefined-symbol', severity: 'warning', subject: 'next' },
    ]);
  });

  it('takes an empty name for the program, as the loader does', () => {
    expect(farm.results([''])).toEqual(['opened', 'closed']);
  });

  it('waits for no pipe', () => {
    spawnSync('sh', ['-c', 'mkfifo libpipe.so'], { cwd: farm.directory });
    const { stdout, status } = farm.load(['./libpipe.so', '--dry-run']);
    expect(stdout).toContain('no regular file but a device, a pipe or a socket');
    expect(status).toBe(1);
  }, 10_000);

  it('tells the mangled name that has to be asked for', () => {
    farm.library('libmangled.so', 'int _Z4areai(int n) { return n; }');
    for (const asked of ['area', 'area(int)', 'ns::area']) {
      expect(farm.load(['./libmangled.so', asked]).stdout).toMatch(/ask for _Z4areai \(area\(int\)\)/);
    }
  });

  it('says who keeps what the program has looked up', () => {
    const steps = ['--then', 'symbol who in default', '--then', 'close'];
    const { kept } = farm.report(['./liba.so', '--global', ...steps]).facts.steps[2]!;
    expect(kept).toMatchObject([{ by: [expect.stringMatching(/never unloaded, is bound to its who$/)] }]);
    // The handle that was closed is not told as an open one.
    expect(kept![0]!.by).toHaveLength(1);
  });

  it('looks up through the program, and through pseudo-handles', () => {
    expect(farm.results(['NULL', 'strlen:size_t(const char *)', 'four'])).toEqual([
      'opened',
      'called 4',
      'closed',
    ]);
    const globally = ['--then', 'symbol who:int(void) in default'];
    expect(farm.results(['./liba.so', ...globally])[1]).toMatch(/^refused: .*undefined symbol: who$/);
    expect(farm.results(['./liba.so', '--global', ...globally])[1]).toBe('called 1');
    expect(farm.results(['./liba.so', '--global', '--then', 'symbol who:int(void) in next'])[1]).toBe(
      'called 1',
    );
  });

  it('looks versions up', () => {
    expect(farm.results(['./libv.so', 'pick:int(void)'])).toContain('called 2');
    expect(farm.results(['./libv.so', 'pick@V_1:int(void)'])).toContain('called 1');
    expect(farm.results(['./libv.so', 'pick@V_3'])[1]).toBe(
      'refused: ./libv.so: undefined symbol: pick, version V_3',
    );
  });

  it('tells a symbol whose value is NULL from one that is missing', () => {
    expect(farm.results(['./libnull.so', 'nothing'])[1]).toBe('null');
    expect(farm.results(['./libnull.so', 'nobody'])[1]).toBe(
      'refused: ./libnull.so: undefined symbol: nobody',
    );
  });

  it('says what stands at an address', () => {
    const { steps } = farm.report([
      './liba.so',
      ...['info next', 'info calls', 'info next+1', 'info 0x10'].flatMap((step) => ['--then', step]),
    ]).facts;
    expect(steps.slice(1, 5).map(({ observed }) => observed)).toMatchObject([
      { result: 'inside', symbol: 'next', offset: '0' },
      { result: 'inside', symbol: 'calls', offset: '0' },
      { result: 'inside', symbol: 'next', offset: '1' },
      { result: 'outside' },
    ]);
    expect(steps.slice(1, 4).every(({ predicted }) => predicted !== null)).toBe(true);
  });

  it('says where an address is in the file: of code, of data, of zeros that are not stored', () => {
    const source = 'int data = 0x5a11, zeros[3000]; int code(void) { return 7; }';
    farm.library('libplace.so', source, '-Wl,-z,separate-code');
    const infos = ['info code+1', 'info data+1', 'info zeros+8000'].flatMap((step) => ['--then', step]);
    const placesOf = (results: readonly (StepResult | null)[]) =>
      results.slice(1, 4).map((result) => [result?.address, result?.fileOffset]);
    const places = placesOf(
      farm.report(['./libplace.so', ...infos]).facts.steps.map(({ observed }) => observed),
    );
    const dry = farm.load(['./libplace.so', ...infos, '--dry-run', '--format', 'json']).stdout;
    const { facts } = JSON.parse(dry) as Report<LoadFacts>;
    expect(placesOf(facts.steps.map(({ predicted }) => predicted))).toEqual(places);
    // By the symbol table, and by the bytes that stand at the offset.
    const table = execFileSync('nm', [join(farm.directory, 'libplace.so')], { encoding: 'utf8' });
    const value = (name: string) =>
      Number.parseInt(new RegExp(`^(\\w+) . ${name}$`, 'm').exec(table)![1]!, 16);
    expect(places.map(([address]) => Number(address))).toEqual([
      value('code') + 1,
      value('data') + 1,
      value('zeros') + 8000,
    ]);
    const bytes = readFileSync(join(farm.directory, 'libplace.so'));
    expect(bytes.readUInt32LE(Number(places[1]![1]) - 1)).toBe(0x5a11);
    expect(places[2]![1]).toBeUndefined();
  });

  it('says where an address is in the file, in whichever namespace', () => {
    const steps = ['open ./liba.so namespace new as apart', 'info next in apart', 'info next in liba.so'];
    const { facts } = farm.report(['./liba.so', ...steps.flatMap((step) => ['--then', step])]);
    const places = facts.steps.slice(2, 4).map(({ observed }) => observed!.fileOffset);
    expect(places[0]).toBeDefined();
    expect(places[1]).toBe(places[0]);
  });

  it.each(['/dev/null', '/dev/zero', '/dev/full', '/dev/urandom'])(
    'foretells what the loader says of %s',
    (device) => {
      expect(farm.results([device])[0]).toMatch(/^refused: .*(file too short|invalid ELF header)$/);
      expect(farm.results(['./liba.so', '--preload', device])[0]).toMatch(/^opened/);
    },
  );

  it('says what would be, and runs nothing', () => {
    const { stdout, status } = farm.load(['./libloud.so', 'who', '--dry-run', '--format', 'json']);
    const { facts, findings } = JSON.parse(stdout) as Report<LoadFacts>;
    expect(facts.steps.map(({ predicted, observed }) => [predicted?.result, observed])).toEqual([
      ['opened', null],
      ['refused', null],
      ['closed', null],
    ]);
    expect(findings).toMatchObject([{ kind: 'symbol.elsewhere', subject: 'who' }]);
    expect(stdout).not.toContain('hello');
    expect(status).toBe(1);
  });

  it('shows constructors, destructors and what they print', () => {
    const { steps } = farm.report(['./libloud.so']).facts;
    expect(steps.map((step) => farm.brief(step))).toEqual([
      'opened +libloud.so "hello"',
      'closed -libloud.so "goodbye"',
    ]);
    expect(steps[0]!.observed!.initialised).toEqual(['./libloud.so']);
    expect(steps[1]!.observed!.finalised).toEqual(['./libloud.so']);
  });

  it.each([
    [['half:double(double)', '5'], 'called 2.5'],
    [['third:float(float)', '1.5'], 'called 0.5'],
    [['greet:const char *(const char *)', 'you'], 'called "hello you"'],
    [['greet:char *(char *)', 'text:NULL'], 'called "hello NULL"'],
    [['no_text:char *(void)'], 'called NULL'],
    [['first:unsigned char(const void *)', 'hex:ff00'], 'called 255'],
    [['is_even:_Bool(long)', '-9223372036854775808'], 'called true'],
    [['smallest:int(int (*)(const void *, const void *))', '&compare'], 'called 3'],
    [['level:int'], 'read 3'],
    [['level:int', '-4'], 'written -4'],
    [['name:char[8]'], 'read "solder"'],
    [['own:int'], 'read 6'],
    [['own'], 'found'],
  ])('calls and reads: %j', (args, result) => {
    expect(farm.results(['./libtypes.so', ...args])[1]).toBe(result);
  });

  it('shows what a function left in its buffers', () => {
    const buffers = (...args: string[]) => farm.report(['./libtypes.so', ...args]).facts.steps[1]!.buffers;
    expect(buffers('fill:void(char *, int)', 'out:16', '4')).toEqual([{ argument: 0, value: '"xxx"' }]);
    expect(buffers('twice:void(int *)', 'out:21')).toEqual([{ argument: 0, value: '42' }]);
  });

  it.each([
    [['half:double(double)'], "'half' takes 1 argument, not 0"],
    [['half:double(double)', 'x'], "argument 1: 'x' is not a number"],
    [['twice:void(int)', '99999999999'], 'argument 1: 99999999999 does not fit int'],
    [['level', '5'], "'level': to call it say how"],
    [['level:void'], "'level': no variable is void"],
    [['half:dubble(double)', '1'], 'dubble'],
  ])('refuses what is not to be called so: %j', (args, message) => {
    const { status, stderr } = farm.load(['./libtypes.so', ...args]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^solder: [^\n]*\n( {2}[^\n]*\n {2} *\^\n)?$/);
    expect(status).toBe(2);
  });

  it('says so when memory cannot be written', () => {
    const [, written] = farm.results(['./libtypes.so', 'fixed:int', '2']);
    expect(written).toBe('failed: its memory cannot be written');
  });
});
