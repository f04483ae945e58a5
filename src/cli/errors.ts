import { getSystemErrorMessage } from 'node:util';
import { FormatError } from '../bytes/index.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { VERSION } from './version.ts';

/** The command line or the configuration is wrong: one line that says what to do, exit status 2. */
export class UsageError extends Error {}

/** An input could not be read: one line, exit status 3. */
export class InputError extends Error {}

/** The result could not be written, as on a full disk: one line, exit status 3. */
export class OutputError extends Error {}

/** The reader of stdout went away (`solder … | head`): nobody is left to tell, so nothing is said. */
export class ClosedOutput extends Error {}

export interface Failure {
  /** What to print on stderr, without the newline at its end; empty: nothing. */
  readonly text: string;
  readonly status: ExitStatus;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { errno: number } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === 'number';
}

/** `no such file or directory` and the like, without the code and the name of the system call. */
export function systemMessage(error: unknown): string {
  if (isSystemError(error)) return getSystemErrorMessage(error.errno);
  return error instanceof Error ? error.message : String(error);
}

/** What to say about an error that ended a command. Only an error that nobody foresaw keeps its stack. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ClosedOutput) return { text: '', status: EXIT.success };
  if (error instanceof UsageError) return { text: `solder: ${error.message}`, status: EXIT.usage };
  if (error instanceof InputError || error instanceof OutputError || error instanceof FormatError) {
    return { text: `solder: ${error.message}`, status: EXIT.input };
  }
  if (isSystemError(error)) {
    const message = systemMessage(error);
    // With a path it is the input that failed; without one it is a pipe, a device or the machine.
    if (error.path === undefined) return { text: `solder: ${message}`, status: EXIT.internal };
    return { text: `solder: ${error.path}: ${message}`, status: EXIT.input };
  }
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const text = `solder: this is a bug of solder ${VERSION}, please report it with the command and the input\n${stack}`;
  return { text, status: EXIT.internal };
}
