import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isatty } from 'node:tty';
import { getSystemErrorMessage } from 'node:util';
import type { Ending } from '../../model/lab.ts';
import { killGroup } from '../run-command.ts';
import { logPrefix } from './log-file.ts';
import { LogTail, type TailListener } from './log-tail.ts';

export interface TracedCommand {
  readonly command: readonly [string, ...string[]];
  /** The file to execute. */
  readonly path: string;
  /** Added to solder's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** For LD_DEBUG. */
  readonly categories: readonly string[];
  /** An own directory for the logs. */
  readonly directory: string;
  /** Its standard output goes where solder's goes; otherwise to standard error. */
  readonly keepsOutput: boolean;
}

export interface TracedRun {
  readonly pid: number | undefined;
  readonly ending: Ending;
  /** Lines of all logs. */
  readonly lines: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs a command under LD_DEBUG and tells what its loader says as it says it. The program gets the signals that
 * solder gets; a second one ends it at once. At a terminal it stays in the foreground group, so that it can read;
 * otherwise it leads a group of its own, of which nobody survives it.
 */
export async function runTraced(traced: TracedCommand, listener: TailListener): Promise<TracedRun> {
  const { command, path, directory } = traced;
  const hasOwnGroup = !isatty(0);
  using tail = new LogTail(directory, listener);
  // Before the program is there: a signal that comes meanwhile waits for it.
  using signals = passSignals(hasOwnGroup);
  const child = spawn(path, command.slice(1), {
    argv0: command[0],
    env: {
      ...process.env,
      ...traced.environment,
      LD_DEBUG: traced.categories.join(','),
      LD_DEBUG_OUTPUT: logPrefix(directory),
    },
    stdio: ['inherit', traced.keepsOutput ? 'inherit' : 2, 'inherit'],
    detached: hasOwnGroup,
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const message = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno);
    return { pid, ending: { kind: 'not-started', message }, lines: 0 };
  }
  signals.to(pid);
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (hasOwnGroup) killGroup(pid);
  tail.end();
  const ending: Ending = signal === null ? { kind: 'status', status: status! } : { kind: 'signal', signal };
  return { pid, ending, lines: tail.lines };
}

interface Signals extends Disposable {
  to(pid: number): void;
}

function passSignals(hasOwnGroup: boolean): Signals {
  let program: number | undefined;
  let isSecond = false;
  const handler = (signal: NodeJS.Signals): void => {
    const sent = isSecond ? 'SIGKILL' : signal;
    // The terminal has sent these to the whole foreground group already.
    const isThere = !hasOwnGroup && !isSecond && (signal === 'SIGINT' || signal === 'SIGQUIT');
    isSecond = true;
    if (isThere || program === undefined) return;
    try {
      process.kill(hasOwnGroup ? -program : program, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return {
    to(pid) {
      program = pid;
    },
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, handler);
    },
  };
}
