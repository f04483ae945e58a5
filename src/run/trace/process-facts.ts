import { readFileSync, readlinkSync } from 'node:fs';

/** What /proc tells of a process as long as it is there (proc(5)). */
export interface LiveProcess {
  readonly parent: number;
  /** The program's file; a process that has ended and was not waited for has none. */
  readonly program: string | undefined;
}

/** undefined: it is gone. */
export function liveProcess(pid: number): LiveProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), program: programOf(pid) };
  } catch {
    return undefined;
  }
}

function programOf(pid: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    return path.endsWith(' (deleted)') ? undefined : path;
  } catch {
    return undefined;
  }
}
