import { SoakRefused } from '../run/soak/run-soak.ts';
import { InputError, UsageError } from './errors.ts';
import { asUserError } from './host-flags.ts';

/** What counts without a word on the command line. */
export const ROUNDS = '600';
export const THREADS = '8';

const MOST_ROUNDS = 1_000_000;

export function readRounds(rounds: string): number {
  if (!/^\d+$/.test(rounds) || Number(rounds) < 1 || Number(rounds) > MOST_ROUNDS) {
    throw new UsageError(`'${rounds}' is no number of rounds from 1 to ${MOST_ROUNDS}`);
  }
  return Number(rounds);
}

/** What the user can mend of what a soak throws; anything else as it is. */
export const asSoakError = (error: unknown): unknown =>
  error instanceof SoakRefused ? new InputError(error.message) : asUserError(error);
