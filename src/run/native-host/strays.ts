import { readdirSync, readFileSync } from 'node:fs';

/** Names the host in the environment of everything that descends from it. */
export const MARK = 'SOLDER_HOST';

/** A process may start another while the list is read. */
const ROUNDS = 10;

/**
 * Kills whatever a host has left behind: its process group, and processes that went into a session of their own
 * (setsid(2), daemon(3)), which are known by the mark in the environment that they began with. Only a program
 * that was started with another environment and in another session escapes.
 */
export function killDescendants(group: number, mark: string): void {
  kill(-group);
  for (let round = 0; round < ROUNDS; round++) {
    const strays = markedProcesses(`${MARK}=${mark}`);
    if (strays.length === 0) return;
    for (const pid of strays) kill(pid);
  }
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    // Nobody is left, or nobody that is ours: a program with privileges.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function markedProcesses(entry: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(entry))
    .map(Number);
}

/** Empty for a process that has ended, a zombie among them, or that belongs to somebody else. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
