import { type Binding, type DlSession, startSession } from '../../loader/index.ts';
import type { DlCall, DlOutcome } from '../../model/index.ts';
import { type BindingFacts, bindingFacts } from '../bind-facts.ts';
import type { PredictedCall } from './call-rows.ts';
import type { ProcessInput } from './process-input.ts';

/** What solder derives of the time after the start. */
export interface PredictedCalls {
  readonly calls: readonly PredictedCall[];
  /** Paths of the objects whose constructors the loader runs at the start, in this order. */
  readonly initialised: readonly string[];
  /** Whose destructors run when the program ends after its calls, in this order. */
  readonly finalised: readonly string[];
}

/** What is predicted for a program that does not get so far. */
export const NO_CALLS: PredictedCalls = { calls: [], initialised: [], finalised: [] };

/** Performs the calls of a program one after the other; the bindings are those of symbols in question. */
export function predictCalls({
  context,
  root,
  path,
  symbols,
  bindNow,
  calls,
}: ProcessInput): PredictedCalls & { readonly bindings: readonly BindingFacts[] } {
  const bindings: BindingFacts[] = [];
  let isRunning = false;
  const visit = (binding: Binding): void => {
    // What is bound at the start is somebody else's business.
    if (isRunning) bindings.push(bindingFacts(binding));
  };
  const session = startSession(context, root, path, { bindNow, visit });
  isRunning = true;
  const performed = calls.map((call): PredictedCall => {
    const from = lookupPath(session, call);
    const outcome = session.perform(call);
    bindings.push(...lookedUp(call, outcome, from));
    return { call, outcome, from };
  });
  return {
    calls: performed,
    bindings: bindings.filter(({ symbol }) => symbols.includes(symbol)),
    initialised: session.initialised.map((object) => object.path),
    finalised: session.exit().map((object) => object.path),
  };
}

/** On whose behalf a symbol is looked up, as the trace names it: of the handle's object or of the caller. */
function lookupPath(session: DlSession, call: DlCall): string | undefined {
  if (call.call === 'use') return pathOf(session, call.object);
  if (call.call !== 'dlsym') return undefined;
  if (typeof call.handle === 'string') return session.handle(call.handle)?.object.path;
  return call.caller === undefined ? session.process.root.path : pathOf(session, call.caller);
}

const pathOf = (session: DlSession, name: string): string | undefined =>
  session.linkMap().find(({ path }) => path === name || path.endsWith(`/${name}`))?.path;

/** dlsym(3) is traced like any other look-up. */
function lookedUp(call: DlCall, outcome: DlOutcome, from: string | undefined): BindingFacts[] {
  if (call.call !== 'dlsym' || outcome.result !== 'found' || from === undefined) return [];
  const { symbol, version } = call;
  const to = outcome.object.path;
  return [{ from, symbol, ...(version === undefined ? {} : { version }), to, kind: 'normal' }];
}
