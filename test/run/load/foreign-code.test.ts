import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadFacts, Report } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { Farm } from './fixtures.ts';

const OPENER = `
  #include <dlfcn.h>
  static void *handle;
  int opened(void) { return handle != 0; }
  void drop(void) { dlclose(handle); }`;

/** What code that runs does to the link map stands in no file: said to be open beforehand, and told afterwards. */
describe.skipIf(!hasTools('cc', 'c++'))('foreign code that meddles with the link map', () => {
  let farm: Farm;
  beforeAll(() => {
    farm = new Farm()
      .library('liba.so', 'int answer(void) { return 42; }')
      .library(
        'libfinder.so',
        `#define _GNU_SOURCE
         #include <dlfcn.h>
         int find(void) { int (*f)(void) = dlsym(RTLD_DEFAULT, "answer"); return f ? f() : -1; }`,
      )
      .library(
        'libatstart.so',
        `${OPENER}
         __attribute__((constructor)) static void on(void) { handle = dlopen("./liba.so", RTLD_NOW); }`,
      )
      .library('liboncall.so', `${OPENER} void take(void) { handle = dlopen("./liba.so", RTLD_NOW); }`)
      .library(
        'libkeeper.so',
        `#include <dlfcn.h>
         static void *(*volatile open)(const char *, int);
         __attribute__((constructor)) static void on(void) { open = dlopen; }`,
      )
      .library('libcaller.so', 'int make(void); int through(void) { return make(); }', '-Wl,-z,lazy')
      .library(
        'libifunc.so',
        'static int one(void) { return 1; } static void *choose(void) { return one; }\n' +
          'int pick(void) __attribute__((ifunc("choose")));',
      );
    const source = join(farm.directory, 'tls.cc');
    writeFileSync(
      source,
      `extern "C" int puts(const char *);
       struct Guest { ~Guest() { puts("guest leaves"); } int number = 1; };
       thread_local Guest guest;
       extern "C" int make() { return ++guest.number; }
       extern "C" int plain() { return 5; }`,
    );
    const args = ['-shared', '-fPIC', '-O1', '-o', 'libguest.so', source, '-lstdc++'];
    const { status, stderr } = spawnSync('cc', args, { cwd: farm.directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  });
  afterAll(() => farm[Symbol.dispose]());

  const unloaded = (step: LoadFacts['steps'][number]) => step.observed!.unloaded.includes('./libguest.so');

  it('knows that thread-local objects may keep their library, and that it stays once they do', () => {
    const again = ['close', 'open ./libguest.so', 'symbol make:int(void)', 'close'];
    const { facts, findings } = farm.report([
      './libguest.so',
      'make:int(void)',
      ...again.flatMap((step) => ['--then', step]),
    ]);
    const closes = facts.steps.filter(({ observed }) => observed!.result === 'closed');
    expect(closes.map(unloaded)).toEqual([false, false]);
    expect(closes[0]!.doubts).toMatchObject([
      { object: './libguest.so', because: expect.stringContaining('__cxa_thread_atexit') },
    ]);
    expect(closes[0]!.kept).toContainEqual({
      object: './libguest.so',
      by: [expect.stringContaining('thread-local objects')],
    });
    // The second close leaves nothing open: the object is known to be kept.
    expect(closes[1]!.doubts).toBeUndefined();
    expect(facts.steps.map(({ value }) => value)).toContain('3');
    expect(facts.steps.every(({ predicted }) => predicted !== null)).toBe(true);
    expect(findings).toEqual([]);
  });

  it('reads in the machine code that another function makes none', () => {
    const close = farm.report(['./libguest.so', 'plain:int(void)']).facts.steps.at(-1)!;
    expect([unloaded(close), close.doubts]).toEqual([true, undefined]);
  });

  it('follows calls from one library to another', () => {
    const steps = ['open ./libcaller.so now', 'symbol through:int(void)', 'close libcaller.so', 'close'];
    const args = ['./libguest.so', '--global', ...steps.flatMap((step) => ['--then', step])];
    const close = farm.report(args).facts.steps.at(-1)!;
    expect([unloaded(close), close.doubts?.length]).toEqual([false, 1]);
  });

  it('says so before, when nothing is run', () => {
    const { stdout } = farm.load(['./libguest.so', 'make:int(void)', '--dry-run', '--format', 'json']);
    const { facts } = JSON.parse(stdout) as Report<LoadFacts>;
    expect(facts.steps.map(({ doubts = [] }) => doubts.map(({ object }) => object))).toEqual([
      [],
      [],
      ['./libguest.so'],
    ]);
    const dry = farm.load(['./libatstart.so', '--dry-run']).stdout;
    expect(dry).toMatch(
      /1 +open \.\/libatstart\.so\n(.*\n)*? +in doubt +\.\/libatstart\.so: on calls dlopen/,
    );
  });

  it('knows that code may call what it takes the address of', () => {
    const dry = farm.load(['./libkeeper.so', '--dry-run']).stdout;
    expect(dry).toMatch(/in doubt +\.\/libkeeper\.so: on takes the address of dlopen/);
  });

  it('tells what a constructor opens from what the step opens', () => {
    const { facts, findings } = farm.report([
      './libatstart.so',
      'opened:int(void)',
      '--then',
      'symbol drop:void(void)',
    ]);
    const [open, called, drop] = facts.steps;
    expect(open!.foreignCalls).toEqual([{ call: 'dlopen', library: './liba.so', by: './libatstart.so' }]);
    expect(open!.observed!.loaded).toEqual(['./libatstart.so', './liba.so']);
    expect(called!.predicted).toBeNull();
    expect(drop!.foreignCalls).toEqual([{ call: 'dlclose', library: './liba.so' }]);
    expect(findings).toEqual([]);
  });

  it('notices that a function opened what is open already', () => {
    const steps = ['open ./liboncall.so', 'symbol take:void(void)', 'close liba.so'];
    const { facts } = farm.report(['./liba.so', ...steps.flatMap((step) => ['--then', step])]);
    expect(facts.steps[2]!.foreignCalls).toEqual([{ call: 'dlopen', library: './liba.so' }]);
    expect(facts.steps[3]!).toMatchObject({ predicted: null, observed: { result: 'closed', unloaded: [] } });
  });

  it('knows that dlsym of RTLD_DEFAULT ties libraries together', () => {
    const steps = ['open ./libfinder.so', 'symbol find:int(void)', 'close liba.so'];
    const { facts } = farm.report(['./liba.so', '--global', ...steps.flatMap((step) => ['--then', step])]);
    expect(facts.steps[3]!.kept).toMatchObject([
      { by: [expect.stringMatching(/libfinder\.so is bound to its answer/)] },
    ]);
  });

  it('looks at files anew once code has run', () => {
    copyFileSync(join(farm.directory, 'liba.so'), join(farm.directory, 'libgone.so'));
    const steps = [
      'close',
      'open NULL as P',
      'symbol unlink:int(const char *) ./libgone.so in P',
      'open ./libgone.so',
    ];
    const results = farm.results(['./libgone.so', ...steps.flatMap((step) => ['--then', step])]);
    expect(results[4]).toMatch(/^refused: \.\/libgone\.so: cannot open/);
  });

  it('does not guess what an indirect function is called', () => {
    const { facts } = farm.report(['./libifunc.so', '--then', 'info pick']);
    expect(facts.steps[1]!.observed).toMatchObject({ result: 'inside', object: './libifunc.so' });
  });

  it('predicts that an argument is not found', () => {
    const { facts } = farm.report([
      './libcaller.so',
      '--then',
      'symbol through:int(void *) &nobody in libcaller.so',
    ]);
    expect(facts.steps[1]!.observed).toMatchObject({
      result: 'refused',
      message: expect.stringContaining('nobody'),
    });
  });
});
