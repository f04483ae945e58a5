import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGuard, buildPreload } from '../../../src/run/guard/native-guard.ts';
import { hasTools } from '../../support/tools.ts';
import { predict } from '../../unload/build.ts';
import {
  buildHost,
  buildPlugin,
  guardDirectory,
  hasStaticLibcxx,
  LIBCXX,
  run,
  runHost,
  source,
  WRAP,
} from './build.ts';

let directory = '';
let host = '';
let guard = '';
let preload = '';
/** A version script that leaves one name: nobody binds to the plugin's templates, so that it can be unloaded. */
let script = '';
beforeAll(async () => {
  directory = guardDirectory();
  host = buildHost(directory);
  guard = join(directory, 'guard.o');
  writeFileSync(guard, await buildGuard({}));
  preload = join(directory, 'preload.so');
  writeFileSync(preload, await buildPreload({}, preload));
  script = join(directory, 'plugin.map');
  writeFileSync(script, '{ global: run; local: *; };\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles the plugin once for each library of C++. */
function compile(compiler: string, ...options: readonly string[]): string {
  const object = join(directory, `${compiler}.o`);
  run(compiler, ['-O1', '-fPIC', ...options, '-c', '-o', object, source('pool-plugin.cpp')]);
  return object;
}

const link = (name: string, compiler: string, files: readonly string[], options: readonly string[]) =>
  buildPlugin(join(directory, name), compiler, files, [`-Wl,--version-script=${script}`, ...options]);

/** The same plugin by other names, as other libraries to the loader. */
const copies = (plugin: string, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const copy = plugin.replace('.so', `-${index}.so`);
    copyFileSync(plugin, copy);
    return copy;
  });

/** What is left after many rounds; heap: bytes that the second half of the rounds added. */
function leftBy(args: readonly ['rounds', number, ...(string | number)[]], preloaded?: string) {
  const { lines } = runHost(host, args, preloaded);
  const [line, before, after, heap, gone] =
    /^keys (\d+) -> (\d+), heap \+?(-?\d+), (gone|stays)$/.exec(lines.join('\n')) ?? [];
  expect(line, lines.join('\n')).toBeDefined();
  return {
    lost: Number(before) - Number(after),
    heapPerRound: Number(heap) / args[1],
    gone: gone === 'gone',
  };
}

/**
 * The C library's lists of threads and libraries breathe by some kilobytes; whoever leaks leaks a block of the
 * heap in every round, of 32 bytes at least (malloc.c, MINSIZE).
 */
const LEAK = 32;

describe.skipIf(!hasTools('gcc') || !hasStaticLibcxx())('a pool of threads with libc++', () => {
  let object = '';
  let loses = '';
  let guarded = '';
  beforeAll(() => {
    object = compile('clang++', '-stdlib=libc++');
    loses = link('static.so', 'clang++', [object], LIBCXX.static);
    guarded = link('guarded.so', 'clang++', [object, guard, WRAP], LIBCXX.static);
  });

  it('loses keys until the process dies, in the round that unload foretells, when it is static', () => {
    const { keysPerRound, exhaustedAtRound } = predict(loses).facts;
    // Loaded and not used it loses one, behind a loop over the threads that the analysis does not count.
    expect(keysPerRound).toEqual({ min: 0, max: 2 });
    const { lines, signal } = runHost(host, ['rounds', 1000, 8, loses]);
    expect(lines).toEqual([`died in round ${exhaustedAtRound.glibc}`]);
    expect(signal).toBe('SIGABRT');
  });

  it('loses nothing in 2,000 rounds when it is guarded', () => {
    expect(predict(guarded).facts.keysPerRound.max).toBe(0);
    const { lost, heapPerRound, gone } = leftBy(['rounds', 2000, 2, guarded]);
    expect({ lost, gone }).toEqual({ lost: 0, gone: true });
    expect(heapPerRound).toBeLessThan(LEAK);
  });

  it('makes its keys once in 2,000 rounds when it is shared, since the runtime stays', () => {
    const shared = link('shared.so', 'clang++', [object], LIBCXX.shared);
    const { lost, heapPerRound, gone } = leftBy(['rounds', 2000, 2, shared]);
    expect({ lost, gone }).toEqual({ lost: 2, gone: true });
    expect(heapPerRound).toBeLessThan(LEAK);
  });

  it('is guarded beside another one, closed in both orders', () => {
    const { lost, heapPerRound, gone } = leftBy(['rounds', 300, 2, ...copies(guarded, 2)]);
    expect({ lost, gone }).toEqual({ lost: 0, gone: true });
    expect(heapPerRound).toBeLessThan(LEAK);
  });

  it('is guarded beside others that come and go at the same time', () => {
    expect(runHost(host, ['parallel', 150, ...copies(guarded, 4)]).lines).toEqual(['keys 1024 -> 1024']);
  });

  it('is cured without being built again by guard preload, under 8 threads', () => {
    const { lost, heapPerRound, gone } = leftBy(['rounds', 1000, 8, loses], preload);
    expect({ lost, gone }).toEqual({ lost: 0, gone: true });
    expect(heapPerRound).toBeLessThan(LEAK);
  });

  it('is cured by guard preload beside others that come and go at the same time', () => {
    expect(runHost(host, ['parallel', 300, ...copies(loses, 4)], preload).lines).toEqual([
      'keys 1024 -> 1024',
    ]);
  });
});

describe.skipIf(!hasTools('gcc', 'g++'))('a pool of threads with libstdc++', () => {
  let object = '';
  beforeAll(() => {
    object = compile('g++');
  });

  it.each([
    ['static', ['-static-libstdc++', '-static-libgcc'], false],
    ['static, guarded', ['-static-libstdc++', '-static-libgcc'], true],
    ['shared', [], false],
  ])('loses no keys: %s', (_, options, isGuarded) => {
    const plugin = link('gcc.so', 'g++', isGuarded ? [object, guard, WRAP] : [object], options);
    expect(leftBy(['rounds', 300, 2, plugin])).toMatchObject({ lost: 0, gone: true });
  });

  it('loses the memory that a static libstdc++ keeps for exceptions, with a guard too', () => {
    const options = ['-static-libstdc++', '-static-libgcc'];
    const plugin = link('gcc-memory.so', 'g++', [object, guard, WRAP], options);
    // 72,704 bytes a round in GCC 12: eh_alloc.cc.
    expect(leftBy(['rounds', 100, 1, plugin]).heapPerRound).toBeGreaterThan(10_000);
  });
});
