import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGuard, buildPreload } from '../../../src/run/guard/native-guard.ts';
import { hasTools } from '../../support/tools.ts';
import { predict } from '../../unload/build.ts';
import { buildHost, buildPlugin, guardDirectory, hasStaticLibcxx, LIBCXX, runHost, source, WRAP } from './build.ts';

const NO_LOSS = /^keys 1024 -> 1024, heap \+0, (gone|stays)$/;
const GONE = 'keys 1024 -> 1024, heap +0, gone';

let directory = '';
let host = '';
let guard = '';
let preload = '';
/** A version script that leaves one name: a plugin whose templates nobody binds to can be unloaded. */
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

const build = (name: string, compiler: string, files: readonly string[], options: readonly string[]) =>
  buildPlugin(join(directory, name), compiler, [source('pool-plugin.cpp'), ...files], [
    `-Wl,--version-script=${script}`,
    ...options,
  ]);

describe.skipIf(!hasTools('gcc') || !hasStaticLibcxx())('a pool of threads with libc++', () => {
  it('loses keys until the process dies, in the round that unload foretells, when it is static', () => {
    const plugin = build('static.so', 'clang++', [], LIBCXX.static);
    const { keysPerRound, exhaustedAtRound } = predict(plugin).facts;
    expect(keysPerRound.max).toBe(2);
    const { lines, signal } = runHost(host, ['rounds', 1000, 8, plugin]);
    expect(lines).toEqual([`died in round ${exhaustedAtRound.glibc}`]);
    expect(signal).toBe('SIGABRT');
  });

  it('loses nothing in 2,000 rounds when it is guarded', () => {
    const plugin = build('guarded.so', 'clang++', [guard, WRAP], LIBCXX.static);
    expect(predict(plugin).facts.keysPerRound.max).toBe(0);
    expect(runHost(host, ['rounds', 2000, 2, plugin]).lines).toEqual([GONE]);
  });

  it('loses nothing in 2,000 rounds when it is shared, since the runtime stays', () => {
    const plugin = build('shared.so', 'clang++', [], LIBCXX.shared);
    expect(runHost(host, ['rounds', 2000, 2, plugin]).lines).toEqual([GONE]);
  });

  it('is guarded beside another one, closed in both orders', () => {
    const one = build('one.so', 'clang++', [guard, WRAP], LIBCXX.static);
    const two = build('two.so', 'clang++', [guard, WRAP], LIBCXX.static);
    expect(runHost(host, ['rounds', 200, 2, one, two]).lines).toEqual([GONE]);
  });

  it('is guarded beside others that come and go at the same time', () => {
    const plugins = [0, 1, 2, 3].map((i) => build(`copy${i}.so`, 'clang++', [guard, WRAP], LIBCXX.static));
    expect(runHost(host, ['parallel', 150, ...plugins]).lines).toEqual(['keys 1024 -> 1024']);
  });

  it('is cured without being built again by guard preload', () => {
    const plugin = build('static.so', 'clang++', [], LIBCXX.static);
    expect(runHost(host, ['rounds', 1000, 8, plugin], preload).lines).toEqual([GONE]);
  });

  it('is cured by guard preload beside others that come and go at the same time', () => {
    const plugins = [0, 1, 2, 3].map((i) => build(`static${i}.so`, 'clang++', [], LIBCXX.static));
    expect(runHost(host, ['parallel', 300, ...plugins], preload).lines).toEqual(['keys 1024 -> 1024']);
  });
});

describe.skipIf(!hasTools('gcc', 'g++'))('a pool of threads with libstdc++', () => {
  it.each([
    ['static', ['-static-libstdc++', '-static-libgcc'], false],
    ['static, guarded', ['-static-libstdc++', '-static-libgcc'], true],
    ['shared', [], false],
    ['shared, guarded', [], true],
  ])('loses nothing in 2,000 rounds: %s', (_, options, guarded) => {
    const plugin = build('gcc.so', 'g++', guarded ? [guard, WRAP] : [], options);
    expect(runHost(host, ['rounds', 2000, 2, plugin]).lines[0]).toMatch(NO_LOSS);
  });
});
