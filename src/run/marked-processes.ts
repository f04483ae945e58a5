import { readdirSync, readFileSync } from 'node:fs';

/** A process may start another while the list is read. */
const ROUNDS = 10;

/**
 * Kills every process that was started with `entry`, as `NAME=VALUE`, in its environment (environ in proc(5)):
 * also those that went into a session of their own (setsid(2), daemon(3)). Only a program that was started with
 * another environment escapes. True when some are still there: one that was killed takes a moment to go.
 */
export function killMarked(entry: string): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    const marked = markedProcesses(entry);
    if (marked.length === 0) return false;
    for (const pid of marked) kill(pid);
  }
  return true;
}

/** Kills a process, or with a negative number a process group. */
export function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    // Nobody is left, or nobody that is ours: a program with privileges.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function markedProcesses(entry: string): number[] {
  return processes()
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(entry))
    .map(Number);
}

/** None where /proc is not there for us. */
function processes(): string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

/** Empty for a process that has ended, a zombie among them, or that belongs to somebody else. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
