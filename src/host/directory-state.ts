import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Sysroot } from './sysroot.ts';

const WORLD_WRITABLE = 0o002;
const STICKY = 0o1000;

/** Whether a directory of a process is there, and whether everybody may put files into it or make it. */
export function directoryState(path: string, sysroot: Sysroot): { exists: boolean; isOpen: boolean } {
  const own = statOf(path, sysroot);
  let isOpen = own !== undefined && isWritable(own);
  let nearest = own;
  for (let at = path; at !== '/' && !isOpen; ) {
    at = dirname(at);
    const stat = statOf(at, sysroot);
    if (stat === undefined) continue;
    // A sticky directory keeps what is in it from others, but lets them add what is missing (inode(7)).
    isOpen = isWritable(stat) && (nearest === undefined || (stat.mode & STICKY) === 0);
    nearest ??= stat;
  }
  return { exists: own !== undefined, isOpen };
}

const isWritable = ({ mode }: Stats): boolean => (mode & WORLD_WRITABLE) !== 0;

function statOf(path: string, sysroot: Sysroot): Stats | undefined {
  const located = sysroot.locate(path);
  if (located === undefined) return undefined;
  try {
    const stat = statSync(located);
    return stat.isDirectory() ? stat : undefined;
  } catch {
    return undefined;
  }
}
