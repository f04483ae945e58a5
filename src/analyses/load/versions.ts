import type { VersionProblem } from '../../loader/index.ts';
import type { Finding, LoadedObject } from '../../model/index.ts';

/** Needed versions that the libraries in the process do not define, in ld.so's words. */
export function versionFindings(problems: readonly VersionProblem[]): Finding[] {
  return problems.map((problem) => versionFinding(problem));
}

function versionFinding(problem: VersionProblem): Finding {
  if (problem.kind === 'no-library') return noLibrary(problem.from, problem.file);
  const { kind, from, library, version } = problem;
  const base = { subject: version, object: from.path };
  const evidence = [{ text: `needs version ${version} of ${library.name}`, object: from.path }];
  const defined = library.object.versions.definitions.filter((definition) => !definition.base);
  switch (kind) {
    case 'missing':
      return {
        ...base,
        kind: 'load.missing-version',
        severity: 'error',
        message: `${library.path}: version \`${version}' not found (required by ${from.path})`,
        evidence: [...evidence, { text: definedText(defined.map(({ name }) => name)), object: library.path }],
        fix: `install a ${library.name} that is as new as the one ${from.name} was linked against, or link against the older one`,
      };
    case 'missing-weak':
      return {
        ...base,
        kind: 'load.missing-version',
        severity: 'note',
        message: `${library.path}: weak version \`${version}' not found (required by ${from.path})`,
        evidence,
      };
    case 'no-information':
      return {
        ...base,
        kind: 'load.no-version-information',
        severity: 'warning',
        message: `${library.path}: no version information available (required by ${from.path})`,
        evidence,
        fix: `rebuild ${library.name} with its version script`,
      };
  }
}

function noLibrary(from: LoadedObject, file: string): Finding {
  return {
    kind: 'load.missing-version',
    severity: 'error',
    message:
      "Inconsistency detected by ld.so: dl-version.c: _dl_check_map_versions: Assertion `needed != NULL' failed!",
    subject: file,
    object: from.path,
    evidence: [
      { text: `needs versions of ${file}, which nothing in the process is called`, object: from.path },
    ],
    fix: `let ${from.name} need ${file} again: its DT_NEEDED entry was taken away or renamed, its versions were not`,
  };
}

const SHOWN = 8;

function definedText(names: readonly string[]): string {
  const shown = names.slice(-SHOWN).join(', ');
  return `defines ${names.length > SHOWN ? `${names.length} versions, the last are ` : ''}${shown}`;
}
