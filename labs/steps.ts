import type { Command } from '../src/model/lab.ts';

/** Links find the lab's libraries in the build's directory, and so does the loader, wherever that is. */
const HERE = ['-L.', '-Wl,-rpath,$ORIGIN', '-Wl,-rpath-link,.'];

/** Compiles and links C into a shared library. Without optimisation no call is inlined, whatever the compiler. */
export const library = (file: `lib${string}.so`, ...args: string[]): Command => {
  return ['cc', '-shared', '-fPIC', '-o', file, ...args, ...HERE];
};

/** Compiles and links C into a program. */
export const program = (file: string, ...args: string[]): Command => ['cc', '-o', file, ...args, ...HERE];
