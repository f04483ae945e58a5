import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { getSystemErrorMessage } from 'node:util';
import { HostUnavailable } from './host-program.ts';
import { whileAlive } from './live-processes.ts';
import { killDescendants, MARK } from './strays.ts';

export interface HostProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string | undefined;
  /** Bytes. */
  readonly memoryLimit: number | undefined;
  /** Where stdout and stderr go: to solder's own, or to this function. */
  readonly output: 'inherit' | ((stream: 'stdout' | 'stderr', chunk: Buffer) => void);
}

/** One of the two is known. */
interface Exit {
  readonly status: number | undefined;
  readonly signal: string | undefined;
}

/** The running program, and the pipes to it. */
export interface HostProcess {
  readonly pid: number;
  readonly requests: Socket;
  readonly replies: Socket;
  /** What it has said on the way out; complete when `ended` is. */
  lastWords(): Buffer;
  /** When it and all its descendants are gone and all that they printed has arrived. */
  readonly ended: Promise<Exit>;
  kill(): void;
  /** Whether it keeps solder's own process from ending. */
  hold(busy: boolean): void;
}

/** Milliseconds for descendants to go, and for pipes to close after the end of every process that could be found. */
const CLOSING_TIME = 1000;

/** Starts the host, in a process group of its own. Throws `HostUnavailable` when the system cannot. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { command, environment, workingDirectory, memoryLimit, output } = options;
  const [program, ...args] = command;
  const mark = randomUUID();
  const foreign = output === 'inherit' ? 'inherit' : 'pipe';
  const limits = memoryLimit === undefined ? [] : [String(memoryLimit)];
  const child = spawn(program, [...args, '3', '4', '5', String(process.pid), ...limits], {
    cwd: workingDirectory,
    env: { ...environment, [MARK]: mark },
    stdio: ['ignore', foreign, foreign, 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const reason = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno);
    // The system does not say which of the two is missing.
    if (workingDirectory !== undefined && !isDirectory(workingDirectory)) {
      throw new HostUnavailable(`the working directory ${workingDirectory} is no directory`);
    }
    throw new HostUnavailable(`the host program ${program} cannot be started: ${reason}`);
  }
  if (output !== 'inherit') {
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]!.on('data', (chunk: Buffer) => output(stream, chunk));
    }
  }
  const [, , , requests, replies, words] = child.stdio as unknown as Socket[];
  const said: Buffer[] = [];
  words!.on('data', (chunk: Buffer) => said.push(chunk));
  words!.on('error', () => {});
  for (const stream of child.stdio) (stream as Socket | null)?.unref();

  const kill = (): boolean => killDescendants(pid, mark);
  const alive = whileAlive(kill);
  const ended = ending(child, kill).finally(() => alive[Symbol.dispose]());
  return {
    pid,
    requests: requests!,
    replies: replies!,
    lastWords: () => Buffer.concat(said),
    ended,
    kill,
    hold: (busy) => (busy ? child.ref() : child.unref()),
  };
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function ending(child: ChildProcess, killRest: () => boolean): Promise<Exit> {
  const closed = once(child, 'close');
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const since = performance.now();
  while (killRest() && performance.now() - since < CLOSING_TIME) await wait(1);
  const impatient = setTimeout(() => {
    for (const stream of child.stdio) stream?.destroy();
  }, CLOSING_TIME);
  await closed;
  clearTimeout(impatient);
  return { status: status ?? undefined, signal: signal ?? undefined };
}
