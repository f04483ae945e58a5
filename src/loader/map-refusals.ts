import type { LoadFailure } from '../model/index.ts';

/**
 * Why a file that looks right cannot be mapped, in ld.so's words (glibc elf/dl-load.c, _dl_map_object_from_fd).
 */
export const MAP_REFUSALS = {
  misaligned: 'ELF load command address/offset not page-aligned',
  noSegments: 'object file has no loadable segments',
  fixedAddress: 'cannot dynamically load executable',
  noDynamicSection: 'object file has no dynamic section',
  program: 'cannot dynamically load position-independent executable',
} as const;

const REFUSALS: ReadonlySet<string> = new Set(Object.values(MAP_REFUSALS));

/**
 * What ld.so's message names: a file that was opened, by its path; one that was refused while being mapped, by
 * the name that it was asked for.
 */
export const failureSubject = ({ path, name, message }: LoadFailure): string =>
  REFUSALS.has(message) ? name : path;
