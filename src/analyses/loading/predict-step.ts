import { STT, symbolName, symbolType } from '../../elf/index.ts';
import { nearestSymbol } from '../../loader/address-info.ts';
import type { DlSession } from '../../loader/dl-session.ts';
import type { DlOutcome, LoadStep, StepFacts, StepResult } from '../../model/index.ts';
import { keptFacts, NOTHING_MOVES, predictedResult } from './step-result.ts';

/** What is said of a step before it is taken. Null: what foreign code does is not to be told from its file. */
export interface PredictedStep {
  readonly predicted: StepResult | null;
  readonly kept?: NonNullable<StepFacts['kept']>;
}

/** Takes the step in the simulation. */
export function predictStep(session: DlSession, step: LoadStep): PredictedStep {
  switch (step.step) {
    case 'open':
      return { predicted: predictedResult(session.perform(step.call)) };
    case 'close': {
      const outcome = session.perform(step.call);
      const kept = keptFacts(outcome);
      return { predicted: predictedResult(outcome), ...(kept.length === 0 ? {} : { kept }) };
    }
    case 'symbol': {
      const found = predictedResult(session.perform(step.call));
      if (found.result !== 'found' || step.use === 'find') return { predicted: found };
      const result = ({ call: 'called', read: 'read', write: 'written' } as const)[step.use];
      return { predicted: { ...found, result } };
    }
    case 'info': {
      if (typeof step.address === 'bigint') return { predicted: null };
      return { predicted: predictInfo(session.perform(step.address), step.offset) };
    }
  }
}

/** The answer of dladdr(3) for an address some bytes behind a symbol, as long as it is in the same object. */
function predictInfo(outcome: DlOutcome, offset: bigint): StepResult | null {
  if (outcome.call !== 'dlsym' || outcome.result !== 'found') return predictedResult(outcome);
  const { object, path } = outcome.object;
  const { symbols } = object;
  if (symbolType(symbols.info[outcome.definition]!) === STT.TLS) return null;
  const address = symbols.value[outcome.definition]! + offset;
  const nearest = nearestSymbol(object, address);
  if (nearest === undefined) return null;
  return {
    ...NOTHING_MOVES,
    result: 'inside',
    object: path,
    symbol: symbolName(symbols, nearest),
    offset: String(address - symbols.value[nearest]!),
  };
}
