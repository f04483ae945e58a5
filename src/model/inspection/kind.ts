import { DF_1, DT, ET, PT } from '../../elf/index.ts';
import type { ElfKind } from './facts.ts';
import type { Views } from './views.ts';

/** What sort of file it is; see `ElfKind`. */
export function elfKind(views: Views): ElfKind {
  const { header } = views.file;
  if (views.debugOnly) return 'debug-file';
  switch (header.type) {
    case ET.REL:
      return 'relocatable';
    case ET.CORE:
      return 'core';
    case ET.EXEC:
      return hasSegment(views, PT.INTERP) || hasSegment(views, PT.DYNAMIC)
        ? 'executable'
        : 'static-executable';
    case ET.DYN:
      if (!isPie(views)) return 'shared-object';
      return hasSegment(views, PT.INTERP) ? 'pie' : 'static-pie';
    default:
      return 'other';
  }
}

const hasSegment = ({ file }: Views, wanted: number) => file.segments.some(({ type }) => type === wanted);

/**
 * DF_1_PIE says it. Linkers before binutils 2.26 did not set it: then a program is what asks for a dynamic
 * loader and has room for a debugger's hook. Shared objects that can be started, such as libc.so.6, have no
 * such room.
 */
function isPie(views: Views): boolean {
  const { dynamic } = views;
  if (dynamic === undefined) return false;
  if ((dynamic.flags1 & DF_1.PIE) !== 0) return true;
  return hasSegment(views, PT.INTERP) && dynamic.entries.get(DT.DEBUG) !== undefined;
}
