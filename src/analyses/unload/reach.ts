import type { CodeFunction, CodeMap } from '../../elf/code/index.ts';

/** Functions that are reached from some entries, each with the one that it was first reached from. */
export type Reached = ReadonlyMap<number, number | undefined>;

/** Breadth-first, so that the ways that are told are the shortest. */
export function reach(
  map: CodeMap,
  entries: Iterable<number>,
  next: (from: CodeFunction) => Iterable<number>,
): Reached {
  const found = new Map<number, number | undefined>();
  const queue: number[] = [];
  const add = (start: number, from: number | undefined) => {
    if (found.has(start) || !map.functions.has(start)) return;
    found.set(start, from);
    queue.push(start);
  };
  for (const entry of entries) add(entry, undefined);
  for (let index = 0; index < queue.length; index++) {
    const from = map.functions.get(queue[index]!)!;
    for (const start of next(from)) add(start, from.start);
  }
  return found;
}

/** The functions from an entry to `start`. */
export function wayTo(reached: Reached, start: number): number[] {
  const way: number[] = [];
  for (let at: number | undefined = start; at !== undefined; at = reached.get(at)) way.unshift(at);
  return way;
}

/** Imports that call a function that they are given, before they return or in a thread of its own. */
const CALLS_BACK =
  /^(pthread_once|__pthread_once|call_once|pthread_create|thrd_create|__libcpp_.*|_ZNSt6thread15_M_start_thread.*)$/;

/** What a function certainly leads to when it runs: what it calls, and what it has called. */
export function* callsOf({ calls, refers, imports }: CodeFunction): Generator<number> {
  yield* calls;
  if (imports.some(({ name, isTaken }) => !isTaken && CALLS_BACK.test(name))) yield* refers;
}

/** What it may lead to: functions whose address it takes may be called by whoever gets it. */
export function* leadsTo({ calls, refers }: CodeFunction): Generator<number> {
  yield* calls;
  yield* refers;
}
