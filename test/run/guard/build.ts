import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFlags } from '../../../src/report/guard/guard-flags.ts';
import { hasTools } from '../../support/tools.ts';

const SOURCES = new URL('sources/', import.meta.url).pathname;
export const source = (name: string): string => join(SOURCES, name);

export const GUARD_SOURCE = new URL('../../../native/guard/guard.c', import.meta.url).pathname;
export const WRAP = guardFlags('cc').trim();

export const guardDirectory = (): string => mkdtempSync(join(tmpdir(), 'solder-guard-'));

/** The archives of LLVM's C++ library, which Debian has as packages of their own. */
export const hasStaticLibcxx = (): boolean =>
  hasTools('clang++') &&
  ['libc++.a', 'libc++abi.a'].every((archive) =>
    spawnSync('clang++', ['-stdlib=libc++', `-print-file-name=${archive}`], {
      encoding: 'utf8',
    }).stdout.startsWith('/'),
  );

export const LIBCXX = {
  static: ['-stdlib=libc++', '-nostdlib++', '-Wl,-Bstatic', '-lc++', '-lc++abi', '-Wl,-Bdynamic'],
  shared: ['-stdlib=libc++'],
};

/** Runs a compiler; its complaint is an error. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

export function buildHost(directory: string): string {
  const host = join(directory, 'host');
  run('gcc', ['-O1', '-pthread', '-o', host, source('host.c'), '-ldl']);
  return host;
}

/** Compiles a plugin and returns its path. */
export function buildPlugin(
  path: string,
  compiler: string,
  files: readonly string[],
  options: readonly string[] = [],
): string {
  run(compiler, ['-O2', '-fPIC', '-shared', '-fvisibility=default', '-o', path, ...files, ...options]);
  return path;
}

/** What the host prints, and how it ends. */
export function runHost(
  host: string,
  args: readonly (string | number)[],
  preload?: string,
): { readonly lines: readonly string[]; readonly signal: string | null } {
  const { stdout, signal } = spawnSync(host, args.map(String), {
    encoding: 'utf8',
    // An arena that the C library sets up when two threads meet would count as lost memory.
    env: { MALLOC_ARENA_MAX: '1', ...(preload === undefined ? {} : { LD_PRELOAD: preload }) },
  });
  return { lines: stdout.trimEnd().split('\n'), signal };
}
