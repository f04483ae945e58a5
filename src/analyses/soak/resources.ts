import { exhaustedAtRound } from './exhaustion.ts';
import { type Evidence, type Growth, growthOf } from './growth.ts';
import type { Creator, Observation, SeriesName } from './observation.ts';
import { RESOURCES, type ResourceFacts, type ResourceName } from './soak-facts.ts';

const PAGE = 4096;
/** Of glibc's malloc, on machines of 64 bits. */
const SMALLEST_BLOCK = 32;

/** What is counted of a resource, and how much of it has to be gained before it counts. */
interface Measure extends Evidence {
  readonly unit: string;
}

/**
 * Counts are exact. Remainders of blocks that no other block fits into count as in use: half of malloc's smallest
 * block a round is what a heap may grow by as it breaks up. So do freed blocks that glibc keeps for their thread,
 * 7 of each size (mallopt(3), M_MXFAST; tunable glibc.malloc.tcache_count): that takes some rounds. The kernel sums
 * resident pages up from counters of each processor, which may be some hundred pages behind.
 */
const MEASURES: Readonly<Record<ResourceName, Measure>> = {
  keys: { unit: 'keys', least: 2 },
  threads: { unit: 'threads', least: 2 },
  mappings: { unit: 'mappings', least: 2 },
  fds: { unit: 'descriptors', least: 2 },
  heap: { unit: 'bytes', least: 256, leastRate: 16, warmUp: 8 },
  rss: { unit: 'bytes', least: 256 * PAGE },
  tls: { unit: 'modules', least: 2 },
  linkmaps: { unit: 'objects', least: 2 },
  signals: { unit: 'signals', least: 1 },
};
const LEAST_MAPPED = 4 * PAGE;

/** How much of one resource each unit of another takes along, at most. */
const TAKES: Readonly<Partial<Record<ResourceName, Partial<Record<ResourceName, number>>>>> = {
  // Stack and guard page, and an arena of the heap with its guard.
  mappings: { threads: 4, linkmaps: 8, heap: 1 / (16 * PAGE) },
  // Link maps with their scopes, thread control blocks, stdio and directory buffers, a key's table entry and
  // value; of a thread that has ended and was not joined two mappings and the control block are left.
  heap: { mappings: 192, linkmaps: 16 * PAGE, threads: 2 * PAGE, fds: 10 * PAGE, keys: 64 },
  tls: { linkmaps: 1 },
  // A resident page is part of something that was mapped, for whatever purpose.
  rss: {
    heap: Number.POSITIVE_INFINITY,
    mappings: Number.POSITIVE_INFINITY,
    threads: Number.POSITIVE_INFINITY,
    linkmaps: Number.POSITIVE_INFINITY,
    // The kernel's own memory does not count, but a lost key's table does.
    keys: PAGE,
    fds: 10 * PAGE,
  },
};
/** Of the bytes of mappings, a stack and the arena of 64 MiB that a thread may get. */
const MAPPED_TAKES = { threads: 80 * 2 ** 20, linkmaps: 2 ** 30 } as const;

interface Judged {
  readonly series: readonly number[];
  readonly unit: string;
  readonly growth: Growth;
}

/** Judges each resource. What another one explains still leaks, but says so. */
export function judgeResources(observation: Observation): ResourceFacts[] {
  const judged = new Map(RESOURCES.map((name) => [name, judge(name, observation)]));
  return RESOURCES.map((name): ResourceFacts => {
    const { series, unit, growth } = judged.get(name)!;
    const first = known(series[0]);
    const isStuck = name === 'signals' && staysChanged(series);
    const leaks = growth.isSteady || isStuck;
    const { creators } = observation;
    const last = known(series.at(-1));
    return {
      name,
      unit,
      first,
      last,
      free: name === 'keys' ? observation.mostKeys - series.at(-1)! : null,
      growthPerRound: rounded(growth.perRound),
      leaks,
      since: isStuck ? series.findIndex((count) => count > series[0]!) : growth.since,
      follows: growth.isSteady ? explains(name, judged) : null,
      exhaustedAtRound: exhaustedAtRound(
        name,
        growth.isSteady && unit === MEASURES[name].unit ? growth.perRound : 0,
        first ?? 0,
        observation,
      ),
      creators: leaks
        ? makersOf({ name, unit }, lostSince(growth, series.length - 1), creators)
        : creators && [],
    };
  });
}

