import { VER_FLG } from '../elf/index.ts';
import type { LoadedObject, MissingLibrary, Process } from '../model/index.ts';

/** What the loader finds amiss when it compares needed versions with defined ones, before any look-up. */
export type VersionProblem =
  | {
      readonly kind: 'missing' | 'missing-weak' | 'no-information';
      /** The object that needs the version. */
      readonly from: LoadedObject;
      /** The object that should define it. */
      readonly library: LoadedObject;
      readonly version: string;
    }
  /** Nothing in the process answers to the name of the file that should define the versions. */
  | { readonly kind: 'no-library'; readonly from: LoadedObject; readonly file: string };

/**
 * Compares every verneed entry with the verdefs of the object that it names (glibc elf/dl-version.c,
 * _dl_check_map_versions). A missing version ends the start; a library without any versions, or a missing
 * version that was needed weakly, earns a warning.
 */
export const checkVersions = (process: Process): VersionProblem[] =>
  process.scope.flatMap((from) => versionProblems(from, process));

/** What is amiss with the versions that one object needs (glibc elf/dl-version.c, _dl_check_map_versions). */
export function versionProblems(from: LoadedObject, neighbours: Neighbours): VersionProblem[] {
  const problems: VersionProblem[] = [];
  for (const { file, versions } of from.object.versions.needs) {
    const library = findNeeded(neighbours, file);
    if (library === undefined) problems.push({ kind: 'no-library', from, file });
    if (library?.kind !== 'loaded') continue; // or reported as not found
    const { definitions } = library.object.versions;
    for (const { name, hash, flags } of versions) {
      if (definitions.length === 0) {
        problems.push({ kind: 'no-information', from, library, version: name });
        break; // one warning a library says it all
      }
      if (definitions.some((definition) => definition.hash === hash && definition.name === name)) continue;
      const weak = (flags & VER_FLG.WEAK) !== 0;
      problems.push({ kind: weak ? 'missing-weak' : 'missing', from, library, version: name });
    }
  }
  return problems;
}

/** The objects that a verneed entry's file can stand for, in load order, and who needs whom. */
export type Neighbours = Pick<Process, 'scope' | 'dependencies'>;

/**
 * The object that a verneed entry's file stands for (glibc elf/dl-version.c, find_needed): the one with that
 * path, or that was loaded by that name, or whoever answered when some object needed that name. A soname that
 * nobody has asked for is not a name.
 */
export function findNeeded(
  { scope, dependencies }: Neighbours,
  file: string,
): LoadedObject | MissingLibrary | undefined {
  const known = scope.find(({ name, path }) => name === file || path === file);
  if (known) return known;
  for (const requester of scope) {
    const needed = requester.object.dependencies;
    const asked = needed.findIndex(({ name }) => name === file);
    if (asked < 0) continue;
    const answers = dependencies.get(requester)!;
    // Auxiliary filtees that are missing have no answer, and leave no gap.
    if (answers.length === needed.length) return answers[asked];
    const answered = answers.find((entry) => entry.kind === 'loaded' && entry.object.soname === file);
    if (answered) return answered;
  }
  return undefined;
}
