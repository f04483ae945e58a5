import type { VersionProblem } from '../../loader/index.ts';
import type { Finding } from '../../model/index.ts';

/** Needed versions that the libraries in the process do not define, in ld.so's words. */
export function versionFindings(problems: readonly VersionProblem[]): Finding[] {
  return problems.map((problem) => versionFinding(problem));
}

function versionFinding({ kind, from, library, version }: VersionProblem): Finding {
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

const SHOWN = 8;

function definedText(names: readonly string[]): string {
  const shown = names.slice(-SHOWN).join(', ');
  return `defines ${names.length > SHOWN ? `${names.length} versions, the last are ` : ''}${shown}`;
}
