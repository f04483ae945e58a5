import type { Ending } from '../../model/lab.ts';
import type { TraceEventKind } from './event.ts';

/** What a step of the timeline is about. */
export type StepKind =
  | 'load' // a library is searched, opened and mapped
  | 'versions' // needed versions are compared with defined ones
  | 'scope' // the global lookup scope at the start
  | 'relocate'
  | 'bind' // look-ups outside a relocation: references bound at their first call, dlsym
  | 'preinit'
  | 'init'
  | 'initialize' // the program's own constructors
  | 'transfer' // main
  | 'dlopen'
  | 'dlclose'
  | 'global' // RTLD_GLOBAL: added to the global scope
  | 'nodelete' // never unloaded again
  | 'fini'
  | 'unload'
  | 'error'
  | 'notice';

/**
 * One step of an image. Steps inside a dlopen or dlclose have a greater depth and follow it. Times are in
 * milliseconds since the command was started, at which solder saw the first and the last line.
 */
export interface TraceStep {
  readonly step: StepKind;
  readonly depth: number;
  /** The library, object or program; of `bind` the first symbol. */
  readonly subject: string;
  readonly at?: number;
  readonly ms?: number;
  /** load: where it was found. */
  readonly path?: string;
  /** load, dlopen: who asked. */
  readonly by?: string;
  /** load: what led to it: `ld.so.cache`, `RUNPATH of F`, `LD_LIBRARY_PATH`, `system search path`. */
  readonly through?: string;
  /** load: the files that were tried, at most `TRIED_LIMIT`, the one that was found among them. */
  readonly tried?: readonly string[];
  readonly triedCount?: number;
  /** load: where it is mapped, and how many bytes. */
  readonly base?: string;
  readonly size?: number;
  /** relocate: references to functions are left for their first call. */
  readonly isLazy?: boolean;
  /** relocate, bind: definitions that were found; versions: comparisons. dlopen, dlclose: open handles. */
  readonly count?: number;
  /** relocate, bind: objects that were asked for a symbol. */
  readonly lookups?: number;
  /** scope: paths in lookup order. */
  readonly objects?: readonly string[];
  /** error, nodelete, a dlopen that failed. */
  readonly message?: string;
  /** error: nothing came after it. Otherwise somebody has caught it, and dlopen or dlsym returned NULL. */
  readonly isFatal?: boolean;
}

/** One number of the loader's own statistics. */
export interface TraceStatistic {
  readonly name: string;
  readonly value: number;
  readonly unit: 'cycles' | null;
  readonly percent: number | null;
}

/** One program in one process: until the process ends, or executes another program. */
export interface ImageTrace {
  /** As the loader calls it: the first argument of its command line. Null: it began before the trace. */
  readonly program: string | null;
  /** `fork`: a copy of its parent, without a start of its own. */
  readonly begins: 'exec' | 'fork';
  /** The program's main was reached. */
  readonly isStarted: boolean;
  /** When solder saw the first line, and how long the image was seen after it. */
  readonly at: number | null;
  readonly ms: number | null;
  /** Events by kind. */
  readonly counts: Readonly<Partial<Record<TraceEventKind, number>>>;
  readonly steps: readonly TraceStep[];
  /** Steps beyond the limit. */
  readonly omittedSteps: number;
  readonly statistics: readonly TraceStatistic[];
  /** Bindings by the object that provides the definition, the most used first. */
  readonly providers: readonly { readonly object: string; readonly bindings: number }[];
  /** The symbols that were bound most often, and how many objects were asked for them. */
  readonly symbols: readonly {
    readonly symbol: string;
    readonly bindings: number;
    readonly lookups: number;
  }[];
}

export interface ProcessTrace {
  readonly pid: number;
  /** Null: not known, or not part of the trace. */
  readonly parent: number | null;
  /** The programs that it executed, in order. */
  readonly images: readonly ImageTrace[];
  /** Those beyond the limit; the last one is always told. */
  readonly omittedImages: number;
}

/** All that a trace comes to. Its size does not depend on the length of the log. */
export interface TraceFacts {
  /** Null for a log that was read. */
  readonly command: readonly string[] | null;
  /** How the program ended. */
  readonly ending: Ending | null;
  /** LD_DEBUG, as it was set. */
  readonly categories: readonly string[] | null;
  readonly lines: number;
  readonly events: number;
  /** Lines that nobody understood, and the first of them. */
  readonly unknown: { readonly count: number; readonly examples: readonly string[] };
  /** Lines of a mixed log that the program wrote. */
  readonly outputLines: number;
  /** Libraries that are needed and not used: LD_DEBUG=unused. */
  readonly unused: readonly string[];
  readonly processes: readonly ProcessTrace[];
  /** Processes beyond the limit. */
  readonly omittedProcesses: number;
  /** Present with `--verify`: what was held against the prediction. */
  readonly verified?: readonly VerifiedImage[];
}

/** One image held against the simulation. */
export interface VerifiedImage {
  readonly pid: number;
  readonly program: string;
  /** Why there is no prediction. */
  readonly skipped?: string;
  readonly loads: number;
  readonly bindings: number;
  readonly versions: number;
  readonly initialisers: number;
  readonly dlopens: number;
  /** Look-ups that are no references of files (dlsym), and dlopens that cannot be replayed. */
  readonly notPredicted: number;
  readonly differences: number;
}
