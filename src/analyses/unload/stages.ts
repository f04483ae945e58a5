import type { CodeMap, ImportCall, KeptWord } from '../../elf/code/index.ts';
import { callersIn, countKeepers, isCertainlyRun } from './callers.ts';
import type { PlacedCall } from './holders.ts';
import { type OriginsOf, originsIn } from './origins.ts';
import type { PluginCode } from './plugin-code.ts';
import { callsOf, leadsTo, type Reached, reach, wayTo } from './reach.ts';

/**
 * When code runs: `open`, whenever the library is loaded; `use`, when a host calls it; `possible`, when somebody
 * calls a function that stands in a table of addresses.
 */
export type Stage = 'open' | 'use' | 'possible';

/** A call of an import that is reached, and how. */
export interface Site {
  readonly call: ImportCall;
  /** The function that it stands in. */
  readonly start: number;
  readonly stage: Stage;
  /** From an entry of the library to the function, in names. */
  readonly way: readonly string[];
}

/** The calls that one object makes, by when they are made. */
export interface Stages {
  /** Calls of these imports that are made at some stage, in the order of their addresses. */
  sites(names: ReadonlySet<string>): Site[];
  /** Calls that are made while the object is unloaded: by its destructors and its exit handlers. */
  closing(names: ReadonlySet<string>): PlacedCall[];
  /** Calls that are made as long as the object is in use. */
  inUse(names: ReadonlySet<string>): PlacedCall[];
  /** All calls of imports that are reached at a stage, for those who go by other than names. */
  all(): Site[];
  /** All calls of imports that are made while the object is unloaded. */
  allClosing(): ImportCall[];
  /** Whether whatever loads the object runs a function, on whatever way its code goes. */
  isCertain(start: number): boolean;
  /** Whether each call of some exported function runs a function, however often it has run. */
  isEachTime(start: number): boolean;
  /** Into how many variables the results of a function are put. */
  keepers(start: number): number;
  /** Where a word of a function's frame is put for others to see. */
  keptWord(start: number, offset: number): KeptWord | undefined;
  readonly originsOf: OriginsOf;
}

/** Follows the calls of an object from its entries; undefined where its code cannot be read. */
export function stagesOf(code: PluginCode): Stages | undefined {
  const { map, entries } = code;
  if (map === undefined) return undefined;
  const open = reach(map, entries.open, callsOf);
  const atOpen = reach(map, entries.open, leadsTo);
  // What a constructor hands out is called while the library is in use.
  const use = reach(map, [...entries.exports, ...atOpen.keys()], leadsTo);
  const possible = reach(map, entries.tables, leadsTo);
  const close = reach(map, [...entries.close, ...exitHandlers(code, [use, possible])], leadsTo);
  const byStage: readonly (readonly [Stage, Reached])[] = [
    ['open', open],
    ['use', use],
    ['possible', possible],
  ];
  const stageOf = (start: number) => byStage.find(([, reached]) => reached.has(start));
  const found: Site[] = [];
  for (const { start, imports } of map.functions.values()) {
    const stage = imports.length === 0 ? undefined : stageOf(start);
    if (stage === undefined) continue;
    const way = wayTo(stage[1], start).map(code.nameOf);
    for (const call of imports) {
      found.push({ call, start, stage: call.isTaken ? 'possible' : stage[0], way });
    }
  }
  const closing = [...close.keys()].flatMap((start) =>
    map.functions.get(start)!.imports.map((call) => ({ call, start })),
  );
  const callers = callersIn(map, (start) => stageOf(start) !== undefined || close.has(start));
  const [opening, exports] = [new Set(entries.open), new Set(entries.exports)];
  const runsOnce = onceCallers(map);
  return {
    sites: (names) => found.filter(({ call }) => names.has(call.name)),
    closing: (names) => closing.filter(({ call }) => names.has(call.name)),
    // What only destructors reach is no use: they are in tables of addresses too.
    inUse: (names) =>
      found.filter(
        ({ call, stage, start }) => names.has(call.name) && (stage !== 'possible' || !close.has(start)),
      ),
    all: () => found,
    allClosing: () => closing.map(({ call }) => call),
    isCertain: (start) => isCertainlyRun(start, opening, callers, runsOnce),
    isEachTime: (start) => isCertainlyRun(start, exports, callers, () => []),
    keepers: (start) => countKeepers(start, callers),
    keptWord: (start, offset) => map.functions.get(start)?.keptWords.get(offset),
    originsOf: originsIn(callers),
  };
}

const RUNS_ONCE: ReadonlySet<string> = new Set(['pthread_once', '__pthread_once', 'call_once']);

/** Functions whose every run has another one run by pthread_once, which it does the first time. */
function onceCallers({ functions }: CodeMap): (start: number) => number[] {
  return (wanted) =>
    [...functions.values()].flatMap(({ start, imports }) =>
      imports.some(
        ({ name, args, isAlways }) =>
          isAlways &&
          RUNS_ONCE.has(name) &&
          args.some((value) => value?.kind === 'address' && value.address === wanted),
      )
        ? [start]
        : [],
    );
}

/**
 * Functions that dlclose runs because they were registered: the first argument of `__cxa_atexit` (Itanium C++
 * ABI, 3.3.6.3). Where it is not known, as in the `atexit` that every object brings along, any function counts
 * whose address the caller takes.
 */
function exitHandlers({ map }: PluginCode, reached: readonly Reached[]): Set<number> {
  const handlers = new Set<number>();
  if (map === undefined) return handlers;
  const wrappers = new Set<number>();
  for (const { start, imports } of map.functions.values()) {
    for (const { name, args } of imports) {
      if (name !== '__cxa_atexit' && name !== 'atexit') continue;
      const [handler] = args;
      if (handler?.kind === 'address') handlers.add(handler.address);
      else wrappers.add(start);
    }
  }
  if (wrappers.size === 0) return handlers;
  for (const { start, calls, refers } of map.functions.values()) {
    if (!reached.some((set) => set.has(start))) continue;
    if (!wrappers.has(start) && ![...calls].some((callee) => wrappers.has(callee))) continue;
    for (const handler of refers) handlers.add(handler);
  }
  return handlers;
}
