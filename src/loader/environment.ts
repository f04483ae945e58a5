import type { Architecture, DynamicObject } from '../model/index.ts';

/** What happened when a path was opened as a library. */
export type OpenOutcome =
  | { readonly kind: 'object'; readonly object: DynamicObject }
  /** Nothing there, or not to be opened: the search goes on. */
  | {
      readonly kind: 'absent';
      /** The system's text, and what ld.so makes of it: it has words for the commonest errors only. */
      readonly reason: string;
      readonly words: string;
      /** Something else than a missing file or permission, in a directory that is there. */
      readonly isOdd: boolean;
    }
  /** Made for another loader: the search goes on. */
  | { readonly kind: 'foreign'; readonly otherClass: boolean }
  /** Something there that ends the load, in ld.so's words: `invalid ELF header`. */
  | { readonly kind: 'broken'; readonly message: string };

/** The files that a loader can see. One object a file, however many paths lead to it. */
export interface LibraryFiles {
  /** Opens a path on behalf of the loader of an architecture. */
  open(path: string, loader: Architecture): OpenOutcome;
  /** Files may have changed: what is asked for from now on is looked at anew. */
  forget?(): void;
  /** The canonical path of a program, as the kernel gives it in /proc/self/exe. */
  realPath(path: string): string;
  readonly workingDirectory: string;
}

/** One line of ld.so.cache. */
export interface CacheEntry {
  /** Low byte 3: an ELF library for libc6; high byte: the architecture. */
  readonly flags: number;
  readonly path: string;
  readonly osVersion: number;
  readonly hwcap: bigint;
  /** Name of the glibc-hwcaps subdirectory that the entry was found in, where it was. */
  readonly hwcapName: string | undefined;
}

/** ld.so.cache, by the key under which names compare equal (see cache.ts). */
export type LibraryCache = ReadonlyMap<string, readonly CacheEntry[]>;

/**
 * What one C library's loader is configured with, as far as it decides which file is found. On the machine
 * itself `ld.so --list-diagnostics` tells; for a sysroot it is read from the loader's file.
 */
export interface LoaderSettings {
  /** glibc version as major * 1000 + minor: 2036 for 2.36. */
  readonly version: number;
  /** The directories searched last, each with its final slash. */
  readonly systemDirectories: readonly string[];
  /** Value of `$PLATFORM`. */
  readonly platform: string | undefined;
  /** Value of `$LIB`. */
  readonly lib: string;
  /** Active subdirectories of glibc-hwcaps, best first. */
  readonly hwcaps: readonly string[];
  /** Bits of an unnamed cache entry's hwcap that this processor satisfies. */
  readonly hwcapMask: bigint;
  readonly cache: LibraryCache;
  /** The libraries that /etc/ld.so.preload names. */
  readonly preloads: readonly string[];
  /** The loader itself: its path as PT_INTERP gives it. */
  readonly loaderPath: string;
}

/** What the user's environment adds. */
export interface LoadOptions {
  /** LD_LIBRARY_PATH. */
  readonly libraryPath?: string | undefined;
  /** LD_PRELOAD. */
  readonly preload?: string | undefined;
}

/** Everything that decides what a process will look like, besides the root itself. */
export interface LoadContext {
  readonly files: LibraryFiles;
  settingsFor(root: DynamicObject): LoaderSettings;
  readonly options: LoadOptions;
}

export const sameArchitecture = (a: Architecture, b: Architecture): boolean =>
  a.machine === b.machine && a.is64 === b.is64 && a.littleEndian === b.littleEndian;
