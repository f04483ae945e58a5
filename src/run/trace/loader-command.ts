import { basename } from 'node:path';

/** What is asked of a loader that is started as a program: `ld.so [OPTION]... PROGRAM [ARGUMENT]...`. */
export interface LoaderCommand {
  readonly program: string;
  /** In the place of LD_LIBRARY_PATH. */
  readonly libraryPath?: string;
  /** In the place of LD_PRELOAD. */
  readonly preload?: string;
  /** An option that changes what is loaded in a way that is not simulated. */
  readonly unpredictable?: string;
}

/** glibc's loader, by its file's soname or name: `ld-linux-x86-64.so.2`, `ld.so.1`, `ld64.so.2`, `ld-2.31.so`. */
export const isGlibcLoader = (name: string): boolean =>
  /^ld(-linux\S*|64|-2\.\d+)?\.so(\.\d+)?$/.test(basename(name));

/** Options with an argument (ld.so(8), glibc elf/rtld.c); of the others some tell something and end. */
const WITH_ARGUMENT: ReadonlySet<string> = new Set([
  '--argv0',
  '--audit',
  '--glibc-hwcaps-mask',
  '--glibc-hwcaps-prepend',
  '--inhibit-rpath',
  '--library-path',
  '--preload',
]);
/** Those that leave alone which libraries are found, besides the two that stand for a variable. */
const HARMLESS: ReadonlySet<string> = new Set(['--argv0', '--audit', '--library-path', '--preload']);

/** undefined: no program is named. `args` follow the loader's name. */
export function parseLoaderCommand(args: readonly string[]): LoaderCommand | undefined {
  const options: { libraryPath?: string; preload?: string; unpredictable?: string } = {};
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!word.startsWith('--')) return { program: word, ...options };
    if (!HARMLESS.has(word)) options.unpredictable ??= word;
    if (!WITH_ARGUMENT.has(word)) continue;
    const value = args[++at] ?? '';
    if (word === '--library-path') options.libraryPath = value;
    if (word === '--preload') options.preload = value;
  }
  return undefined;
}
