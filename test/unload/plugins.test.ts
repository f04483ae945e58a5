import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { alarms, buildPlugin, kindsOf, predict } from './build.ts';
import { type Measured, PLUGINS, type Plugin } from './plugins.ts';

/** The kind that tells of what the host measured. */
const KIND_OF: Readonly<Record<Measured, string>> = {
  keys: 'unload.thread-key',
  threads: 'unload.thread',
  descriptors: 'unload.descriptor',
  handlers: 'unload.signal-handler',
  mappings: 'unload.mapping',
  callbacks: 'unload.callback',
  objects: 'unload.opened-library',
};

interface Observed extends Readonly<Record<Measured, number>> {
  /** The host came to its end; a thread whose code was unmapped kills it sooner or later. */
  readonly survived: boolean;
  readonly kept: boolean;
  /** Rounds after the first. */
  readonly rounds: number;
}

const hasTool = { gcc: hasTools('gcc', 'g++'), clang: hasTools('clang', 'clang++') };
const hasLibcxx =
  hasTool.clang &&
  spawnSync('clang++', ['-stdlib=libc++', '-x', 'c++', '-E', '-', '-o', '/dev/null'], {
    input: '#include <thread>\n',
  }).status === 0;

let directory = '';
let host = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-unload-'));
  host = join(directory, 'host');
  const source = new URL('host.c', import.meta.url).pathname;
  if (!hasTool.gcc) return;
  const { stderr } = spawnSync('gcc', ['-O1', '-rdynamic', '-o', host, source, '-pthread'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
});
afterAll(() => rmSync(directory, { recursive: true }));

const ROUNDS = 6;

function observe(library: string): Observed {
  const { stdout, stderr, signal } = spawnSync(host, [library, String(ROUNDS)], { encoding: 'utf8' });
  if (signal === 'SIGSEGV') return { ...NOTHING, survived: false };
  if (stdout === '') throw new Error(`the host ended: ${signal} ${stderr}`);
  return { ...(JSON.parse(stdout) as Observed), survived: true };
}

const NOTHING = {
  kept: false,
  rounds: 1,
  keys: 0,
  threads: 0,
  descriptors: 0,
  handlers: 0,
  mappings: 0,
  callbacks: 0,
  objects: 0,
};

const cases = PLUGINS.flatMap((plugin) =>
  (plugin.compilers ?? (['gcc', 'clang'] as const)).flatMap((compiler) =>
    ['-O0', '-O2'].map((level) => ({ plugin, compiler, level, name: plugin.name })),
  ),
);

/** What the plugin is said to leave must be what it leaves. */
function compare(plugin: Plugin, library: string): void {
  const predicted = predict(library, { host });
  const observed = observe(library);
  const kinds = kindsOf(predicted);
  if (!observed.survived) expect(kinds).toContain('unload.thread');
  if (predicted.verdict !== 'unknown') expect(predicted.verdict).toBe(observed.kept ? 'pinned' : 'unloads');
  expect(kinds).toEqual(expect.arrayContaining([...(plugin.kinds ?? [])]));
  for (const [what, kind] of Object.entries(KIND_OF)) {
    if (observed[what as Measured] > 0) expect(kinds).toContain(kind);
  }
  const { min, max } = predicted.facts.keysPerRound;
  expect(observed.keys / observed.rounds).toBeGreaterThanOrEqual(min);
  if (max !== null) expect(observed.keys / observed.rounds).toBeLessThanOrEqual(max);
  if (plugin.clean !== true) return;
  expect(observed.survived).toBe(true);
  expect(alarms(predicted)).toEqual([]);
  for (const what of Object.keys(KIND_OF)) expect([what, observed[what as Measured]]).toEqual([what, 0]);
}

describe('plugins that are built, opened and closed', () => {
  it('are half clean', () => {
    const clean = PLUGINS.filter((plugin) => plugin.clean).length;
    expect(PLUGINS.length).toBeGreaterThanOrEqual(50);
    expect(clean).toBeGreaterThanOrEqual(22);
  });

  it.each(cases)('$name ($compiler $level)', ({ plugin, compiler, level }) => {
    const isPossible =
      hasTool.gcc && hasTool[compiler] && (plugin.standardLibrary === undefined || hasLibcxx);
    if (!isPossible) return;
    const name = `plugin${cases.findIndex((one) => one.plugin === plugin && one.compiler === compiler && one.level === level)}`;
    compare(plugin, buildPlugin(directory, name, plugin, compiler, level));
  });

  it.skipIf(!hasTool.gcc)('tell the same when they are stripped', () => {
    for (const [index, plugin] of PLUGINS.entries()) {
      if (plugin.compilers?.includes('gcc') === false) continue;
      const library = buildPlugin(directory, `stripped${index}`, plugin, 'gcc', '-O2');
      const before = predict(library, { host });
      spawnSync('strip', ['--strip-all', library]);
      const after = predict(library, { host });
      expect([plugin.name, after.verdict, after.facts.keysPerRound]).toEqual([
        plugin.name,
        before.verdict,
        before.facts.keysPerRound,
      ]);
      expect([plugin.name, ...kindsOf(after)]).toEqual([plugin.name, ...kindsOf(before)]);
    }
  });
});

