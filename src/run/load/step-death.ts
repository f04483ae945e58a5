import type { LoadStep, StepDeath, StepFacts } from '../../model/index.ts';
import { CallLimit, ProcessDied } from '../dl/index.ts';
import type { Performed } from './perform-step.ts';

/** What a step did, and how the process ended if it did. */
export type Ended = Performed & Pick<StepFacts, 'death'>;

/** The process ended while it took a step. Throws what is no such end. */
export function diedDuring(error: unknown): Ended {
  const { message } = asEnd(error);
  return { result: 'died', message, death: deathFacts(error, 'during') };
}

/** The process ended when the one step was done and the other had not begun. Throws what is no such end. */
export function diedBetween(
  error: unknown,
  moment: 'before' | 'after',
  earlier: LoadStep | undefined,
  later: LoadStep | undefined,
): Ended {
  const end = asEnd(error);
  const how =
    end instanceof ProcessDied
      ? end.how
      : 'its loader did not answer any more, as when a thread holds its lock, and it was killed,';
  const when = [
    ...(earlier === undefined ? [] : [`after '${earlier.text}'`]),
    ...(later === undefined ? [] : [`before '${later.text}'`]),
  ];
  const message = `${how} ${when.join(' and ')}`;
  return { result: 'died', message, death: deathFacts(error, moment) };
}

function asEnd(error: unknown): ProcessDied | CallLimit {
  if (error instanceof ProcessDied || error instanceof CallLimit) return error;
  throw error;
}

function deathFacts(error: unknown, moment: StepDeath['moment']): StepDeath {
  if (!(error instanceof ProcessDied)) return { isLate: true, moment };
  const { signal, status, isOtherThread } = error.death;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(status === undefined ? {} : { status }),
    ...(isOtherThread === undefined ? {} : { thread: isOtherThread ? 'other' : 'own' }),
    isLate: false,
    moment,
  };
}
