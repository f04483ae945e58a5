import type { BuildStep, LabRun, Prediction } from '../src/model/lab.ts';
import { program } from './steps.ts';

type Failure = Extract<Prediction, { kind: 'failure' }>;

/** One call, and the word of the program's command line that asks for it. */
export interface Attempt {
  readonly word: string;
  readonly call: Failure['call'];
  /** The object that it gives; or why it fails. */
  readonly outcome: string | Omit<Failure, 'kind' | 'call' | 'severity'>;
}

/** Which finding names the cause, and the evidence for it, in part. */
export type Cause = readonly [finding: Failure['finding'], because: string];

/** A program that makes the calls of its command line and prints what dlerror says. */
export const attempter: readonly BuildStep[] = [
  { copies: 'labs/unloading/attempts.c' },
  program('app', 'attempts.c', '-ldl'),
];

/** Makes one call after the other, in one process. */
export const makeAttempts = (name: string, attempts: readonly Attempt[]): LabRun => ({
  name,
  command: ['./app', ...attempts.map(({ word }) => word)],
  calls: attempts.map(({ call }) => call),
  predicts: [
    {
      kind: 'calls',
      results: attempts.map(({ outcome }) =>
        typeof outcome === 'string' ? outcome : `refused: ${outcome.message}`,
      ),
    },
    ...attempts.flatMap(({ call, outcome }): Failure[] =>
      typeof outcome === 'string' ? [] : [{ kind: 'failure', call, severity: 'error', ...outcome }],
    ),
  ],
  observes: {
    stdout: attempts.map(({ call, outcome }) => {
      const name = 'version' in call ? 'dlvsym' : call.call;
      return `${name}: ${typeof outcome === 'string' ? 'found' : outcome.message}`;
    }),
  },
});