function judge(name: ResourceName, observation: Observation): Judged {
  const { series } = observation;
  const { unit } = MEASURES[name];
  const values = series[name satisfies SeriesName];
  const growth = usedUp(values, limitOf(name, observation)) ?? growthOf(values, MEASURES[name]);
  if (name !== 'mappings' || growth.isSteady) return { series: values, unit, growth };
  // What malloc has from the system is the heap's affair.
  const bytes = series.mappedBytes.map((mapped, round) => mapped - (series.heapArena[round] || 0));
  const byteGrowth = growthOf(bytes, { least: LEAST_MAPPED });
  return byteGrowth.isSteady
    ? { series: series.mappedBytes, unit: 'bytes', growth: byteGrowth }
    : { series: values, unit, growth };
}

function limitOf(name: ResourceName, { mostKeys, limits }: Observation): number | null {
  if (name === 'keys') return mostKeys;
  return name === 'fds' || name === 'threads' || name === 'mappings' ? limits[name] : null;
}

/**
 * Where there is nothing left to lose, nothing grows any more: what counts is how it came to that. Undefined as long
 * as something is left, or comes back.
 */
function usedUp(series: readonly number[], limit: number | null): Growth | undefined {
  const end = limit === null ? -1 : series.findLastIndex((value) => value < limit) + 1;
  if (end <= 0 || end >= series.length) return undefined;
  // The last round may have got less than it wanted.
  const before = series.slice(0, end);
  const growth = growthOf(before, { least: 1 });
  if (growth.isSteady) return growth;
  const whole = end > 1 ? before : series.slice(0, end + 1);
  return { isSteady: true, perRound: (whole.at(-1)! - whole[0]!) / (whole.length - 1), since: 1 };
}

/** What takes part in a leak has made a tenth of it, and a tenth of what the first has made. */
function makersOf(
  { name, unit }: Pick<ResourceFacts, 'name' | 'unit'>,
  lost: number,
  creators: Observation['creators'],
): ResourceFacts['creators'] {
  if (creators === null) return null;
  return creators
    .filter(({ resource }) => resource === name)
    .filter(({ count }, _, [most]) => count * 10 >= most!.count)
    .filter((creator) => 10 * madeBy(creator, unit) >= lost)
    .map(({ resource: _, ...creator }) => creator);
}

/** What has grown until the last round, without what warmed up. */
export const lostSince = (
  { perRound, since }: { readonly perRound: number; readonly since: number | null },
  rounds: number,
): number => (since === null ? 0 : perRound * (rounds - since + 1));

/** In the unit of the resource; of blocks the bytes that malloc takes for them, at most. */
export function madeBy({ count, bytes }: Pick<Creator, 'count' | 'bytes'>, unit: string): number {
  if (unit !== 'bytes') return count;
  return bytes === null ? Number.POSITIVE_INFINITY : bytes + count * SMALLEST_BLOCK;
}

/** There is one handler for each signal: what is lost is lost at once, and does not grow. */
function staysChanged(series: readonly number[]): boolean {
  const half = series.slice(series.length >> 1);
  return half.length > 0 && series.length > 1 && half.every((count) => count > series[0]!);
}

/** The leak that takes this one along, if those that may do explain it as a whole. */
function explains(name: ResourceName, judged: ReadonlyMap<ResourceName, Judged>): ResourceName | null {
  const { unit, growth } = judged.get(name)!;
  const isMapped = name === 'mappings' && unit === 'bytes';
  const takes: Partial<Record<ResourceName, number>> = isMapped ? MAPPED_TAKES : (TAKES[name] ?? {});
  const shares = RESOURCES.flatMap((other) => {
    const cause = judged.get(other)!;
    const share = takes[other];
    // A share of so much for each mapping says nothing about bytes.
    const isCounted = cause.unit === MEASURES[other].unit || share === Number.POSITIVE_INFINITY;
    if (share === undefined || !cause.growth.isSteady || !isCounted) return [];
    return [{ other, allowed: cause.growth.perRound * share }];
  });
  const allowed = shares.reduce((sum, share) => sum + share.allowed, 0);
  if (shares.length === 0 || allowed < growth.perRound) return null;
  return shares.reduce((a, b) => (b.allowed > a.allowed ? b : a)).other;
}

const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
