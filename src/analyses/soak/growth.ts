/** How a number changes from round to round. */
export interface Growth {
  /** It grows as long as the rounds go on, and not only while things warm up. */
  readonly isSteady: boolean;
  /** Over the steps, or else the Theil-Sen slope over the rounds that are judged, the second half. */
  readonly perRound: number;
  /** The round in which the steady growth began; null without one. */
  readonly since: number | null;
}

/** How much a series has to show. */
export interface Evidence {
  /** What has to be gained in the rounds that are judged. */
  readonly least: number;
  /** What has to be gained a round by what does not grow in steps; 0 unless said otherwise. */
  readonly leastRate?: number;
  /** So many rounds at the beginning prove nothing; 0 unless said otherwise. */
  readonly warmUp?: number;
}

/** So many parts of the rounds that are judged have to grow, all but one. */
const PARTS = 6;
/** Points that the slope is taken over: the pairs of them are counted. */
const POINTS = 128;
/** What grows in steps has to show so many of them, over such a share of all rounds. */
const STEPS = 5;
const SHARE = 0.1;
/** How much one half may grow faster than the other, and one gap between steps be longer than the usual one. */
const UNEVEN = 2.5;
/** How much faster earlier rounds may be than later ones: what warms up slows down. */
const SLOWING = 1.4;
/** The last steps, which say what a usual one is. */
const USUAL = 8;
/** What begins in the second half needs so many rounds. */
const LATE = 48;

/**
 * Judges a series, whose first number is from before the first round.
 *
 * What counts is the floor: the least number of this round and all later ones, which is what surely stayed.
 * Peaks of an allocator or of threads that are about to end do not raise it. Up to the end it has to rise in steps
 * of about the same size at about the same distance, or in (nearly) all parts of the second half, and evenly: what
 * warms up rises less and less. What begins later must not slow down either, and has to rise above all that was there
 * and was given back before.
 */
export function growthOf(series: readonly number[], evidence: Evidence): Growth {
  const last = series.length - 1;
  const floor = floorOf(series);
  const half = Math.max(1, last >> 1, evidence.warmUp ?? 0);
  const isNew = (start: number): boolean =>
    start <= half ||
    (floor[start]! - floor[2 * start - last]! <= SLOWING * (floor[last]! - floor[start]!) &&
      floor[last]! > greatest(series, start));
  const growth = inSteps(floor, evidence, isNew);
  if (growth !== undefined) return growth;
  for (const start of startsFrom(half, last)) {
    if (!isNew(start) || !risesEvenly(floor, start, evidence)) continue;
    const perRound = slope(floor, start);
    if (perRound > 0) return { isSteady: true, perRound, since: beginning(floor, start, perRound) };
  }
  return { isSteady: false, perRound: last - half < 1 ? 0 : slope(floor, half), since: null };
}

/** The second half, the last quarter, and so on. */
function startsFrom(half: number, last: number): number[] {
  const starts = [half];
  for (let left = (last - half) >> 1; left >= LATE; left >>= 1) starts.push(last - left);
  return starts;
}

/** The greatest of the numbers before a round. */
function greatest(series: readonly number[], end: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < end; round++) most = Math.max(most, series[round]!);
  return most;
}

/** The least of each number and all that follow it. */
function floorOf(series: readonly number[]): number[] {
  const floor = [...series];
  for (let at = floor.length - 2; at >= 0; at--) floor[at] = Math.min(floor[at]!, floor[at + 1]!);
  return floor;
}

function risesEvenly(floor: readonly number[], start: number, { least, leastRate = 0 }: Evidence): boolean {
  const last = floor.length - 1;
  const parts = Math.min(PARTS, last - start);
  if (parts < 3 || floor[last]! - floor[start]! < Math.max(least, leastRate * (last - start))) return false;
  const bounds = Array.from(
    { length: parts + 1 },
    (_, part) => start + Math.round(((last - start) * part) / parts),
  );
  const rises = bounds.slice(1).map((bound, part) => floor[bound]! - floor[bounds[part]!]!);
  const allowed = parts === PARTS ? 1 : 0;
  if (rises.filter((rise) => rise > 0).length < parts - allowed) return false;
  const middle = Math.round((start + last) / 2);
  return isLike(floor[middle]! - floor[start]!, floor[last]! - floor[middle]!);
}

/** The growth by those steps that are like the last ones, up to the end; undefined: there are too few. */
function inSteps(
  floor: readonly number[],
  { least, warmUp = 0 }: Evidence,
  isNew: (start: number) => boolean,
): Growth | undefined {
  const rounds = risesOf(floor);
  const gap = (index: number): number => rounds[index]! - rounds[index - 1]!;
  const size = (index: number): number => floor[rounds[index]!]! - floor[rounds[index]! - 1]!;
  const end = rounds.length - 1;
  const indexes = Array.from({ length: Math.min(USUAL, end) }, (_, back) => end - back);
  const usual = { gap: median(indexes.map(gap)), size: median(indexes.map(size)) };
  let first = end;
  // The rise before the first gap may hold a warm-up as well: its size counts for nothing.
  while (first > 0 && isLike(gap(first), usual.gap) && isLike(size(first), usual.size)) first--;
  const begin = rounds[first];
  while (first < end && rounds[first]! < warmUp) first++;
  if (end - first + 1 < STEPS) return undefined;
  const [from, to] = [rounds[first]!, rounds[end]!];
  const gained = floor[to]! - floor[from]!;
  const reachesEnd = floor.length - to <= UNEVEN * usual.gap;
  if (!reachesEnd || gained < least || to - from < SHARE * (floor.length - 1) || !isNew(from))
    return undefined;
  const rate = (a: number, b: number): number =>
    (floor[rounds[b]!]! - floor[rounds[a]!]!) / (rounds[b]! - rounds[a]!);
  const middle = (first + end) >> 1;
  if (rate(first, middle) > SLOWING * rate(middle, end)) return undefined;
  return {
    isSteady: true,
    perRound: gained / (to - from),
    since: Math.max(1, Math.floor(begin! - usual.gap) + 1),
  };
}

const isLike = (a: number, b: number): boolean => a <= UNEVEN * b && b <= UNEVEN * a;

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
