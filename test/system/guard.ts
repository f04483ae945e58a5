import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGuard, buildPreload } from '../../src/run/guard/native-guard.ts';
import {
  buildHost,
  buildPlugin,
  guardDirectory,
  hasStaticLibcxx,
  LIBCXX,
  runHost,
  source,
  WRAP,
} from '../run/guard/build.ts';
import type { Verification, Watch } from './suite.ts';

const ROUNDS = 5000;
const THREADS = 8;

/** Thousands of rounds of a plugin with LLVM's C++ library in it, guarded, and in a host that guards it. */
export async function verifyGuard(watch: Watch = () => {}): Promise<Verification> {
  if (!hasStaticLibcxx()) {
    return { passed: 0, failed: 0, lines: ['no clang++ with static libc++ here: nothing to guard'] };
  }
  const directory = guardDirectory();
  try {
    const at = (name: string) => join(directory, name);
    const host = buildHost(directory);
    writeFileSync(at('guard.o'), await buildGuard({}));
    writeFileSync(at('preload.so'), await buildPreload({}, at('preload.so')));
    const build = (name: string, ...files: readonly string[]) =>
      buildPlugin(at(name), 'clang++', [source('pool-plugin.cpp'), ...files], LIBCXX.static);
    const loses = build('static.so');
    const guarded = build('guarded.so', at('guard.o'), WRAP);
    const lines: string[] = [];
    let failed = 0;
    for (const [title, plugin, preload] of [
      ['guarded', guarded, undefined],
      ['static, in a host with the library', loses, at('preload.so')],
      ['guarded, in a host with the library', guarded, at('preload.so')],
    ] as const) {
      watch(`${title}: ${ROUNDS} rounds`);
      const printed = runHost(host, ['rounds', ROUNDS, THREADS, plugin], preload).lines.join('; ');
      if (!printed.startsWith('keys 1024 -> 1024, ')) failed++;
      lines.push(`${title}, ${ROUNDS} rounds with ${THREADS} threads: ${printed}`);
    }
    return { passed: lines.length - failed, failed, lines };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
