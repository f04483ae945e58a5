import { VER_FLG } from '../elf/index.ts';
import type { LoadedObject, Process } from '../model/index.ts';

/** What the loader finds amiss when it compares needed versions with defined ones, before any look-up. */
export interface VersionProblem {
  readonly kind: 'missing' | 'missing-weak' | 'no-information';
  /** The object that needs the version. */
  readonly from: LoadedObject;
  /** The object that should define it. */
  readonly library: LoadedObject;
  readonly version: string;
}

/**
 * Compares every verneed entry with the verdefs of the object that it names (glibc elf/dl-version.c,
 * _dl_check_map_versions). A missing version ends the start; a library without any versions, or a missing
 * version that was needed weakly, earns a warning.
 */
export function checkVersions(process: Process): VersionProblem[] {
  const problems: VersionProblem[] = [];
  for (const from of process.scope) {
    for (const { file, versions } of from.object.versions.needs) {
      const library = process.scope.find((entry) => answersTo(entry, file));
      if (library === undefined) continue; // reported as not found
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
  }
  return problems;
}

const answersTo = ({ name, path, object }: LoadedObject, file: string) =>
  object.soname === file || name === file || path === file;
