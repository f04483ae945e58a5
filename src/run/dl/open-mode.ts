import type { OpenMode } from '../../model/index.ts';
import { RTLD } from './backend.ts';

/** The flags of dlopen(3) by their names. */
export const openMode = (flags: number) => ({
  now: (flags & RTLD.NOW) !== 0,
  global: (flags & RTLD.GLOBAL) !== 0,
  deepBind: (flags & RTLD.DEEPBIND) !== 0,
  noDelete: (flags & RTLD.NODELETE) !== 0,
  noLoad: (flags & RTLD.NOLOAD) !== 0,
});

/** The bits of dlopen(3)'s flags. */
export const openFlags = (mode: OpenMode): number =>
  (mode.now ? RTLD.NOW : RTLD.LAZY) |
  (mode.global ? RTLD.GLOBAL : 0) |
  (mode.deepBind ? RTLD.DEEPBIND : 0) |
  (mode.noDelete ? RTLD.NODELETE : 0) |
  (mode.noLoad ? RTLD.NOLOAD : 0);
