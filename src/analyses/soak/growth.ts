/** How a number changes from round to round. */
export interface Growth {
  /** It grows as long as the rounds go on, and not only while things warm up. */
  readonly isSteady: boolean;
  /** Theil-Sen slope over the second half of the rounds. */
  readonly perRound: number;
  /** The round in which the steady growth began; null without one. */
  readonly since: number | null;
}

/** So many parts of the second half have to grow, all but one. */
const PARTS = 6;
/** Points that the slope is taken over: the pairs of them are counted. */
const POINTS = 128;
/** What grows in steps has to show so many of them. */
const STEPS = 4;
/** How much one half may grow faster than the other, and one gap between steps be longer than the median. */
const UNEVEN = 2.5;

/**
 * Judges a series, whose first number is from before the first round. `least` is what has to be gained in the
 * second half; `leastRate` what has to be gained a round by what does not grow in steps.
 *
 * What counts is the floor: the least number of this round and all later ones, which is what surely stayed.
 * Peaks of an allocator or of threads that are about to end do not raise it. It has to rise in (nearly) all
 * parts of the second half, and evenly: what warms up rises less and less. Growth that is rarer than the parts
 * shows as steps at even distances.
 */
export function growthOf(series: readonly number[], least: number, leastRate = 0): Growth {
  const last = series.length - 1;
  const floor = floorOf(series);
  const half = Math.max(1, last >> 1);
  const perRound = last - half < 1 ? 0 : slope(series, half);
  const gained = floor[last]! - floor[half]!;
  const isFast = gained >= leastRate * (last - half);
  const isSteady =
    gained >= least && perRound >= 0 && ((isFast && risesEvenly(floor, half)) || risesInSteps(floor));
  if (!isSteady) return { isSteady, perRound, since: null };
  const rate = perRound > 0 ? perRound : gained / (last - half);
  return { isSteady, perRound: rate, since: beginning(floor, half, rate) };
}

/** The least of each number and all that follow it. */
function floorOf(series: readonly number[]): number[] {
  const floor = [...series];
  for (let at = floor.length - 2; at >= 0; at--) floor[at] = Math.min(floor[at]!, floor[at + 1]!);
  return floor;
}

function risesEvenly(floor: readonly number[], half: number): boolean {
  const last = floor.length - 1;
  const parts = Math.min(PARTS, last - half);
  if (parts < 3) return false;
  const bounds = Array.from(
    { length: parts + 1 },
    (_, part) => half + Math.round(((last - half) * part) / parts),
  );
  const rises = bounds.slice(1).map((bound, part) => floor[bound]! - floor[bounds[part]!]!);
  const allowed = parts === PARTS ? 1 : 0;
  if (rises.filter((rise) => rise > 0).length < parts - allowed) return false;
  const middle = Math.round((half + last) / 2);
  const first = floor[middle]! - floor[half]!;
  const second = floor[last]! - floor[middle]!;
  return first <= UNEVEN * second && second <= UNEVEN * first;
}

/** Rises of about the same size at about the same distance, up to the end. */
function risesInSteps(floor: readonly number[]): boolean {
  const at = risesOf(floor).slice(1);
  if (at.length < STEPS) return false;
  const gaps = at.slice(1).map((round, index) => round - at[index]!);
  const sizes = at.map((round) => floor[round]! - floor[round - 1]!);
  const untilEnd = floor.length - at.at(-1)!;
  return isEven(gaps) && isEven(sizes) && untilEnd <= UNEVEN * median(gaps);
}

function isEven(numbers: readonly number[]): boolean {
  const middle = median(numbers);
  return numbers.every((number) => number <= UNEVEN * middle && middle <= UNEVEN * number);
}

/** The rounds in which the floor rises. */
function risesOf(floor: readonly number[]): number[] {
  const rises: number[] = [];
  for (let round = 1; round < floor.length; round++) if (floor[round]! > floor[round - 1]!) rises.push(round);
  return rises;
}

/** The first round on the line that the second half goes along. */
function beginning(floor: readonly number[], half: number, perRound: number): number {
  const height = median(floor.slice(half).map((value, index) => value - perRound * (half + index)));
  const distance = (round: number): number => Math.abs(floor[round]! - height - perRound * round);
  let widest = 0;
  for (let round = half; round < floor.length; round++) widest = Math.max(widest, distance(round));
  let first = half;
  while (first > 0 && distance(first - 1) <= 2 * widest + perRound) first--;
  return first + 1;
}

function slope(series: readonly number[], from: number): number {
  const rounds = series.length - from;
  const step = Math.max(1, rounds / POINTS);
  const points: number[] = [];
  for (let at = from; at < series.length; at += step) points.push(Math.floor(at));
  const slopes: number[] = [];
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      slopes.push((series[points[b]!]! - series[points[a]!]!) / (points[b]! - points[a]!));
    }
  }
  return median(slopes);
}

/** 0 of none. */
function median(numbers: readonly number[]): number {
  if (numbers.length === 0) return 0;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
