import { kill, killMarked } from '../marked-processes.ts';

/** Names the host in the environment of everything that descends from it. */
export const MARK = 'SOLDER_HOST';

/**
 * Kills whatever a host has left behind: its process group, and whoever left that and still has the mark. Only a
 * program that was started with another environment and in another session escapes. True when some are still
 * there: one that was killed takes a moment to go.
 */
export function killDescendants(group: number, mark: string): boolean {
  kill(-group);
  return killMarked(`${MARK}=${mark}`);
}
