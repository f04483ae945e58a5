import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getSystemErrorMessage } from 'node:util';
import type { Ending } from '../model/lab.ts';
import { onInterrupt } from './on-interrupt.ts';

export interface CommandOptions {
  /** A directory. */
  readonly workingDirectory: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** In seconds. */
  readonly timeLimit: number;
}

export interface CommandResult {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** The first mebibyte of each, as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ending: Ending;
}

const OUTPUT_LIMIT = 1 << 20;

/**
 * Runs foreign code: in a process group of its own, without input, for a limited time. Whatever the group left
 * behind is killed with it, also when solder itself is interrupted.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { workingDirectory, environment, timeLimit }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const message = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno);
    return { pid, stdout: '', stderr: '', ending: { kind: 'not-started', message } };
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(pid);
  }, timeLimit * 1000);
  using _interrupted = onInterrupt(() => killGroup(pid));
  const closed = once(child, 'close');
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  // A descendant that still holds the pipes open would keep them from closing.
  killGroup(pid);
  await closed;
  const ending: Ending = timedOut
    ? { kind: 'time-limit', seconds: timeLimit }
    : signal === null
      ? { kind: 'status', status: status! }
      : { kind: 'signal', signal };
  return { pid, stdout: stdout(), stderr: stderr(), ending };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, OUTPUT_LIMIT - size);
    size += kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Ends a process group at once; it need not be there any more. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
