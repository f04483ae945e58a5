import type { LoadedObject } from './process.ts';

/** The flags of dlopen(3). RTLD_LAZY and RTLD_LOCAL are what counts without them. */
export interface OpenMode {
  /** RTLD_NOW. */
  readonly now?: boolean;
  /** RTLD_GLOBAL. */
  readonly global?: boolean;
  /** RTLD_DEEPBIND. */
  readonly deepBind?: boolean;
  /** RTLD_NODELETE. */
  readonly noDelete?: boolean;
  /** RTLD_NOLOAD. */
  readonly noLoad?: boolean;
  /** Neither RTLD_LAZY nor RTLD_NOW, which is refused. */
  readonly noBinding?: boolean;
}

/** One call that a running program makes, or one function of a library that it calls for the first time. */
export type DlCall =
  | {
      readonly call: 'dlopen';
      /** A path or a name to search for; null stands for the program itself. */
      readonly file: string | null;
      readonly mode: OpenMode;
      /** What later calls name the handle by. */
      readonly handle: string;
      /** dlmopen(3): `new` for LM_ID_NEWLM, or the handle of a library in whose namespace it is opened. */
      readonly namespace?: 'new' | { readonly of: string };
      /** The object that makes the call, by its name or path: it is searched for as its needs are; default the program. */
      readonly caller?: string;
    }
  | {
      readonly call: 'dlsym';
      /** A handle's name, or RTLD_DEFAULT or RTLD_NEXT. */
      readonly handle: string | { readonly pseudo: 'default' | 'next' };
      readonly symbol: string;
      /** dlvsym(3). */
      readonly version?: string;
      /** For a pseudo-handle the object that makes the call, by its name or path; default the program. */
      readonly caller?: string;
    }
  | { readonly call: 'dlclose'; readonly handle: string }
  | {
      /** Code of `object` comes to a call of `symbol`: a reference that is bound lazily is bound now. */
      readonly call: 'use';
      readonly object: string;
      readonly symbol: string;
    };

/** Why an object is still there after a dlclose(3) that might have unloaded it. */
export type KeptBy =
  /** It was there at the start, or is needed by what was. */
  | { readonly kind: 'start' }
  /** Other handles are open. */
  | { readonly kind: 'opened'; readonly count: number }
  | { readonly kind: 'needed'; readonly by: LoadedObject }
  /** A reference of another object is bound to it (glibc's l_reldeps). */
  | { readonly kind: 'bound'; readonly by: LoadedObject; readonly symbol: string }
  /** A thread has to run destructors of thread-local objects out of it (`__cxa_thread_atexit_impl`). */
  | { readonly kind: 'thread-destructors' }
  /** RTLD_NODELETE, DF_1_NODELETE, or it provides a unique symbol (STB_GNU_UNIQUE). */
  | { readonly kind: 'nodelete'; readonly cause: 'flag' | 'file' }
  | { readonly kind: 'nodelete'; readonly cause: 'unique'; readonly symbol: string }
  /** An object that will never be unloaded is bound to it. */
  | {
      readonly kind: 'nodelete';
      readonly cause: 'bound';
      readonly by: LoadedObject;
      readonly symbol: string;
    };

/** What a call does, as far as the files decide it. Lists stand in the loader's order. */
export type DlOutcome =
  | {
      readonly call: 'dlopen';
      readonly result: 'opened';
      readonly object: LoadedObject;
      /** Open handles of the object, this one included. */
      readonly count: number;
      /** What was not there before, in load order. */
      readonly added: readonly LoadedObject[];
      /** Whose constructors run, in this order; objects that have none stand among them (`hasConstructors`). */
      readonly initialised: readonly LoadedObject[];
      /** What RTLD_GLOBAL adds to the global scope, in lookup order. */
      readonly madeGlobal: readonly LoadedObject[];
    }
  /** RTLD_NOLOAD of what is not there: NULL, and dlerror(3) has nothing to say. */
  | { readonly call: 'dlopen'; readonly result: 'not-loaded' }
  | {
      readonly call: 'dlsym';
      readonly result: 'found';
      readonly object: LoadedObject;
      /** Index of the definition in the object's symbols. */
      readonly definition: number;
      /** Its address is NULL. */
      readonly isNull: boolean;
    }
  | {
      readonly call: 'dlclose';
      readonly result: 'closed';
      /** Whose destructors run, in this order; objects that have none stand among them (`hasDestructors`). */
      readonly finalised: readonly LoadedObject[];
      /** What is unmapped. */
      readonly unloaded: readonly LoadedObject[];
      /** What the handle's library brought along and is not unloaded, with every reason. */
      readonly kept: readonly { readonly object: LoadedObject; readonly by: readonly KeptBy[] }[];
    }
  | {
      readonly call: 'use';
      readonly result: 'bound';
      readonly object: LoadedObject;
      readonly definition: number;
    }
  /** NULL, or -1, with the text of dlerror(3); for `use` the loader ends the process with it. */
  | { readonly call: DlCall['call']; readonly result: 'refused'; readonly message: string };
