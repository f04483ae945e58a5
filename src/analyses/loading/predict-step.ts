import { STT, symbolName, symbolType } from '../../elf/index.ts';
import { nearestSymbol } from '../../loader/address-info.ts';
import type { DlSession } from '../../loader/dl-session.ts';
import type { DlOutcome, LoadStep, StepFacts, StepResult } from '../../model/index.ts';
import type { DiagnosisFiles } from '../diagnosis/index.ts';
import { filePlace } from './file-place.ts';
import { keptFacts, NOTHING_MOVES, predictedResult } from './step-result.ts';

/** What is said of a step before it is taken. Null: what foreign code does is not to be told from its file. */
export interface PredictedStep {
  readonly predicted: StepResult | null;
  /** The simulation's answer to the call of the step; undefined for a step without one. */
  readonly outcome?: DlOutcome | undefined;
  /** The functions whose addresses are arguments of the call. */
  readonly callbacks?: readonly DlOutcome[] | undefined;
  readonly kept?: NonNullable<StepFacts['kept']>;
}

type SymbolStep = Extract<LoadStep, { step: 'symbol' }>;

/** The look-ups for arguments that are addresses of symbols: `&NAME`. */
function callbacksOf({ call, use, args }: SymbolStep): SymbolStep['call'][] {
  if (use !== 'call') return [];
  const { version: _, ...base } = call;
  return args.flatMap((word) => (/^&./.test(word) ? [{ ...base, symbol: word.slice(1) }] : []));
}

/** Takes the step in the simulation. */
export function predictStep(session: DlSession, files: DiagnosisFiles, step: LoadStep): PredictedStep {
  switch (step.step) {
    case 'open': {
      const outcome = session.perform(step.call);
      return { predicted: predictedResult(outcome), outcome };
    }
    case 'close': {
      const outcome = session.perform(step.call);
      const kept = keptFacts(outcome);
      return { predicted: predictedResult(outcome), outcome, ...(kept.length === 0 ? {} : { kept }) };
    }
    case 'symbol': {
      const outcome = session.perform(step.call);
      const found = predictedResult(outcome);
      if (found.result !== 'found' || step.use === 'find') return { predicted: found, outcome };
      const callbacks = callbacksOf(step).map((call) => session.perform(call));
      const missing = callbacks.find((one) => one.result === 'refused');
      if (missing !== undefined) return { predicted: predictedResult(missing), outcome: missing };
      const result = ({ call: 'called', read: 'read', write: 'written' } as const)[step.use];
      return { predicted: { ...found, result }, outcome, callbacks };
    }
    case 'info': {
      if (typeof step.address === 'bigint') return { predicted: null };
      const outcome = session.perform(step.address);
      return { predicted: predictInfo(outcome, files, step.offset), outcome };
    }
  }
}

/** The answer of dladdr(3) for an address some bytes behind a symbol, as long as it is in the same object. */
function predictInfo(outcome: DlOutcome, files: DiagnosisFiles, offset: bigint): StepResult | null {
  if (outcome.call !== 'dlsym' || outcome.result !== 'found') return predictedResult(outcome);
  const { object, path } = outcome.object;
  const { symbols } = object;
  const type = symbolType(symbols.info[outcome.definition]!);
  // The address is one of the thread's memory, or what a function of the library chooses.
  if (type === STT.TLS || type === STT.GNU_IFUNC) return null;
  const address = symbols.value[outcome.definition]! + offset;
  const nearest = nearestSymbol(object, address);
  if (nearest === undefined) return null;
  return {
    ...NOTHING_MOVES,
    result: 'inside',
    object: path,
    symbol: symbolName(symbols, nearest),
    offset: String(address - symbols.value[nearest]!),
    ...filePlace(files, path, address),
  };
}
