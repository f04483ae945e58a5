/** What is counted after each round, and once before the first; in the order of the host's records. */
export const SERIES = [
  'keys',
  'threads',
  'mappings',
  'mappedBytes',
  'linkmaps',
  'added',
  'removed',
  'tls',
  'heap',
  'heapArena',
  'rss',
  'fds',
  'signals',
] as const;
export type SeriesName = (typeof SERIES)[number];

/** One value for each series. */
export const bySeries = <T>(make: (name: SeriesName, index: number) => T): Record<SeriesName, T> => {
  const values: Partial<Record<SeriesName, T>> = {};
  for (const [index, name] of SERIES.entries()) values[name] = make(name, index);
  return values as Record<SeriesName, T>;
};

/** What a round was doing when it ended otherwise than foreseen; `exit`: the end of the process, after all rounds. */
export const STAGES = ['before', 'open', 'symbol', 'call', 'close', 'measure', 'exit'] as const;
type Stage = (typeof STAGES)[number];

/** The plugin took its process with it, or could not be opened any more. */
export interface SoakDeath {
  readonly round: number;
  readonly stage: Stage;
  /** `SIGABRT`…; null when it ended otherwise. */
  readonly signal: string | null;
  /** One line: the signal, the place in the code, or what dlerror(3) said. */
  readonly reason: string;
  /** The last line that it wrote to stderr; empty: none. */
  readonly said: string;
}

/** A place in code that made things that were still there at the end. */
export interface Creator {
  /** `taken`: signals whose action was changed, without anything that is left behind. */
  readonly resource: 'keys' | 'threads' | 'fds' | 'signals' | 'taken' | 'mappings' | 'heap';
  readonly object: string;
  /** As the symbol table spells it; null: no symbol covers it. */
  readonly function: string | null;
  /** Of the call, as the file has it: a hexadecimal number with 0x; null: a tail call, which leaves no trace. */
  readonly address: string | null;
  /** Where its line table is; null: without debug information. */
  readonly file: string | null;
  readonly line: number | null;
  /** How many are left, and for `heap` and `mappings` how many bytes they have. */
  readonly count: number;
  readonly bytes: number | null;
}

/** All that was seen. */
export interface Observation {
  readonly path: string;
  readonly entry: string | null;
  /** What was loaded before the plugin. */
  readonly hostRuntime: string | null;
  readonly rounds: number;
  /**
   * By name one number for each completed round, after the one from before the first. Bytes for `mappedBytes`,
   * `heap`, `heapArena` (what malloc has from the system) and `rss`. NaN: the C library does not tell.
   */
  readonly series: Readonly<Record<SeriesName, readonly number[]>>;
  /** What the calls returned; empty when nothing is called, or nothing is returned. */
  readonly results: readonly string[];
  /** Of the C library that ran. */
  readonly mostKeys: number;
  /** What this machine allows a process; null: not known or without limit. */
  readonly limits: {
    readonly fds: number | null;
    readonly threads: number | null;
    readonly mappings: number | null;
  };
  /** Signals that are not handled as before the first round, and what is done with them instead. */
  readonly changedSignals: readonly {
    readonly name: string;
    /** A handler is the code of an object that is still there; `gone`: of one that is not. */
    readonly state: 'default' | 'ignored' | 'handler' | 'gone';
  }[];
  /** Objects that were not there before and are there at the end, by path. */
  readonly stays: readonly string[];
  readonly death: SoakDeath | null;
  /** Null: nobody recorded them. */
  readonly creators: readonly Creator[] | null;
  /** Things that were made and found no room among the records. */
  readonly unrecorded: number;
}
