import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export const SOLDER = new URL('../../bin/solder', import.meta.url).pathname;
const JUDGE = new URL('./judge.ts', import.meta.url).pathname;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as another user; only root may. */
  readonly uid?: number;
  readonly gid?: number;
}

function run(command: string, args: readonly string[], { cwd, env, ...user }: RunOptions): Run {
  const { PATH, HOME } = process.env;
  const result = spawnSync(command, args, {
    ...user,
    encoding: 'utf8',
    cwd: cwd ?? tmpdir(),
    env: { PATH, HOME, ...env },
    maxBuffer: 1 << 28,
  });
  if (result.error !== undefined) throw result.error;
  return { stdout: result.stdout, stderr: result.stderr, status: result.status };
}

/** Runs the built command as a user would. */
export function solder(args: readonly string[], options: RunOptions = {}): Run {
  return run(SOLDER, args, options);
}

/** Runs the frame from its sources with the commands of `judge.ts`, which report what they are told to. */
export function judge(args: readonly string[], options: RunOptions = {}): Run {
  return run(process.execPath, [JUDGE, ...args], options);
}

/** Runs a line of bash in which `$SOLDER` is the built command and `$JUDGE` the frame as in `judge`. */
export function shell(line: string, options: RunOptions = {}): Run {
  const env = { ...options.env, SOLDER, JUDGE: `${process.execPath} ${JUDGE}` };
  return run('bash', ['-c', line], { ...options, env });
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'solder-cli-'));
}
