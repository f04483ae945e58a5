import type { BuildStep, Command } from '../src/model/lab.ts';
import { library, program } from './steps.ts';

/** What the labs of this area share stands beside their folders. */
const shared = (name: string): BuildStep => ({ copies: `labs/unloading/${name}` });

/** Opens, uses and closes a plugin in rounds, and tells what stays behind. */
export const checker: readonly BuildStep[] = [
  shared('checker.c'),
  program('checker', 'checker.c', '-ldl', '-pthread'),
];

/** The plugin with a pool of threads that throw and catch. */
export const pluginSource = shared('plugin.cpp');

/** A plugin in C that makes two keys as a C++ runtime does, when they are first needed. */
export const plainPlugin = (...args: string[]): readonly BuildStep[] => [
  shared('keys.c'),
  library('libplugin.so', 'keys.c', '-pthread', ...args),
];

/**
 * Links C++ with LLVM's runtime inside, as small as it gets; clang++ by name, since it is about that runtime.
 */
export const withStaticLibcxx = (file: string, ...args: string[]): Command => [
  'clang++',
  ...['-shared', '-fPIC', '-o', file, ...args, '-pthread', '-stdlib=libc++', '-nostdlib++'],
  ...['-Wl,--exclude-libs,ALL', '-Wl,--gc-sections'],
  ...['-Wl,--as-needed', '-Wl,-Bstatic', '-lc++', '-lc++abi', '-Wl,-Bdynamic'],
];

/** Without the trace, which would tell of each round anew. */
export const untraced = (...words: string[]): Command => ['env', '-u', 'LD_DEBUG', ...words];

/** What the checker prints of two rounds. */
export const told = (lost: readonly [number, number], unloaded: boolean): string[] => [
  ...lost.map((count, index) => `keys lost in round ${index + 1}: ${count}`),
  `unloaded: ${unloaded ? 'yes' : 'no'}`,
];
