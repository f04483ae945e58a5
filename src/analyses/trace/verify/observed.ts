import type { TraceEvent } from '../event.ts';

/** A binding that the loader made. */
export type ObservedBinding = Extract<TraceEvent, { kind: 'bind' }>;

/** A library that was mapped, or not found. */
export interface ObservedLoad {
  readonly library: string;
  /** Undefined: nobody has told. */
  readonly by: string | undefined;
  /** Undefined: it was not mapped. */
  path: string | undefined;
  /** The cache or the search path that led to it. */
  through: string | undefined;
  isMapped: boolean;
}

/** What is loaded together: at the start, or by one dlopen. */
export interface ObservedGroup {
  readonly loads: ObservedLoad[];
  readonly versions: Extract<TraceEvent, { kind: 'version' }>[];
  /** In the loader's order. */
  readonly relocated: { readonly object: string; readonly isLazy: boolean }[];
  /** Made while the referring object was relocated. */
  readonly bindings: ObservedBinding[];
  readonly initialised: string[];
}

/** What happens before main. */
export interface ObservedStart extends ObservedGroup {
  program: string | undefined;
  /** LD_LIBRARY_PATH, with the subdirectories that are searched as well; undefined: no search came so far. */
  libraryPath: readonly string[] | undefined;
  /** The global lookup scope; undefined when it was not printed. */
  scope: readonly string[] | undefined;
  /** Namespaces of audit modules (rtld-audit(7)), which are opened before all else and never replayed. */
  readonly auditors: Set<number>;
  isStarted: boolean;
  failure: string | undefined;
}

export interface ObservedOpen extends ObservedGroup {
  readonly kind: 'open';
  /** As it was asked for, or the path of what was open already; empty for the program. */
  file: string;
  readonly by: string | undefined;
  readonly namespace: number;
  path: string | undefined;
  /** It was there: nothing is searched. */
  readonly isAgain: boolean;
  count: number | undefined;
  isFailed: boolean;
  /** The process or its log has ended in the middle of it. */
  isCut: boolean;
  isGlobal: boolean;
  isNoDelete: boolean;
  /** The first scope of the library itself. */
  firstScope: readonly string[] | undefined;
}

/** What happens after main was reached, in the order in which the loader must have begun with it. */
export type ObservedAction =
  | ObservedOpen
  | { readonly kind: 'use'; readonly binding: ObservedBinding }
  /** A handle was closed, and others are left. */
  | { readonly kind: 'close'; readonly path: string; readonly count: number }
  | {
      readonly kind: 'unload';
      readonly namespace: number;
      readonly finalised: string[];
      readonly unloaded: string[];
    }
  | { readonly kind: 'exit'; readonly finalised: string[] };

export interface ImageListener {
  /** Main was reached, or will not be. */
  onStart(start: ObservedStart): void;
  onAction(action: ObservedAction): void;
}
