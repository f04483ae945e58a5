/** An object and the namespace that it lives in (dlmopen(3)), as the loader prints both: `PATH [N]`. */
export interface TracedObject {
  /** l_name; empty for the program where the loader has no better name. */
  readonly path: string;
  readonly namespace: number;
}

/** What one message of ld.so says, in the loader's own terms. The comment names the function that prints it. */
type Message =
  // LD_DEBUG=libs: where libraries are searched (elf/dl-load.c, elf/dl-cache.c, elf/dl-deps.c)
  | { readonly kind: 'search'; readonly library: string; readonly namespace: number }
  | {
      readonly kind: 'search-path';
      /** Without final slashes; those known not to exist are left out by the loader. */
      readonly directories: readonly string[];
      /** `RPATH`, `RUNPATH`, `LD_LIBRARY_PATH` or `system search path`. */
      readonly source: string;
      /** Whose RPATH or RUNPATH it is. */
      readonly of: string | undefined;
    }
  | { readonly kind: 'search-cache'; readonly cache: string }
  | { readonly kind: 'try'; readonly path: string }
  | { readonly kind: 'filter'; readonly library: string; readonly by: string }
  | { readonly kind: 'filter-skipped'; readonly library: string }
  // files: what is opened, mapped, closed (elf/dl-load.c, elf/dl-open.c, elf/dl-close.c)
  | { readonly kind: 'need'; readonly library: string; readonly namespace: number; readonly by: TracedObject }
  | {
      readonly kind: 'dlopen-request';
      readonly library: string;
      readonly namespace: number;
      readonly by: TracedObject;
    }
  | { readonly kind: 'map'; readonly library: string; readonly namespace: number }
  /** Addresses and sizes as the loader prints them, in hexadecimal with `0x`. */
  | { readonly kind: 'placed'; readonly dynamic: string; readonly base: string; readonly size: string }
  | { readonly kind: 'headers'; readonly entry: string; readonly phdr: string; readonly phnum: number }
  | { readonly kind: 'dlopen'; readonly object: TracedObject; readonly count: number }
  | { readonly kind: 'dlclose'; readonly object: string; readonly count: number }
  | { readonly kind: 'unload'; readonly object: TracedObject }
  | {
      readonly kind: 'nodelete';
      readonly object: TracedObject;
      /** `marked` while something may still fail, `active` for good. */
      readonly state: 'marked' | 'active';
      readonly reason: string | undefined;
    }
  | { readonly kind: 'audit-ignored'; readonly object: TracedObject }
  // versions (elf/dl-version.c)
  | {
      readonly kind: 'version';
      readonly version: string;
      readonly file: TracedObject;
      readonly by: TracedObject;
    }
  // scopes (elf/rtld.c, elf/dl-open.c: _dl_show_scope)
  | { readonly kind: 'scopes' }
  | { readonly kind: 'scope-of'; readonly object: TracedObject }
  /** Paths may hold blanks and are told apart by them: joined with blanks they are what was printed. */
  | { readonly kind: 'scope'; readonly index: number; readonly objects: readonly string[] }
  | { readonly kind: 'no-scope' }
  | { readonly kind: 'global'; readonly object: TracedObject }
  // reloc (elf/dl-reloc.c, elf/dl-conflict.c, elf/rtld.c)
  | { readonly kind: 'relocate'; readonly object: string; readonly isLazy: boolean }
  | { readonly kind: 'conflicts'; readonly object: string }
  | { readonly kind: 'prelink-check'; readonly object: string }
  // symbols, bindings (elf/dl-lookup.c)
  | { readonly kind: 'lookup'; readonly symbol: string; readonly file: TracedObject }
  | {
      readonly kind: 'bind';
      readonly from: TracedObject;
      readonly to: TracedObject;
      readonly symbol: string;
      /** The version that the reference asks for. */
      readonly version: string | undefined;
      readonly binding: 'normal' | 'protected';
    }
  | { readonly kind: 'relocation-dependency'; readonly object: TracedObject; readonly by: TracedObject }
  // impcalls, part of libs (elf/dl-init.c, elf/dl-fini.c, csu/libc-start.c)
  | { readonly kind: 'preinit'; readonly object: string }
  | { readonly kind: 'init'; readonly object: string }
  | { readonly kind: 'initialize'; readonly program: string }
  | { readonly kind: 'transfer'; readonly program: string }
  | { readonly kind: 'fini'; readonly object: TracedObject }
  // statistics (elf/rtld.c, elf/dl-fini.c)
  | { readonly kind: 'statistics' }
  | {
      readonly kind: 'statistic';
      /** In the loader's words: `time needed for relocation`. */
      readonly name: string;
      readonly value: number;
      readonly unit: 'cycles' | undefined;
      /** Of the total startup time. */
      readonly percent: number | undefined;
    }
  // whatever the category (elf/dl-error-skeleton.c, elf/rtld.c)
  | {
      readonly kind: 'error';
      /** The object or the program that it is about; may be empty. */
      readonly object: string;
      readonly occasion: string;
      readonly message: string;
      /** The loader does not go on with what it does; whether the process does depends on who catches it. */
      readonly isFatal: boolean;
    }
  /** A sentence for people: a warning, an audit module that is ignored. */
  | { readonly kind: 'notice'; readonly text: string }
  // LD_DEBUG=unused with LD_TRACE_LOADED_OBJECTS, LD_DEBUG=help: untagged
  | { readonly kind: 'unused-list' }
  | { readonly kind: 'unused'; readonly object: string }
  | { readonly kind: 'help'; readonly text: string }
  /** In a log that is a process's standard error: what the process itself wrote there. */
  | { readonly kind: 'output'; readonly text: string }
  /** What nobody understood: counted and shown, never dropped. */
  | { readonly kind: 'unknown'; readonly text: string };

/** One message of one process. `pid` is 0 for what carries no process number. */
export type TraceEvent = Message & { readonly pid: number };

export type TraceEventKind = TraceEvent['kind'];
