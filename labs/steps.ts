import type { Command } from '../src/model/lab.ts';

/** Links find the lab's libraries in the build's directory, and so does the loader, wherever that is. */
const HERE = ['-L.', '-Wl,-rpath,$ORIGIN', '-Wl,-rpath-link,.'];

/** A shared object's file, which may end in version numbers. */
type LibraryName = `${string}.so` | `${string}.so.${string}`;

/**
 * Every use of an exported name goes through the loader: gcc does so unless told otherwise, clang inlines when
 * it optimises (`$CC` may ask for that) unless told not to.
 */
const SHARED = ['-shared', '-fPIC', '-fsemantic-interposition', '-o'];

/** Compiles and links C into a shared library. */
export const library = (file: LibraryName, ...args: string[]): Command => {
  return ['cc', ...SHARED, file, ...args, ...HERE];
};

/** Compiles and links C into a program. */
export const program = (file: string, ...args: string[]): Command => ['cc', '-o', file, ...args, ...HERE];

/** Compiles and links C++ into a shared library. */
export const cxxLibrary = (file: LibraryName, ...args: string[]): Command => {
  return ['c++', ...SHARED, file, ...args, ...HERE];
};

/** Compiles and links C++ into a program. */
export const cxxProgram = (file: string, ...args: string[]): Command => ['c++', '-o', file, ...args, ...HERE];
