import { lstatSync, readlinkSync, realpathSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkChange } from '../analyses/release/index.ts';
import { identityBehind } from './library-directory.ts';
import { systemErrorText } from './system-error.ts';

/** What became of one change. */
export interface LinkOutcome {
  readonly change: LinkChange;
  /** Why it was not made. */
  readonly problem?: string;
}

/**
 * Makes the changes, one after the other. A link is made under a temporary name and renamed over the old one,
 * so that at any moment either the old or the new one is there. Nothing is replaced or removed but the very
 * links that the changes name, and nothing outside the directory.
 */
export function applyLinkChanges(path: string, changes: readonly LinkChange[]): LinkOutcome[] {
  const root = realpathSync(path);
  return changes.map((change) => {
    try {
      const problem = applyChange(root, change);
      return problem === undefined ? { change } : { change, problem };
    } catch (error) {
      const problem = systemErrorText(error);
      if (problem === undefined) throw error;
      return { change, problem };
    }
  });
}

const CHANGED = 'it changed since it was read';

function applyChange(root: string, change: LinkChange): string | undefined {
  const { name, was } = change;
  if (name.includes('/') || ['', '.', '..'].includes(name)) return 'no name in this directory';
  const at = join(root, name);
  if (was !== undefined && linkText(at) !== was) return CHANGED;
  if (change.action === 'remove') {
    if (identityBehind(at) !== undefined) return CHANGED;
    unlinkSync(at);
    return undefined;
  }
  // Fails when something has taken the name, unlike rename(2), which would replace a file.
  if (was === undefined) symlinkSync(change.target, at);
  else replaceLink(root, at, change.target);
  return undefined;
}

/** The text of a link; undefined for anything else. */
function linkText(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

function replaceLink(root: string, at: string, target: string): void {
  const temporary = join(root, `.solder-${process.pid}-${process.hrtime.bigint()}`);
  symlinkSync(target, temporary);
  try {
    renameSync(temporary, at);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}