describe.skipIf(!hasTools('clang', 'ld.lld'))('linked by lld', () => {
  it('destructors are found, whose addresses stand in relocations alone', () => {
    const plugin = PLUGINS.find(({ name }) => name === 'key of C11, deleted at exit')!;
    const library = buildPlugin(directory, 'lld', plugin, 'clang', '-O1', '-fuse-ld=lld', '-Wl,-s');
    expect(alarms(predict(library, { host }))).toEqual([]);
  });
});

describe.skipIf(!hasTool.gcc)('keys are counted by the variables that hold them', () => {
  it.each([
    [
      'made in two places, for one variable',
      1,
      `static inline __attribute__((always_inline)) void get(void) { if (!made) made = !pthread_key_create(&key, 0); }
void run(void) { get(); }
void again(void) { get(); }`,
    ],
    [
      'made by one function on two ways, for one variable',
      1,
      `__attribute__((noinline)) static void make(pthread_key_t *into) { if (!made) made = !pthread_key_create(into, 0); }
__attribute__((noinline)) static void get(void) { make(&key); }
void run(void) { get(); make(&key); }`,
    ],
    [
      'made beside a table of keys that are all deleted',
      1,
      `static pthread_key_t keys[3];
__attribute__((constructor)) static void begin(void) { for (int i = 0; i < 3; i++) pthread_key_create(&keys[i], 0); }
__attribute__((destructor)) static void end(void) { for (int i = 0; i < 3; i++) pthread_key_delete(keys[i]); }
void run(void) { if (!made) made = !pthread_key_create(&key, 0); }`,
    ],
  ])('%s: %i', (what, max, code) => {
    const source = `#include <pthread.h>\nstatic pthread_key_t key; static int made;\n${code}`;
    const library = buildPlugin(directory, what.replaceAll(/\W/g, '-'), { source }, 'gcc', '-O2');
    const observed = observe(library);
    expect(observed.keys).toBe(max * observed.rounds);
    const { facts, findings } = predict(library, { host });
    expect(facts.keysPerRound).toEqual({ min: 0, max });
    expect(findings.map(({ message }) => message).join()).toMatch(/leaves a thread key behind/);
  });

  it('also beside libgcc, which only asks whether keys can be made', () => {
    const source =
      'extern void *_Unwind_Find_FDE(void *, void *);\nvoid *run(void) { char bases[64]; return _Unwind_Find_FDE((void *)run, bases); }';
    const library = buildPlugin(directory, 'unwinds', { source, flags: ['-shared-libgcc'] }, 'gcc', '-O2');
    expect(predict(library).facts.keysPerRound).toEqual({ min: 0, max: 0 });
  });
});

describe.skipIf(!hasTool.gcc)('a library that stays', () => {
  it.each([
    ['at each call', 'void run(void) { pthread_key_create(&key, 0); }', 1],
    ['once', 'static int made; void run(void) { if (!made) made = !pthread_key_create(&key, 0); }', 0],
  ])('loses keys that are made %s', (_, run, max) => {
    const source = `#include <pthread.h>\nstatic pthread_key_t key;\n${run}`;
    const plugin = { source, flags: ['-Wl,-z,nodelete'] };
    const library = buildPlugin(directory, `stays${max}`, plugin, 'gcc', '-O2');
    const { facts } = predict(library, { host });
    const observed = observe(library);
    expect(observed).toMatchObject({ kept: true, keys: max * observed.rounds });
    expect(facts.keysPerRound).toEqual({ min: 0, max });
    expect(facts.exhaustedAtRound.glibc).toBe(max === 0 ? null : 1025);
  });
});

describe.skipIf(!hasTool.gcc)('the round in which the keys run out', () => {
  it('is the one that is predicted', () => {
    const plugin = PLUGINS.find(({ name }) => name === 'key without deletion, at load')!;
    const library = buildPlugin(directory, 'exhaust', plugin, 'gcc', '-O2');
    const source = join(directory, 'count.c');
    spawnSync('tee', [source], { input: COUNT });
    const count = join(directory, 'count');
    spawnSync('gcc', ['-rdynamic', '-o', count, source, '-pthread']);
    const run = spawnSync(count, [library], { encoding: 'utf8' });
    expect(Number(run.stdout)).toBe(predict(library, { host: count }).facts.exhaustedAtRound.glibc);
  });
});

/** Prints the first round after which no key can be created in the plugin: it is one more that fails. */
const COUNT = `#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
int main(int argc, char **argv) {
  for (int round = 1;; round++) {
    pthread_key_t key;
    if (pthread_key_create(&key, 0)) return printf("%d", round) < 0;
    pthread_key_delete(key);
    dlclose(dlopen(argv[argc - 1], RTLD_NOW));
  }
}
`;
