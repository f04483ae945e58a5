import { symbolName } from '../elf/index.ts';
import type { Binder, Binding, BindingKind, Candidate, LoadContext } from '../loader/index.ts';
import { explainLookup } from '../loader/index.ts';
import { LOOKUP_CLASSES, type Process } from '../model/index.ts';
import { isUndefined } from './load/undefined-symbols.ts';
import { definitionVersion, referenceVersion } from './symbol-text.ts';

/** One reference and the definition that it gets. */
export interface BindingFacts {
  readonly from: string;
  readonly symbol: string;
  readonly version?: string;
  /** null: nothing defines it; allowed for weak references. */
  readonly to: string | null;
  readonly kind: BindingKind;
}

/** One definition that a look-up met, in lookup order. */
export interface CandidateFacts {
  readonly object: string;
  readonly version: string;
  readonly outcome: 'wins' | 'loses' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
}

/** The look-up of one symbol by one object, with all who could have been found. */
export interface LookupFacts extends BindingFacts {
  /** How the look-up is narrowed: `any`, `plt` (calls and thread-local storage) or `copy`. */
  readonly lookup: string;
  readonly candidates: readonly CandidateFacts[];
}

export interface ProcessBindings {
  readonly path: string;
  readonly bindings: readonly BindingFacts[];
}

export interface ProcessLookups {
  readonly path: string;
  readonly lookups: readonly LookupFacts[];
}

export interface BindFacts {
  readonly roots: readonly (ProcessBindings | ProcessLookups)[];
}

export const bindingFacts = ({ from, reference, to, kind }: Binding): BindingFacts => {
  const version = referenceVersion(from.object, reference);
  return {
    from: from.path,
    symbol: symbolName(from.object.symbols, reference),
    ...(version === undefined ? {} : { version }),
    to: to?.path ?? null,
    kind,
  };
};

/** Who defines what a process refers to; `unresolved` gets the strong references that nobody satisfies. */
export function processBindings(
  context: LoadContext,
  binder: Binder,
  process: Process,
  unresolved: Binding[],
): ProcessBindings {
  const bindings: BindingFacts[] = [];
  binder.bind(process, context.settingsFor(process.root.object).version, (binding) => {
    if (isUndefined(binding)) unresolved.push(binding);
    bindings.push(bindingFacts(binding));
  });
  return { path: process.root.path, bindings };
}

/** One symbol's look-ups, by every object that refers to it, with the winner and all runners-up. */
export function symbolLookups(
  context: LoadContext,
  binder: Binder,
  process: Process,
  symbol: string,
): ProcessLookups {
  const [name, version] = symbol.split(/@+/) as [string, string?];
  const lookups: LookupFacts[] = [];
  binder.bind(process, context.settingsFor(process.root.object).version, (binding, scope) => {
    const { from, reference, query } = binding;
    if (symbolName(from.object.symbols, reference) !== name) return;
    if (version !== undefined && referenceVersion(from.object, reference) !== version) return;
    const candidates = explainLookup(scope, query).map((candidate) =>
      candidateFacts(process, binding, candidate),
    );
    lookups.push({ ...bindingFacts(binding), lookup: LOOKUP_CLASSES[query.lookup]!, candidates });
  });
  return { path: process.root.path, lookups };
}

function candidateFacts(process: Process, { to, definition }: Binding, candidate: Candidate): CandidateFacts {
  const { path, object } = process.scope[candidate.position]!;
  const wins = process.scope[candidate.position] === to && candidate.symbol === definition;
  return {
    object: path,
    version: definitionVersion(object, candidate.symbol),
    outcome: wins ? 'wins' : candidate.accepted ? 'loses' : 'refused',
    ...(candidate.reason === undefined || wins ? {} : { reason: candidate.reason }),
  };
}
