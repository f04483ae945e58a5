import { Binder, type LoadContext } from '../../loader/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import { analyseProcess } from '../analyse-process.ts';
import { type BindingFacts, symbolLookups } from '../bind-facts.ts';
import { type ConflictFacts, conflictFacts } from '../conflicts/conflict-facts.ts';

/** What solder derives from the files of one run, as far as a lab asks. */
export interface PredictedRun {
  readonly conflicts: readonly ConflictFacts[];
  /** The bindings of the symbols in question. */
  readonly bindings: readonly BindingFacts[];
  /** Paths of the global lookup scope, in lookup order. */
  readonly lookupOrder: readonly string[];
}

/** What is predicted for a program that the loader has nothing to do with. */
export const NOTHING_PREDICTED: PredictedRun = { conflicts: [], bindings: [], lookupOrder: [] };

/** Runs the analyses of `solder conflicts`, `solder deps` and `solder bind` over one program. */
export function predictRun(
  context: LoadContext,
  root: DynamicObject,
  path: string,
  symbols: readonly string[],
): PredictedRun {
  const binder = new Binder();
  const { process, conflicts } = analyseProcess(context, binder, root, path);
  return {
    conflicts: conflictFacts(conflicts),
    bindings: symbols.flatMap((symbol) => symbolLookups(context, binder, process, symbol).lookups),
    lookupOrder: process.scope.map((entry) => entry.path),
  };
}
