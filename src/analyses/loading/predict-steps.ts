import type { DlSession } from '../../loader/index.ts';
import type { DlCall, DlOutcome, Finding, LoadedObject, LoadStep, StepFacts } from '../../model/index.ts';
import type { DiagnosisFiles } from '../diagnosis/index.ts';
import type { StepEnd } from './diagnose-step.ts';
import { mayOpen, mayStay, runForeignCode } from './doubts.ts';
import type { ForeignCode } from './foreign-code.ts';
import { predictStep } from './predict-step.ts';

/**
 * Asked before a step, and again when it has failed otherwise than predicted: why it does. `session` has taken the
 * step, with this outcome; `before` is what was called until then.
 */
export type Diagnose = (
  session: DlSession,
  outcome: DlOutcome | undefined,
  before: readonly DlCall[],
  step: LoadStep,
  end: StepEnd,
) => Finding[];

/** What came of steps, or will come of them. */
export interface TakenSteps {
  readonly facts: readonly StepFacts[];
  /** Why steps fail, and what will fail later. */
  readonly findings: readonly Finding[];
}

/** What is said of steps that nobody takes. */
export function predictSteps(
  steps: readonly LoadStep[],
  session: DlSession,
  files: DiagnosisFiles,
  foreign: ForeignCode,
  diagnose: Diagnose,
): TakenSteps {
  const before: DlCall[] = [];
  const findings: Finding[] = [];
  const told = new Set<LoadedObject>();
  const facts = steps.map((step): StepFacts => {
    const staying = mayStay(session, foreign, step).map(({ doubt }) => doubt);
    const { outcome, callbacks, ...said } = predictStep(session, files, step);
    findings.push(...diagnose(session, outcome, before, step, {}));
    runForeignCode(foreign, step, { outcome, callbacks, ...said });
    const doubts = [...staying, ...mayOpen(session, foreign, told)];
    if ('call' in step) before.push(step.call);
    return {
      step: step.text,
      ...said,
      observed: null,
      agrees: true,
      bound: [],
      ...(doubts.length === 0 ? {} : { doubts }),
      stdout: '',
      stderr: '',
    };
  });
  return { facts, findings };
}
