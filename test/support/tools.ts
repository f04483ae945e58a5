import { spawnSync } from 'node:child_process';

/** Whether all of these programs are on PATH; tests that need one that is not are skipped by name. */
export const hasTools = (...tools: readonly string[]): boolean =>
  tools.every((tool) => spawnSync(tool, ['--version']).status === 0);
