import type { Hazard } from './hazards.ts';
import { LIBC_RULES, LIBCS, type Libc } from './libc.ts';

/** How many thread keys a round of dlopen, use and dlclose costs. */
export interface KeyLosses {
  /** Made whenever the library is loaded. */
  readonly min: number;
  /** With every call that may make one; null when one of them stands in a loop. */
  readonly max: number | null;
}

/**
 * One key for each place in the code that makes one: such code runs once for each time that the library is
 * loaded, since it remembers the key in a variable of the library.
 */
export function keyLosses(hazards: readonly Hazard[]): KeyLosses {
  const keys = hazards.filter(({ kind }) => kind === 'unload.thread-key');
  const sites = keys.flatMap((hazard) => hazard.sites.map((site) => ({ hazard, site })));
  const certain = sites.filter(({ hazard, site }) => site.stage === 'open' && hazard.undone === 'never');
  const unread = keys.filter(({ stage }) => stage === 'unread').length;
  const isRepeated = sites.some(({ site }) => site.call.inLoop);
  return { min: certain.length, max: isRepeated ? null : sites.length + unread };
}

/**
 * The first round in which a C library has no key left, in a process that has no other keys: at the earliest,
 * or at the latest where `max` is not known; null: never.
 */
export function exhaustedAtRound(
  { min, max }: KeyLosses,
  isPinned: (libc: Libc) => boolean,
): Readonly<Record<Libc, number | null>> {
  const lost = max ?? min;
  const round = (libc: Libc): number | null =>
    isPinned(libc) || lost === 0 ? null : Math.floor(LIBC_RULES[libc].keys / lost) + 1;
  return Object.fromEntries(LIBCS.map((libc) => [libc, round(libc)])) as Record<Libc, number | null>;
}
