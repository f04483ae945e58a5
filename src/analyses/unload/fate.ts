import type { DlOutcome, KeptBy, LoadedObject } from '../../model/index.ts';

/** What becomes of what an opening brings along, when it is closed again. */
export interface Fate {
  readonly plugin: LoadedObject;
  /** What was not there before, the plugin first; in load order. */
  readonly added: readonly LoadedObject[];
  readonly unloaded: readonly LoadedObject[];
  /** Of what was opened, what stays, and why. */
  readonly kept: ReadonlyMap<LoadedObject, readonly KeptBy[]>;
}

/** The fate out of one opening and one closing, or the loader's words when the plugin cannot be opened. */
export function fateOf(
  opened: DlOutcome,
  closed: DlOutcome | undefined,
): Fate | { readonly refused: string } {
  if (opened.result === 'refused') return { refused: opened.message };
  if (opened.call !== 'dlopen' || opened.result !== 'opened') return { refused: 'not loaded' };
  if (closed?.call !== 'dlclose' || closed.result !== 'closed') {
    return { refused: closed?.result === 'refused' ? closed.message : 'not closed' };
  }
  return {
    plugin: opened.object,
    added: opened.added,
    unloaded: closed.unloaded,
    kept: new Map(closed.kept.map(({ object, by }) => [object, by])),
  };
}
