import type { Finding, LoadStep, StepDeath, StepFacts, StepResult } from '../../model/index.ts';
import { stepDifferences } from './step-result.ts';

/**
 * What the steps came to: foreign code that took its process with it, and what was not as predicted. `diagnosed`
 * is what was found out of them already.
 */
export function runFindings(
  steps: readonly LoadStep[],
  facts: readonly StepFacts[],
  diagnosed: readonly Finding[],
): Finding[] {
  const isTold = (step: LoadStep) =>
    step.step === 'open' &&
    diagnosed.some(({ kind, subject }) => kind === 'open.constructor' && subject === subjectOf(step));
  return facts.flatMap((fact, at) => [
    ...(isTold(steps[at]!) ? [] : deathFinding(steps[at]!, fact)),
    ...memoryFinding(steps[at]!, fact),
    ...missedFinding(fact),
  ]);
}

function deathFinding(step: LoadStep, { observed, death, stderr }: StepFacts): Finding[] {
  if (observed?.result !== 'died') return [];
  return [
    {
      kind: 'run.died',
      severity: 'error',
      message: observed.message!,
      subject: subjectOf(step),
      evidence: stderr === '' ? [] : [{ text: `stderr: ${stderr.trimEnd().split('\n').at(-1)!}` }],
      fix: fixOf(death, stderr),
    },
  ];
}

function fixOf(death: StepDeath | undefined, stderr: string): string {
  if (stderr.includes(': symbol lookup error: ')) {
    return 'The loader ended it: a function that was bound lazily is defined nowhere. --now finds that when the library is opened.';
  }
  if (death?.isLate) {
    return 'If it only takes long, --time-limit gives it more. If it waits, the debugger shows for what: gdb --args with a program that does the same.';
  }
  if (death?.signal === 'SIGKILL') {
    return 'Foreign code sent it, somebody else, or the kernel when memory was short: dmesg tells; --memory-limit makes that a refusal in place of a death.';
  }
  if (death?.thread === 'other') {
    return 'A thread that foreign code started, and that outlives the call that did: end and join it there, or before the library is closed. Look at the place that is named.';
  }
  if (death !== undefined && death.moment !== 'during') {
    return 'No step was at work: a thread of foreign code, a timer or a signal did it. solder unload tells which threads and timers a library makes.';
  }
  return 'Look at the place that is named; the debugger shows more: gdb --args with a program that does the same.';
}

function memoryFinding(step: LoadStep, { step: text, observed }: StepFacts): Finding[] {
  if (observed?.result !== 'failed') return [];
  return [
    {
      kind: 'run.bad-memory',
      severity: 'error',
      message: `${text}: ${observed.message}`,
      subject: subjectOf(step),
      evidence: [],
      fix: 'Give the type that the source declares: a constant cannot be written, and a number is no pointer.',
    },
  ];
}

function missedFinding(facts: StepFacts): Finding[] {
  const { step, predicted, observed } = facts;
  const keys = stepDifferences(facts);
  if (keys.length === 0) return [];
  const show = (result: StepResult, key: keyof StepResult) => String(result[key] ?? 'nothing') || 'nothing';
  return [
    {
      kind: 'run.prediction-missed',
      severity: 'error',
      message: `${step}: the loader did not do what was predicted`,
      subject: step,
      evidence: keys.map((key) => ({
        text: `${key}: predicted ${show(predicted!, key)}, observed ${show(observed!, key)}`,
      })),
    },
  ];
}

function subjectOf(step: LoadStep): string {
  switch (step.step) {
    case 'open':
      return step.call.file ?? 'NULL';
    case 'symbol':
      return step.call.symbol;
    case 'close':
      return step.call.handle;
    case 'info':
      return typeof step.address === 'bigint' ? `0x${step.address.toString(16)}` : step.address.symbol;
  }
}
