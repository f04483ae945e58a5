import type { DynamicObject } from './dynamic-object.ts';

/** Which rule of the loader's search found a library (ld.so(8)). */
export type SearchRule =
  | 'root' // the program or library that the process starts with
  | 'preload' // LD_PRELOAD
  | 'path' // the name has a slash
  | 'rpath' // DT_RPATH of the requester, of one that loaded it, or of the program
  | 'library-path' // LD_LIBRARY_PATH
  | 'runpath' // DT_RUNPATH of the requester
  | 'cache' // ld.so.cache
  | 'default' // the system directories
  | 'loader'; // the dynamic loader itself, which is always there

/** One place that was looked at for a library. */
export interface SearchAttempt {
  readonly rule: SearchRule;
  readonly path: string;
  /** Why the search went on: no such file, another architecture… */
  readonly outcome: string;
}

/** One entry of the link map. */
export interface LoadedObject {
  readonly kind: 'loaded';
  /** Position in the load order; 0 is the root. */
  readonly order: number;
  /** The name under which it was first asked for: a DT_NEEDED string, a preload entry. */
  readonly name: string;
  /** The path as ld.so prints it (`l_name`); for the root, the path that was given. */
  readonly path: string;
  readonly object: DynamicObject;
  readonly rule: SearchRule;
  /** Further detail on the rule: whose RPATH, which directory entry. */
  readonly ruleDetail: string | undefined;
  /** Who asked first; undefined for the root, preloads and the loader. */
  readonly requester: LoadedObject | undefined;
}

/** A library that was asked for and not found. */
export interface MissingLibrary {
  readonly kind: 'missing';
  readonly order: number;
  readonly name: string;
  readonly requester: LoadedObject | undefined;
  /** In ld.so's words: `cannot open shared object file: No such file or directory`, `wrong ELF class: …`. */
  readonly message: string;
  readonly tried: readonly SearchAttempt[];
}

/** A file that was found and cannot be loaded: the process does not start. */
export interface LoadFailure {
  readonly path: string;
  readonly name: string;
  readonly requester: LoadedObject | undefined;
  /** In ld.so's words: `invalid ELF header`, `file too short`… */
  readonly message: string;
}

/** A library that a process opens while it runs (dlopen(3)). */
export type OpenedLibrary =
  | {
      readonly kind: 'opened';
      readonly root: LoadedObject;
      /** The library and what it needs, breadth-first: its own lookup scope. */
      readonly list: readonly LoadedObject[];
      /** What was not there before. */
      readonly added: readonly LoadedObject[];
      /** Where references of what it adds are looked up, in this order. */
      readonly scope: readonly LoadedObject[];
    }
  /** dlopen returns NULL; the message is that of dlerror(3). */
  | { readonly kind: 'refused'; readonly name: string; readonly message: string };

/** What stands in the process once the loader has mapped everything that is needed at the start. */
export interface Process {
  readonly root: LoadedObject;
  /** The link map in load order, missing libraries at their places. */
  readonly linkMap: readonly (LoadedObject | MissingLibrary)[];
  /** The global lookup scope, in lookup order. */
  readonly scope: readonly LoadedObject[];
  /** For each DT_NEEDED of each object, what it was answered with; by requester. */
  readonly dependencies: ReadonlyMap<LoadedObject, readonly (LoadedObject | MissingLibrary)[]>;
  readonly failures: readonly LoadFailure[];
  /** LD_PRELOAD entries that could not be loaded; the loader only warns. */
  readonly ignoredPreloads: readonly MissingLibrary[];
  /** In the order in which they are opened. */
  readonly opened: readonly OpenedLibrary[];
}
