import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A program and the arguments that come first, such as `ccache gcc`. */
export type Compiler = readonly [string, ...string[]];

/** Words of a command line that hold no blanks themselves, as make takes `CC`; without any the usual program. */
export function compilerOf(words: string, usual = 'cc'): Compiler {
  const [program = usual, ...options] = words.split(/\s+/).filter(Boolean);
  return [program, ...options];
}

/** `$CC`, which may hold options as make would have it, or `cc`. */
export const defaultCompiler = (): Compiler => compilerOf(process.env['CC'] ?? '');

/** Runs a compiler that makes one file, which appears as a whole. Rejects with what execFile says. */
export async function compile(
  [program, ...options]: Compiler,
  args: readonly string[],
  output: string,
): Promise<void> {
  mkdirSync(dirname(output), { recursive: true });
  const fresh = `${output}.${process.pid}`;
  try {
    await promisify(execFile)(program, [...options, '-o', fresh, ...args]);
    renameSync(fresh, output);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * What went wrong with `compile`, in one line that says what to do; `what`: the thing that was to be made,
 * `forHeaders`: what to do when the headers of the C library are missing.
 */
export function compileFailure(
  [program]: Compiler,
  what: string,
  error: unknown,
  forHeaders = 'Debian: install libc6-dev',
): string {
  const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    return `${what} has to be compiled and there is no ${program}: install a C compiler (Debian: gcc and libc6-dev), or set CC`;
  }
  const complaints = stderr.split('\n').filter((line) => /error|cannot find/.test(line));
  const hint = /fatal error: .*\.h['":]/.test(stderr) ? ` (${forHeaders})` : '';
  return `${what} cannot be compiled with ${program}: ${complaints[0] ?? message}${hint}`;
}
