import type { Command } from '../src/model/lab.ts';

/** Links find the lab's libraries in the build's directory, and so does the loader, wherever that is. */
const HERE = ['-L.', '-Wl,-rpath,$ORIGIN', '-Wl,-rpath-link,.'];

/**
 * Compiles and links C into a shared library. Every use of an exported name goes through the loader: gcc does
 * so unless told otherwise, clang inlines when it optimises (`$CC` may ask for that) unless told not to.
 */
export const library = (file: `lib${string}.so`, ...args: string[]): Command => {
  return ['cc', '-shared', '-fPIC', '-fsemantic-interposition', '-o', file, ...args, ...HERE];
};

/** Compiles and links C into a program. */
export const program = (file: string, ...args: string[]): Command => ['cc', '-o', file, ...args, ...HERE];
