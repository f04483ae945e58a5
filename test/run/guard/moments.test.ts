import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGuard, buildPreload } from '../../../src/run/guard/native-guard.ts';
import { hasTools } from '../../support/tools.ts';
import { predict } from '../../unload/build.ts';
import { buildHost, buildPlugin, GUARD_SOURCE, guardDirectory, run, runHost, source, WRAP } from './build.ts';

/** The ways in which a plugin is cured: by what it is linked with, or by what the host is started with. */
const CURES = ['guard', 'preload'] as const;
type Cure = (typeof CURES)[number];

let directory = '';
let host = '';
let guard = '';
let preload = '';
beforeAll(async () => {
  directory = guardDirectory();
  host = buildHost(directory);
  guard = join(directory, 'guard.o');
  writeFileSync(guard, await buildGuard({}));
  preload = join(directory, 'preload.so');
  writeFileSync(preload, await buildPreload({}, preload));
});
afterAll(() => rmSync(directory, { recursive: true }));

function build(cure: Cure | 'none', compiler: string, file: string, options: readonly string[] = []): string {
  const added = cure === 'guard' ? [guard, WRAP] : [];
  return buildPlugin(join(directory, `plugin-${cure}.so`), compiler, [source(file), ...added], options);
}

const lines = (cure: Cure | 'none', args: readonly (string | number)[]) =>
  runHost(host, args, cure === 'preload' ? preload : undefined).lines;

/** Rounds in the loops below. */
const ROUNDS = 150;
const CLEAN = ['keys 1024 -> 1024, heap +0, gone'];

describe.skipIf(!hasTools('gcc', 'g++'))('keys that are made', () => {
  it('by start-up, use, exit handlers and destructors are lost without a guard', () => {
    const plugin = build('none', 'gcc', 'keys-plugin.c');
    expect(lines('none', ['rounds', ROUNDS, 1, plugin])).toEqual([
      `keys 1024 -> ${1024 - 5 * ROUNDS}, heap +0, gone`,
    ]);
  });

  it.each(CURES)('by start-up, use, exit handlers and destructors are given back by %s', (cure) => {
    const plugin = build(cure, 'gcc', 'keys-plugin.c');
    expect(lines(cure, ['rounds', ROUNDS, 1, plugin])).toEqual(CLEAN);
  });

  it.each(['g++', 'clang++'].filter((compiler) => hasTools(compiler)))(
    'by the last C++ destructors of %s are given back',
    (compiler) => {
      const lost = build('none', compiler, 'order-plugin.cpp');
      expect(lines('none', ['rounds', ROUNDS, 1, lost])).toEqual([
        `keys 1024 -> ${1024 - 2 * ROUNDS}, heap +0, gone`,
      ]);
      for (const cure of CURES) {
        const plugin = build(cure, compiler, 'order-plugin.cpp');
        expect(lines(cure, ['rounds', ROUNDS, 1, plugin]), cure).toEqual(CLEAN);
      }
    },
  );

  it.skipIf(!hasTools('clang'))('for emulated thread-local storage are given back', () => {
    const options = ['-femulated-tls', '-static-libgcc'];
    const lost = build('none', 'clang', 'emulated-plugin.c', options);
    expect(lines('none', ['rounds', ROUNDS, 1, lost])).toEqual([
      `keys 1024 -> ${1024 - ROUNDS}, heap +0, gone`,
    ]);
    for (const cure of CURES) {
      const plugin = build(cure, 'clang', 'emulated-plugin.c', options);
      expect(lines(cure, ['rounds', ROUNDS, 4, plugin]), cure).toEqual(CLEAN);
    }
  });

  it.each(CURES)('are told from those that 8 threads of the host make and delete meanwhile: %s', (cure) => {
    const plugin = build(cure, 'gcc', 'keys-plugin.c');
    expect(lines(cure, ['churn', 100, plugin])).toEqual(['keys 1024 -> 1024']);
  });

  it('are given back too when the host is linked with the library', () => {
    const linked = join(directory, 'linked-host');
    const rpath = '-Wl,-rpath,$ORIGIN';
    run('gcc', ['-O1', '-pthread', '-o', linked, source('host.c'), preload, rpath, '-ldl']);
    const plugin = build('none', 'gcc', 'keys-plugin.c');
    expect(runHost(linked, ['rounds', ROUNDS, 1, plugin]).lines).toEqual(CLEAN);
  });

  it.each(CURES)('survive a fork with %s, in the parent and in the child', (cure) => {
    const plugin = build(cure, 'gcc', 'keys-plugin.c');
    expect(lines(cure, ['fork', plugin])).toEqual([
      'child: keys 1024 -> 1024',
      "parent: keys 1024 -> 1024, child's status 0",
    ]);
  });
});

describe.skipIf(!hasTools('gcc'))('values under keys with destructors', () => {
  it('make a thread that ends after the unload run into nothing, without a guard', () => {
    const plugin = build('none', 'gcc', 'keys-plugin.c');
    const { lines: printed, signal } = runHost(host, ['values', plugin]);
    expect(printed.slice(0, 2)).toEqual(['ended with their thread: 2', 'ended with the plugin: 0']);
    expect(signal).toBe('SIGSEGV');
  });

  it.each(CURES)('end with their thread, or with the plugin when its thread unloads it: %s', (cure) => {
    const plugin = build(cure, 'gcc', 'keys-plugin.c');
    expect(lines(cure, ['values', plugin])).toEqual([
      'ended with their thread: 2',
      'ended with the plugin: 2',
      'ended after the plugin: 0',
      'keys 1024 -> 1024',
    ]);
  });

  it('are kept by a guard that was told so', () => {
    const plugin = buildPlugin(join(directory, 'keep.so'), 'gcc', [
      ...[source('keys-plugin.c'), GUARD_SOURCE, WRAP, '-DSOLDER_GUARD_KEEP_VALUES'],
    ]);
    expect(lines('guard', ['values', plugin])).toContain('ended with the plugin: 0');
  });
});

describe.skipIf(!hasTools('gcc', 'nm'))('a guarded plugin', () => {
  it('exports nothing of the guard, and has all its keys made by it', () => {
    const plugin = build('guard', 'gcc', 'keys-plugin.c');
    const exported = run('nm', ['-D', '--defined-only', plugin]);
    expect(exported).toMatch(/ run$/m);
    expect(exported).not.toMatch(/wrap|guard|give_back|slots/);
    expect(predict(plugin).facts.keysPerRound).toEqual({ min: 0, max: 0 });
  });
});

describe.skipIf(!hasTools('gcc'))('eight threads that make and delete keys', () => {
  it.each([
    ['', []],
    [' (thread sanitizer)', ['-fsanitize=thread', '-g']],
  ])('do not meet in the guard%s', (_, options) => {
    const program = join(directory, 'stress');
    run('gcc', ['-O1', '-pthread', ...options, '-o', program, source('stress.c'), GUARD_SOURCE, WRAP]);
    expect(run(program, [])).toBe('done\n');
  });
});
