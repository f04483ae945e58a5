import { FormatError } from '../../src/bytes/index.ts';

/** The `FormatError` that a step ends with; anything else, also success, fails the test. */
export function formatFailure(step: () => unknown): FormatError {
  try {
    step();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('the step gave a result in place of a FormatError');
}
