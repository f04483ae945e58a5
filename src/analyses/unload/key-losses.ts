import type { Hazard } from './hazards.ts';
import { distinct, sumOf } from './holders.ts';
import { LIBC_RULES, LIBCS, type Libc } from './libc.ts';

/** How many thread keys a round of dlopen, use and dlclose costs. */
export interface KeyLosses {
  /** Made whenever the library is loaded, whichever way its code takes. */
  readonly min: number;
  /** With every call that may make one; null when one of them stands in a loop. */
  readonly max: number | null;
}

/**
 * One key for each variable that a place in the code puts one into: such code runs once for each time that the
 * library is loaded, since it remembers the key there.
 */
export function keyLosses(hazards: readonly Hazard[]): KeyLosses {
  const keys = hazards.filter(({ kind }) => kind === 'unload.thread-key');
  const left = leftOfEach(keys);
  const unread = keys.filter(({ stage }) => stage === 'unread').length;
  const min = keys.reduce((sum, { certain }) => sum + certain, 0);
  const isRepeated = keys.some(({ sites }) =>
    sites.some((site) => site.left.some((holder) => holder.isRepeated)),
  );
  return { min, max: isRepeated ? null : sumOf(left) + unread };
}

/** Of each object: several places, and ways to them, may fill the same variable. */
function leftOfEach(keys: readonly Hazard[]): { readonly count: number }[] {
  const objects = [...new Set(keys.map(({ code }) => code))];
  return objects.flatMap((object) =>
    distinct(keys.flatMap(({ code, sites }) => (code === object ? sites.flatMap(({ left }) => left) : []))),
  );
}

/** What a library loses that stays: only code that makes a key at each call costs more than one round. */
export function keyLossesOfStaying(hazards: readonly Hazard[]): KeyLosses {
  const keys = hazards.filter(({ kind }) => kind === 'unload.thread-key');
  const sites = keys.flatMap((hazard) => hazard.sites);
  return { min: 0, max: sites.reduce((sum, { eachTime }) => sum + eachTime, 0) };
}

/**
 * The first round in which a C library has no key left, in a process that has no other keys: at the earliest,
 * or at the latest where `max` is not known; null: never.
 */
export function exhaustedAtRound(
  lossesWith: (libc: Libc) => KeyLosses,
): Readonly<Record<Libc, number | null>> {
  const round = (libc: Libc): number | null => {
    const { min, max } = lossesWith(libc);
    const lost = max ?? min;
    return lost === 0 ? null : Math.floor(LIBC_RULES[libc].keys / lost) + 1;
  };
  return Object.fromEntries(LIBCS.map((libc) => [libc, round(libc)])) as Record<Libc, number | null>;
}
