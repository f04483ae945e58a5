import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isatty } from 'node:tty';
import { getSystemErrorMessage } from 'node:util';
import type { Ending } from '../../model/lab.ts';
import { killMarked } from '../marked-processes.ts';
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

/** Milliseconds in which a signal that comes again is the same one: timeout(1) sends it to solder and to its group. */
const ECHO = 200;

/** Milliseconds in which a second one at a terminal is for solder: an interactive program may get many. */
const IMPATIENCE = 2000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs a command under LD_DEBUG and tells what its loader says as it says it. The program gets the signals that
 * solder gets; a second one ends it at once, at a terminal when it comes soon after the first. At a terminal it stays in the foreground group, so that it can read;
 * otherwise it leads a group of its own. What it leaves behind ends with it: its loaders would write to nowhere.
 */
export async function runTraced(traced: TracedCommand, listener: TailListener): Promise<TracedRun> {
  const { command, path, directory } = traced;
  const hasOwnGroup = !isatty(0);
  const prefix = logPrefix(directory);
  using tail = new LogTail(directory, listener);
  // Before the program is there: a signal that comes meanwhile waits for it.
  using signals = passSignals(hasOwnGroup);
  const child = spawn(path, command.slice(1), {
    argv0: command[0],
    env: {
      ...process.env,
      ...traced.environment,
      LD_DEBUG: traced.categories.join(','),
      LD_DEBUG_OUTPUT: prefix,
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
  const [status, signal] = await exitOf(child, tail.failure).finally(() => {
    if (hasOwnGroup) killGroup(pid);
    killMarked(`LD_DEBUG_OUTPUT=${prefix}`);
  });
  tail.end();
  const ending: Ending = signal === null ? { kind: 'status', status: status! } : { kind: 'signal', signal };
  return { pid, ending, lines: tail.lines };
}

const exitOf = (child: ChildProcess, failure: Promise<never>) =>
  Promise.race([once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>, failure]);

interface Signals extends Disposable {
  to(pid: number): void;
}

function passSignals(hasOwnGroup: boolean): Signals {
  let program: number | undefined;
  let last: number | undefined;
  const handler = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    const since = last === undefined ? Number.POSITIVE_INFINITY : now - last;
    if (since < ECHO) return;
    const isSecond = hasOwnGroup ? last !== undefined : since < IMPATIENCE;
    last = now;
    const sent = isSecond ? 'SIGKILL' : signal;
    // The terminal has sent these to the whole foreground group already.
    const isThere = !hasOwnGroup && !isSecond && (signal === 'SIGINT' || signal === 'SIGQUIT');
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
