import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Compiler, compile } from '../compiler.ts';

/**
 * Nothing that a plugin could bind to: hidden symbols, no copy relocations. Bound at once, so that no library
 * that is loaded later comes between the host and its C library. libdl is a library of its own before glibc 2.34.
 */
const FLAGS = [
  ...['-std=c11', '-D_GNU_SOURCE', '-O2', '-fPIE', '-fvisibility=hidden'],
  ...['-pie', '-Wl,-z,now,-z,relro,-z,noexecstack,--as-needed'],
];
const LIBRARIES = ['-ldl'];

function sourceFiles(root: URL): string[] {
  const folder = fileURLToPath(new URL('native/host/', root));
  return readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .sort()
    .map((name) => folder + name);
}

/** Changes with the sources, the flags, and whatever else the program depends on. */
export function hostFingerprint(root: URL, ...others: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, LIBRARIES, process.arch, ...others]));
  for (const path of sourceFiles(root)) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** Where the build puts the program that fits the sources. */
export const builtHost = (root: URL): string =>
  fileURLToPath(new URL(`dist/native/host-${hostFingerprint(root)}`, root));

/** Compiles the host into a file, which appears as a whole. Rejects with what execFile says. */
export async function compileHost(root: URL, compiler: Compiler, output: string): Promise<void> {
  const sources = sourceFiles(root).filter((path) => path.endsWith('.c'));
  await compile(compiler, [...FLAGS, ...sources, ...LIBRARIES], output);
}
