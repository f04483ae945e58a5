import { STB } from '../../elf/index.ts';
import { isProgram, type LoadedObject, type Severity } from '../../model/index.ts';
import { LINKER_MADE } from '../linker-made.ts';
import { type Conflict, type Definer, isVague } from './find-conflicts.ts';

/** How bad a conflict is, and why: the reason becomes evidence. */
interface Judgement {
  readonly severity: Severity;
  readonly reason: string;
}

/** Who replaces malloc has to bring these (GNU C Library manual, Replacing malloc). */
const MALLOC_CORE = ['malloc', 'free', 'calloc', 'realloc'];
/** What belongs to an allocator. */
const ALLOCATOR = new Set([
  ...MALLOC_CORE,
  'aligned_alloc',
  'malloc_usable_size',
  'memalign',
  'posix_memalign',
  'pvalloc',
  'reallocarray',
  'valloc',
]);

export interface JudgedConflict extends Conflict, Judgement {}

/** Ranks all conflicts of one process. */
export function judgeConflicts(conflicts: readonly Conflict[]): JudgedConflict[] {
  const allocators = allocatorReplacements(conflicts);
  return conflicts.map((conflict) => ({ ...conflict, ...judgeConflict(conflict, allocators) }));
}

/** The objects whose whole allocator wins over another one. */
function allocatorReplacements(conflicts: readonly Conflict[]): Set<LoadedObject> {
  const won = Map.groupBy(conflicts, ({ winner }) => winner.object);
  const replaces = ([, list]: [LoadedObject, Conflict[]]) =>
    MALLOC_CORE.every((name) => list.some((conflict) => conflict.name === name));
  return new Set([...won].filter(replaces).map(([object]) => object));
}

/**
 * Ranks a conflict. What every C++ library brings along, and what belongs together by its versions, is a note;
 * two owners of one thing are a warning, or an error where both initialise, destroy or lay out the same memory.
 */
function judgeConflict(conflict: Conflict, allocators: ReadonlySet<LoadedObject>): Judgement {
  const { name, kind, winner, losers } = conflict;
  const all = [winner, ...losers];
  if (LINKER_MADE.has(name))
    return { severity: 'note', reason: 'the linker puts this name into every object' };
  const sizesDiffer = all.some(({ size }) => size !== winner.size);
  // C++ marks what every object may bring along; link-time optimisation may make one of them an ordinary one.
  const vague = name.startsWith('_Z') ? all.some(isVague) : all.every(isVague);
  switch (kind) {
    case 'conflict.vtable':
    case 'conflict.typeinfo':
    case 'conflict.guard':
      if (!sizesDiffer)
        return { severity: 'note', reason: 'equal size: every object that uses the class has one' };
      return {
        severity: 'error',
        reason: 'the sizes differ: the objects were compiled with different classes',
      };
    case 'conflict.variable':
    case 'conflict.class-static':
    case 'conflict.tls':
      if (sizesDiffer)
        return { severity: 'error', reason: 'the sizes differ: one side reads or writes past the end' };
      if (vague)
        return { severity: 'note', reason: 'an inline or weak variable of equal size: meant to be one' };
      break;
    case 'conflict.function':
      if (vague && name.startsWith('_Z')) return { severity: 'note', reason: inlineReason(sizesDiffer) };
      break;
  }
  const family = sharedVersion(all);
  if (family !== undefined) {
    return { severity: 'note', reason: `all under ${family}: parts of one package that agree on the name` };
  }
  if (losers.every(({ binding }) => binding === STB.WEAK)) {
    return { severity: 'note', reason: 'the losing definition is weak: it gives way on purpose' };
  }
  if (ALLOCATOR.has(name) && allocators.has(winner.object)) {
    return { severity: 'note', reason: 'a complete replacement of malloc, which the C library provides for' };
  }
  if (kind === 'conflict.function' && isProgram(winner.object.object)) {
    return { severity: 'note', reason: "the program's own definition takes the place of the library's" };
  }
  if (kind === 'conflict.class-static') {
    return { severity: 'error', reason: 'each object constructs and destroys the one that won' };
  }
  return { severity: kind === 'conflict.tls' ? 'error' : 'warning', reason: 'two owners, one name' };
}

const inlineReason = (sizesDiffer: boolean) =>
  sizesDiffer
    ? 'an inline function, compiled to different sizes: any one serves all if the sources agree'
    : 'an inline function of equal size';

/** A version node that all definitions share: libraries that were built as one package. */
function sharedVersion(all: readonly Definer[]): string | undefined {
  const { version } = all[0]!;
  return version !== undefined && all.every((definer) => definer.version === version) ? version : undefined;
}
