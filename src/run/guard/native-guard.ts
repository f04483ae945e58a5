import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../host/package-root.ts';
import { type Compiler, compile, compileFailure, compilerOf, defaultCompiler } from '../compiler.ts';
import { makeScratch } from '../scratch.ts';

/** The guard cannot be compiled here; the message says what to do. */
export class GuardUnavailable extends Error {
  override readonly name = 'GuardUnavailable';
}

export interface GuardCompiler {
  /** A compiler and its options, as in `CC`. */
  readonly cc?: string | undefined;
  /** As for clang's `--target`. */
  readonly target?: string | undefined;
}

/**
 * For an object that goes into foreign links: position-independent; its own machine code also where the rest is
 * link-time optimised, since gold does not wrap names in such code; functions that nobody calls can be left out.
 */
const OBJECT_FLAGS = [
  '-std=c11',
  '-O2',
  '-fPIC',
  '-fno-lto',
  '-fvisibility=hidden',
  '-ffunction-sections',
  '-c',
];
/** Bound at once: its functions are called while the loader is at work. libdl is a library before glibc 2.34. */
const LIBRARY_FLAGS = [
  ...['-std=c11', '-O2', '-fPIC', '-fvisibility=hidden', '-shared'],
  ...['-Wl,-z,now,-z,relro,-z,noexecstack'],
];

const nativeFile = (name: string): string => fileURLToPath(new URL(`native/guard/${name}`, packageRoot()));

/** The C file that is linked into a plugin. */
export const guardSource = (): string => readFileSync(nativeFile('guard.c'), 'utf8');

/** The object file that is linked into a plugin. Rejects with `GuardUnavailable`. */
export const buildGuard = (compiler: GuardCompiler): Promise<Uint8Array> =>
  build(compiler, 'the guard', 'guard.o', [...OBJECT_FLAGS, nativeFile('guard.c')]);

/** The shared library for hosts; `soname` by the file that it will be. Rejects with `GuardUnavailable`. */
export const buildPreload = (compiler: GuardCompiler, path: string): Promise<Uint8Array> =>
  build(compiler, 'the library', 'preload.so', [
    ...LIBRARY_FLAGS,
    `-Wl,-soname,${basename(path)}`,
    nativeFile('preload.c'),
    '-ldl',
  ]);

async function build(
  { cc, target }: GuardCompiler,
  what: string,
  name: string,
  flags: readonly string[],
): Promise<Uint8Array> {
  const compiler = chooseCompiler(cc, target);
  using scratch = makeScratch('guard');
  const output = join(scratch.directory, name);
  try {
    await compile(compiler, [...(target === undefined ? [] : [`--target=${target}`]), ...flags], output);
  } catch (error) {
    throw new GuardUnavailable(compileFailure(compiler, what, error, target && foreignHeaders(target)));
  }
  return readFileSync(output);
}

/** Only clang makes code for many targets. */
function chooseCompiler(cc: string | undefined, target: string | undefined): Compiler {
  if (cc !== undefined) return compilerOf(cc);
  return target !== undefined && !process.env['CC'] ? ['clang'] : defaultCompiler();
}

const foreignHeaders = (target: string): string =>
  `${target} needs the headers of its C library: --cc 'clang --sysroot=DIR', or the compiler of its SDK`;
