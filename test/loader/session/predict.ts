import { bindingFacts } from '../../../src/analyses/bind-facts.ts';
import { loadContext } from '../../../src/host/index.ts';
import { type Binding, type DlSession, type LoadOptions, startSession } from '../../../src/loader/index.ts';
import type { DlCall, DlOutcome, LoadedObject } from '../../../src/model/index.ts';
import { isOfInterest, type Run, type Step } from './observe.ts';

/** A process simulated, and everything that was predicted of it. */
export interface Prediction extends Run {
  readonly outcomes: readonly DlOutcome[];
  readonly session: DlSession;
}

const NAMESPACES = 16;

/** Answers the calls of a program as the driver's run does. */
export function predict(
  program: string,
  calls: readonly DlCall[],
  options: LoadOptions & { readonly bindNow?: boolean } = {},
  context = loadContext(options),
): Prediction {
  const target = context.openTarget(program);
  if (target.kind !== 'dynamic') throw new Error(`${program}: not a program`);
  let bindings: Binding[] = [];
  const session = startSession(context, target.object, program, {
    bindNow: options.bindNow ?? false,
    visit: (binding) => bindings.push(binding),
  });
  const root = session.process.root;
  const name = (object: LoadedObject) => (object === root ? '' : object.path);
  const maps = () =>
    Array.from({ length: NAMESPACES }, (_, id) =>
      session.linkMap(id).map((object) => `${id} ${name(object)}`),
    ).flat();
  const bindingRows = () =>
    bindings.flatMap((binding) => {
      if (binding.to === undefined) return [];
      const { from, symbol, version, to, kind } = bindingFacts(binding);
      const row = [from, symbol, version ?? '-', to, kind].join('\t');
      return isOfInterest(row, program) ? [row] : [];
    });
  const start: Step = {
    ...NOTHING,
    bindings: bindingRows(),
    maps: maps(),
    initialised: session.initialised.map(name),
  };
  const steps: Step[] = [start];
  const outcomes: DlOutcome[] = [];
  let lastWords: string | undefined;
  for (const call of calls) {
    bindings = [];
    const outcome = session.perform(call);
    outcomes.push(outcome);
    const isDeath = outcome.result === 'refused' && /symbol lookup error|Inconsistency/.test(outcome.message);
    if (isDeath) {
      lastWords = outcome.message;
      steps.push({ ...NOTHING, bindings: bindingRows() });
      break;
    }
    steps.push({ ...eventsOf(outcome, name), bindings: bindingRows(), maps: maps() });
  }
  if (lastWords === undefined) steps.push({ ...NOTHING, finalised: session.exit().map(name) });
  return { steps, lastWords, outcomes, session };
}

const NOTHING: Step = { result: '', maps: [], initialised: [], finalised: [], unloaded: [], bindings: [] };

function eventsOf(outcome: DlOutcome, name: (object: LoadedObject) => string): Step {
  switch (outcome.result) {
    case 'opened':
      return {
        ...NOTHING,
        result: `opened ${name(outcome.object)}`,
        initialised: outcome.initialised.map(name),
      };
    case 'not-loaded':
      return { ...NOTHING, result: 'not-loaded' };
    case 'found':
      return { ...NOTHING, result: outcome.isNull ? 'null' : `found ${outcome.object.path}` };
    case 'closed':
      return {
        ...NOTHING,
        result: 'closed',
        finalised: outcome.finalised.map(name),
        unloaded: outcome.unloaded.map(name),
      };
    case 'bound':
      return { ...NOTHING, result: 'used' };
    case 'refused':
      return { ...NOTHING, result: `refused ${outcome.message}` };
  }
}
