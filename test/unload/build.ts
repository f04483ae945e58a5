import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseUnload, type UnloadAnalysis } from '../../src/analyses/unload/index.ts';
import { askUnload, type UnloadSurroundings } from '../../src/host/index.ts';
import type { Plugin } from './plugins.ts';

export type Compiler = 'gcc' | 'clang' | 'musl-gcc' | 'aarch64-linux-gnu-gcc';

/** What the C++ library of LLVM is linked with; archives are found by -Bstatic. */
const STANDARD_LIBRARY = {
  'libc++': ['-stdlib=libc++'],
  'libc++ static': [
    ...['-stdlib=libc++', '-nostdlib++', '-Wl,-Bstatic', '-lc++', '-lc++abi', '-Wl,-Bdynamic', '-lgcc_s'],
  ],
};

/** Builds a plugin; the path of the library, or the compiler's complaint as an error. */
export function buildPlugin(
  directory: string,
  name: string,
  plugin: Pick<Plugin, 'source' | 'language' | 'flags' | 'standardLibrary'>,
  compiler: Compiler,
  ...options: readonly string[]
): string {
  const isCxx = plugin.language === 'c++';
  const source = join(directory, `${name}.${isCxx ? 'cpp' : 'c'}`);
  const library = join(directory, `${name}.so`);
  writeFileSync(source, `${plugin.source}\n`);
  const driver = isCxx ? { gcc: 'g++', clang: 'clang++' }[compiler as 'gcc' | 'clang'] : compiler;
  const standard = plugin.standardLibrary === undefined ? [] : STANDARD_LIBRARY[plugin.standardLibrary];
  const args = ['-shared', '-fPIC', ...options, '-o', library, source, ...(plugin.flags ?? []), ...standard];
  const { status, stderr } = spawnSync(driver, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${driver} ${args.join(' ')}\n${stderr}`);
  return library;
}

/** What solder says, without a process of its own. */
export const predict = (path: string, surroundings: UnloadSurroundings = {}): UnloadAnalysis =>
  analyseUnload(askUnload(path, surroundings));

/** The kinds that are told, notes included. */
export const kindsOf = ({ findings }: UnloadAnalysis): string[] =>
  [...new Set(findings.map(({ kind }) => kind))].sort();

/** Findings that a clean plugin must not have. */
export const alarms = ({ findings }: UnloadAnalysis): string[] =>
  findings.filter(({ severity }) => severity !== 'note').map(({ kind, message }) => `${kind}: ${message}`);
