import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGuard, GuardUnavailable } from '../../../src/run/guard/native-guard.ts';
import { hasTools } from '../../support/tools.ts';
import {
  buildHost,
  buildPlugin,
  GUARD_SOURCE,
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
beforeAll(async () => {
  directory = guardDirectory();
  host = buildHost(directory);
  guard = join(directory, 'guard.o');
  writeFileSync(guard, await buildGuard({}));
});
afterAll(() => rmSync(directory, { recursive: true }));

const LINKERS = ['bfd', 'gold', 'lld'].filter((linker) => hasTools(`ld.${linker}`));
const COMPILERS = ['gcc', 'clang'].filter((compiler) => hasTools(compiler));
/** GCC's link-time optimisation is a plugin of the GNU linkers. */
const COMBINATIONS = COMPILERS.flatMap((compiler) =>
  LINKERS.flatMap((linker) => [
    { compiler, linker, options: [] },
    ...(compiler === 'gcc' && linker === 'lld' ? [] : [{ compiler, linker, options: ['-flto'] }]),
  ]),
);

const rounds = (plugin: string) => runHost(host, ['rounds', 20, 1, plugin]).lines;
const CLEAN = ['keys 1024 -> 1024, heap +0, gone'];

describe.skipIf(COMPILERS.length < 2)('every call goes through the guard', () => {
  it.each(COMBINATIONS)('$compiler, ld.$linker, $options', ({ compiler, linker, options }) => {
    const plugin = join(directory, `${compiler}-${linker}${options.join('')}.so`);
    const link = [`-fuse-ld=${linker}`, ...options];
    buildPlugin(plugin, compiler, [source('keys-plugin.c'), guard, WRAP], link);
    expect(rounds(plugin)).toEqual(CLEAN);
  });

  it.skipIf(!hasStaticLibcxx())('in the archives of libc++', () => {
    const object = join(directory, 'pool-plugin.o');
    run('clang++', ['-O1', '-fPIC', '-stdlib=libc++', '-c', '-o', object, source('pool-plugin.cpp')]);
    for (const linker of LINKERS) {
      const plugin = join(directory, `libcxx-${linker}.so`);
      buildPlugin(plugin, 'clang++', [object, guard, WRAP], [`-fuse-ld=${linker}`, ...LIBCXX.static]);
      // Its threads may give back memory that was there before.
      expect(rounds(plugin).join('\n'), linker).toMatch(/^keys 1024 -> 1024, heap (\+0|-\d+), gone$/);
    }
  });

  it.each(LINKERS)('in code whose sections are collected, ld.%s', (linker) => {
    const plugin = join(directory, `collected-${linker}.so`);
    const options = [`-fuse-ld=${linker}`, '-Wl,--gc-sections,--as-needed,-z,defs,-z,now'];
    buildPlugin(plugin, 'gcc', [source('keys-plugin.c'), guard, WRAP], options);
    expect(rounds(plugin)).toEqual(CLEAN);
  });
});

describe('the sources for other systems', () => {
  const warnings = ['-Wall', '-Wextra', '-Werror', '-std=c11', '-fPIC'];

  it.skipIf(!hasTools('musl-gcc'))('compile for musl', () => {
    const preload = GUARD_SOURCE.replace('guard.c', 'preload.c');
    run('musl-gcc', [...warnings, '-c', '-o', join(directory, 'musl.o'), GUARD_SOURCE]);
    run('musl-gcc', [...warnings, '-shared', '-o', join(directory, 'musl.so'), preload]);
  });

  it.skipIf(!hasTools('aarch64-linux-gnu-gcc', 'readelf'))('compile for AArch64', async () => {
    const object = join(directory, 'aarch64.o');
    writeFileSync(object, await buildGuard({ cc: `aarch64-linux-gnu-gcc ${warnings.join(' ')}` }));
    expect(run('readelf', ['-h', object])).toContain('AArch64');
  });

  it.skipIf(!hasTools('clang'))('say what they need where the headers are missing', async () => {
    // A folder without headers stands for an SDK that is not there.
    const cc = `clang --sysroot=${directory}`;
    const failure = await buildGuard({ cc, target: 'aarch64-linux-android21' }).catch(
      (error: Error) => error,
    );
    expect(failure).toBeInstanceOf(GuardUnavailable);
    expect((failure as Error).message).toMatch(
      /file not found \(aarch64-linux-android21 needs the headers of/,
    );
  });
});
