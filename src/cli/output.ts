import { closeSync, fchmodSync, openSync, realpathSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ClosedOutput, OutputError, systemMessage, UsageError } from './errors.ts';
import { writeDescriptor } from './write-descriptor.ts';

/** Where a command's result goes. */
export interface Output {
  /** Blocks until the text is written; throws `ClosedOutput` when nobody reads any more. */
  write(text: string | Uint8Array): void;
  /** The result is complete: a file gets its name now. */
  commit(): void;
  /** The result is not complete: no trace of it stays. */
  discard(): void;
}

/** What `work` writes is kept when it returns, and gone when it throws. */
export async function keepWhenDone<T>(output: Output, work: (output: Output) => T | Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work(output);
  } catch (error) {
    output.discard();
    throw error;
  }
  output.commit();
  return result;
}

const nothing = (): void => {};

const STDOUT: Output = { write: writerTo('stdout', 1), commit: nothing, discard: nothing };

/** Errors say where they happened: they are none of the file that is read meanwhile. */
function writerTo(name: string, descriptor: number): Output['write'] {
  return (text) => {
    try {
      writeDescriptor(descriptor, text);
    } catch (error) {
      throw error instanceof ClosedOutput ? error : new OutputError(`${name}: ${systemMessage(error)}`);
    }
  };
}

/**
 * stdout, or a file that appears under its name only when it is complete: a reader never sees half a report,
 * and a failed run leaves the last good one in place. What is not a plain file (`/dev/null`, a named pipe) is
 * written to directly. `option` is the one that errors name.
 */
export function openOutput(path: string | undefined, option = '--output'): Output {
  if (path === undefined) return STDOUT;
  const name = `${option} ${path}`;
  return naming(name, () => {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isFile()) return directOutput(name, path);
    const target = existing === undefined ? resolve(path) : realpathSync(path);
    return replacingOutput(name, target, existing?.mode);
  });
}

/** An error that tells which option it is about. */
function naming<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${name}: ${systemMessage(error)}`);
  }
}

function directOutput(name: string, path: string): Output {
  const descriptor = openSync(path, 'w');
  const close = (): void => closeSync(descriptor);
  return { write: writerTo(name, descriptor), commit: close, discard: close };
}

function replacingOutput(name: string, target: string, mode: number | undefined): Output {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}`);
  const descriptor = openSync(temporary, 'wx');
  if (mode !== undefined) fchmodSync(descriptor, mode & 0o7777);
  return {
    write: writerTo(name, descriptor),
    commit() {
      closeSync(descriptor);
      naming(name, () => renameSync(temporary, target));
    },
    discard() {
      closeSync(descriptor);
      unlinkSync(temporary);
    },
  };
}
