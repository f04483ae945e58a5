import { STT, symbolType } from '../../elf/index.ts';
import type { DlOutcome, KeptBy, LoadedObject, StepFacts, StepResult } from '../../model/index.ts';

/** A step that changes nothing in the link map. */
export const NOTHING_MOVES = { loaded: [], unloaded: [], initialised: [], finalised: [] } as const;

const paths = (objects: readonly LoadedObject[]): string[] => objects.map(({ path }) => path);

/** What the simulation says of a call, in the terms in which the real one is observed. */
export function predictedResult(outcome: DlOutcome): StepResult {
  switch (outcome.result) {
    case 'opened':
      return {
        ...NOTHING_MOVES,
        result: 'opened',
        object: outcome.object.path,
        loaded: paths(outcome.added),
        initialised: paths(outcome.initialised),
      };
    case 'not-loaded':
      return { ...NOTHING_MOVES, result: 'not-loaded' };
    case 'found':
      if (outcome.isNull) return { ...NOTHING_MOVES, result: 'null' };
      return { ...NOTHING_MOVES, result: 'found', ...placeOf(outcome) };
    case 'closed':
      return {
        ...NOTHING_MOVES,
        result: 'closed',
        // Observed is what the link map lacks afterwards, in its order.
        unloaded: paths(outcome.unloaded.toSorted((one, other) => one.order - other.order)),
        finalised: paths(outcome.finalised),
      };
    case 'bound':
      return { ...NOTHING_MOVES, result: 'found', object: outcome.object.path };
    case 'refused':
      return { ...NOTHING_MOVES, result: 'refused', message: outcome.message };
  }
}

/** The address of a thread-local variable is one of the thread's memory, which belongs to no object. */
function placeOf({ object, definition }: Extract<DlOutcome, { result: 'found' }>): { object?: string } {
  const isThreadLocal = symbolType(object.object.symbols.info[definition]!) === STT.TLS;
  return isThreadLocal ? {} : { object: object.path };
}

/** What a close leaves, with the reasons in words. */
export function keptFacts(outcome: DlOutcome): NonNullable<StepFacts['kept']> {
  if (outcome.call !== 'dlclose' || outcome.result !== 'closed') return [];
  return outcome.kept.map(({ object, by }) => {
    // Handles of what is never unloaded are not counted: the last number says nothing.
    const isForGood = by.some(({ kind }) => kind === 'nodelete');
    const told = by.filter(({ kind }) => !isForGood || kind !== 'opened');
    return { object: object.path, by: told.map(keptText) };
  });
}

function keptText(by: KeptBy): string {
  switch (by.kind) {
    case 'start':
      return 'it was there at the start';
    case 'opened':
      return by.count === 1 ? 'one handle of it is open' : `${by.count} handles of it are open`;
    case 'needed':
      return `${by.by.path} needs it`;
    case 'thread-destructors':
      return 'thread-local objects of it live on, and are destroyed when their thread ends';
    case 'bound':
      return `${by.by.path} is bound to its ${by.symbol}`;
    case 'nodelete':
      return nodeleteText(by);
  }
}

function nodeleteText(by: Extract<KeptBy, { kind: 'nodelete' }>): string {
  switch (by.cause) {
    case 'unique':
      return `it provides the unique symbol ${by.symbol}`;
    case 'bound':
      return `${by.by.path}, which is never unloaded, is bound to its ${by.symbol}`;
    case 'flag':
      return 'RTLD_NODELETE';
    case 'file':
      return 'it is marked NODELETE (DF_1_NODELETE)';
  }
}

/** What libraries that foreign code opens itself add to. */
const MOVES: ReadonlySet<keyof StepResult> = new Set(['loaded', 'unloaded', 'initialised', 'finalised']);

/**
 * In which points the loader did not do what was said. What foreign code loads and unloads while it runs was
 * not said, nor how it would end.
 */
export function stepDifferences({
  predicted,
  observed,
  foreignCalls,
}: Pick<StepFacts, 'predicted' | 'observed' | 'foreignCalls'>): (keyof StepResult)[] {
  if (predicted === null || observed === null || observed.result === 'died' || observed.result === 'failed')
    return [];
  const keys: readonly (keyof StepResult)[] =
    predicted.result === 'called' ? ['result', 'object'] : (Object.keys(predicted) as (keyof StepResult)[]);
  const isTold = (key: keyof StepResult) =>
    MOVES.has(key) ? foreignCalls === undefined && observed[key] !== undefined : true;
  return keys.filter((key) => isTold(key) && String(predicted[key]) !== String(observed[key]));
}
