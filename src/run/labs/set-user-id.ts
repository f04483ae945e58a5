import { chmodSync, chownSync, copyFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { findTool } from './tools.ts';

/** Set-user-ID and set-group-ID (inode(7)). */
const SET_USER = 0o4000;
const SET_GROUP = 0o2000;

/** Whether a program gets the rights of another user or group: the loader is in secure mode then (ld.so(8)). */
export function isSetId(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const isOtherUser = (stat.mode & SET_USER) !== 0 && stat.uid !== process.getuid?.();
  const isOtherGroup = (stat.mode & SET_GROUP) !== 0 && stat.gid !== process.getgid?.();
  return isOtherUser || isOtherGroup;
}

/** The user of labs, which is nobody on most systems. */
const OTHER_USER = 65534;
/** Seconds. */
const TIME_LIMIT = 10;

/**
 * Whether a program in this directory can be made to run as another user: that takes a privileged user, a file
 * system that is not mounted nosuid, and a process that may gain privileges. Tried with id(1).
 */
export async function canSetUserId(directory: string): Promise<boolean> {
  const tool = findTool('id');
  if (tool === undefined || process.getuid?.() !== 0) return false;
  const copy = join(directory, 'id');
  try {
    copyFileSync(tool, copy);
    chownSync(copy, OTHER_USER, OTHER_USER);
    chmodSync(copy, 0o755 | SET_USER);
    const { stdout } = await runCommand([copy, '-u'], {
      workingDirectory: directory,
      environment: {},
      timeLimit: TIME_LIMIT,
    });
    return stdout === `${OTHER_USER}\n`;
  } catch {
    return false;
  } finally {
    rmSync(copy, { force: true });
  }
}
