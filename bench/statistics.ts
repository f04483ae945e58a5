import type { Measurement } from './measure.ts';

/** What a contender's runs come down to: seconds, seconds and bytes. */
export interface Figures {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median');
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

/** Medians of the times, since they scatter to both sides; of memory the largest peak. */
export function summarize(runs: readonly Measurement[]): Figures {
  return {
    cpu: median(runs.map((run) => run.cpu)),
    wall: median(runs.map((run) => run.wall)),
    peak: Math.max(...runs.map((run) => run.peak)),
  };
}
