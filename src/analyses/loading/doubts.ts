import type { DlSession } from '../../loader/index.ts';
import type { Doubt, LoadedObject, LoadStep } from '../../model/index.ts';
import type { ForeignCode } from './foreign-code.ts';
import type { PredictedStep } from './predict-step.ts';

/** Tells the foreign code that runs in a step; `said` is what the simulation made of the step. */
export function runForeignCode(foreign: ForeignCode, step: LoadStep, said: PredictedStep): void {
  const { outcome, callbacks = [] } = said;
  if (outcome?.result === 'opened') foreign.initialise(outcome.initialised);
  if (step.step !== 'symbol' || step.use !== 'call') return;
  for (const called of [outcome, ...callbacks]) {
    if (called?.result === 'found') foreign.call(called.object, called.definition);
  }
}

/** Objects that closing a handle would unload, but for thread-local objects that may live in them. */
export function mayStay(
  session: DlSession,
  foreign: ForeignCode,
  step: LoadStep,
): { readonly entry: LoadedObject; readonly doubt: Doubt }[] {
  if (step.step !== 'close') return [];
  const unloaded = session.wouldUnload(step.call.handle);
  if (unloaded.length === 0) return [];
  const calls = foreign.calls('keeps', unloaded, everything(session));
  return unloaded.flatMap((entry) => {
    const why = calls.find(({ object }) => object === entry);
    return why === undefined
      ? []
      : [{ entry, doubt: { object: entry.path, because: `${why.text}, ${KEEPS}` } }];
  });
}

/** All that is in the process but the program. */
const everything = (session: DlSession): LoadedObject[] =>
  session.linkMap('all').filter((entry) => entry !== session.process.root);

const KEEPS = 'and a thread-local object that has a destructor keeps it until its thread ends';

/** Whatever may open or close libraries by itself, of what was not told before. */
export function mayOpen(session: DlSession, foreign: ForeignCode, told: Set<LoadedObject>): Doubt[] {
  const present = everything(session);
  const doubts: Doubt[] = [];
  for (const { object, text } of foreign.calls('opens', present, present)) {
    if (told.has(object)) continue;
    told.add(object);
    doubts.push({ object: object.path, because: `${text}, and for what stands in no file` });
  }
  return doubts;
}
