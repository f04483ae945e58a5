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
  notToBeOpened: 'shared object cannot be dlopen()ed',
  executableStack: 'cannot enable executable stack as shared object requires: Invalid argument',
} as const;

const REFUSALS: ReadonlySet<string> = new Set(Object.values(MAP_REFUSALS));

/** Whether a file was refused only while it was being mapped. */
export const isMapRefusal = (message: string): boolean => REFUSALS.has(message);

/**
 * What ld.so's message names: a file that was opened, by its path; one that was refused while being mapped, by
 * the name that it was asked for.
 */
export const failureSubject = ({
  path,
  name,
  message,
}: Pick<LoadFailure, 'path' | 'name' | 'message'>): string => (isMapRefusal(message) ? name : path);
