import type { Libc } from '../unload/index.ts';
import type { Creator, SeriesName, SoakDeath } from './observation.ts';

export type SoakVerdict = 'clean' | 'leak' | 'died';

export const RESOURCES = [
  'keys',
  'threads',
  'mappings',
  'fds',
  'heap',
  'rss',
  'tls',
  'linkmaps',
  'signals',
] as const;
export type ResourceName = (typeof RESOURCES)[number];

/** What happened to one resource. */
export interface ResourceFacts {
  readonly name: ResourceName;
  /** What is counted: `bytes`, `keys`… Of mappings the bytes, when these alone grow: the kernel joins neighbours. */
  readonly unit: string;
  /** Before the first round, and after the last; null: the C library does not tell. */
  readonly first: number | null;
  readonly last: number | null;
  /** How many are free at the end, where there is a fixed number of them. */
  readonly free: number | null;
  readonly growthPerRound: number;
  readonly leaks: boolean;
  /** The round with which the growth began. */
  readonly since: number | null;
  /** Another leak that explains this one: the memory of lost threads, the mappings of libraries. */
  readonly follows: ResourceName | null;
  /** The first round in which there is none left; null: it never comes to that, or the limit is not known. */
  readonly exhaustedAtRound: Readonly<Record<Libc, number | null>>;
  /** Who made what is left, the most first; null when nobody looked. */
  readonly creators: readonly Omit<Creator, 'resource'>[] | null;
}

/** Rounds, one behind the other, whose calls returned the same. */
export interface ResultRun {
  readonly from: number;
  readonly value: string;
}

/** What `facts` of the command holds. */
export interface SoakFacts {
  readonly path: string;
  readonly entry: string | null;
  readonly hostRuntime: string | null;
  readonly rounds: { readonly wanted: number; readonly done: number };
  readonly resources: readonly ResourceFacts[];
  readonly death: SoakDeath | null;
  /** Objects that were brought along and stay. */
  readonly stays: readonly string[];
  /** The first of them, when results change often. */
  readonly results: readonly ResultRun[];
  /** One number for each round, after the one from before the first; null: not known. */
  readonly series: Readonly<Record<SeriesName, readonly (number | null)[]>>;
}

/** Of a comparison: the second plugin, and in `before` the first. */
export interface SoakCommandFacts extends SoakFacts {
  readonly before?: SoakFacts;
}
