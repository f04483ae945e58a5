import type { TraceEvent } from '../../analyses/trace/index.ts';
import { baseName, type ForeignCall, type LoadStep, type StepResult } from '../../model/index.ts';

/** As the loader calls the program, which the host opens for itself all the time: nothing follows from it. */
const PROGRAM = '';

/**
 * What foreign code opened and closed in a step, by the loader's own words (LD_DEBUG=files): whatever is not the
 * step's own call. What code opens that has not been there yet the loader says together with who asks.
 */
export function foreignCallsOf(
  step: LoadStep,
  observed: StepResult,
  events: readonly TraceEvent[],
): ForeignCall[] {
  const isNamed = (path: string) => path !== PROGRAM;
  const opened = events
    .flatMap((event) => (event.kind === 'dlopen' ? [event.object.path] : []))
    .filter(isNamed);
  // The loader says so of the step's own library last, when the constructors have run.
  if (step.step === 'open' && step.call.file !== null && observed.result === 'opened') opened.pop();
  // A close is the step's own, and so is what an open in vain gives up again.
  const isOwn = step.step === 'close' || observed.result === 'refused';
  const closed = isOwn ? [] : closedBy(events).filter(isNamed);
  return [
    ...opened.map((library): ForeignCall => {
      const by = askerOf(library, events);
      return { call: 'dlopen', library, ...(by === undefined ? {} : { by }) };
    }),
    ...closed.map((library): ForeignCall => ({ call: 'dlclose', library })),
  ];
}

const closedBy = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === 'dlclose' ? [event.object] : event.kind === 'unload' ? [event.object.path] : [],
  );

/** A request names the library as it was asked for, the answer by its path. */
function askerOf(library: string, events: readonly TraceEvent[]): string | undefined {
  for (const event of events) {
    if (event.kind !== 'dlopen-request') continue;
    if (event.library === library || event.library === baseName(library)) return event.by.path || undefined;
  }
  return undefined;
}
