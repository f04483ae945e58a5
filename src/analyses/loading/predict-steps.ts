import type { DlSession } from '../../loader/index.ts';
import type { DlCall, Finding, LoadStep, StepFacts } from '../../model/index.ts';
import type { StepEnd } from './diagnose-step.ts';
import { predictStep } from './predict-step.ts';

/** Asked before a step and again when it has failed: why it does. `before` is what was called so far. */
export type Diagnose = (
  session: DlSession,
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
export function predictSteps(steps: readonly LoadStep[], session: DlSession, diagnose: Diagnose): TakenSteps {
  const before: DlCall[] = [];
  const findings: Finding[] = [];
  const facts = steps.map((step): StepFacts => {
    findings.push(...diagnose(session, before, step, {}));
    const said = predictStep(session, step);
    if ('call' in step) before.push(step.call);
    return { step: step.text, ...said, observed: null, agrees: true, bound: [], stdout: '', stderr: '' };
  });
  return { facts, findings };
}
