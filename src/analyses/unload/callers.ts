import type { CodeMap, OwnCall } from '../../elf/code/index.ts';

/** Who calls a function of an object, and how. */
export interface Callers {
  /** Functions that are reached themselves. */
  callersOf(start: number): readonly number[];
  ownCalls(caller: number, target: number): readonly OwnCall[];
}

/** The callers in an object; `isReached` tells which count. */
export function callersIn(map: CodeMap, isReached: (start: number) => boolean): Callers {
  let callers: Map<number, number[]> | undefined;
  return {
    callersOf: (start) => {
      callers ??= invert(map, isReached);
      return callers.get(start) ?? [];
    },
    ownCalls: map.ownCalls,
  };
}

function invert({ functions }: CodeMap, isReached: (start: number) => boolean): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { start, calls } of functions.values()) {
    if (!isReached(start)) continue;
    for (const callee of calls) {
      const known = found.get(callee);
      if (known === undefined) found.set(callee, [start]);
      else known.push(start);
    }
  }
  return found;
}

/** More functions than these are not asked. */
const LIMIT = 64;

/** Into how many variables the results of a function are put: so many times it is called for another one. */
export function countKeepers(start: number, { callersOf, ownCalls }: Callers): number {
  const calls = callersOf(start)
    .slice(0, LIMIT)
    .flatMap((caller) => ownCalls(caller, start));
  return new Set(calls.flatMap(({ keptIn }) => (keptIn === undefined ? [] : [keptIn]))).size;
}

/**
 * Whether a function runs whenever one of the entries does, whichever way the code takes: by calls that every
 * run of the caller comes to. `runsOnce` gives those that have it run besides, by pthread_once and the like.
 */
export function isCertainlyRun(
  start: number,
  entries: ReadonlySet<number>,
  { callersOf, ownCalls }: Callers,
  runsOnce: (start: number) => readonly number[],
): boolean {
  const found = new Set([start]);
  for (const target of found) {
    if (entries.has(target)) return true;
    if (found.size > LIMIT) return false;
    for (const caller of callersOf(target).slice(0, LIMIT)) {
      if (!found.has(caller) && ownCalls(caller, target).some(({ isAlways }) => isAlways)) found.add(caller);
    }
    for (const caller of runsOnce(target)) found.add(caller);
  }
  return false;
}
