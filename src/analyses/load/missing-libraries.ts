import type { Evidence, Finding, MissingLibrary, Process, SearchAttempt } from '../../model/index.ts';

/** Libraries that were not found, files that cannot be mapped, preloads that are ignored. */
export function missingLibraries(process: Process): Finding[] {
  const missing = process.linkMap.filter((entry) => entry.kind === 'missing');
  const broken = new Set(process.failures.map(({ name }) => name));
  return [
    ...missing.filter(({ name }) => !broken.has(name)).map(notFound),
    ...process.failures.map(
      ({ path, name, requester, message }): Finding => ({
        kind: 'load.wrong-format',
        severity: 'error',
        message: `error while loading shared libraries: ${path}: ${message}`,
        subject: name,
        object: path,
        evidence: requester ? [{ text: `needs ${name}`, object: requester.path }] : [],
        fix: 'replace the file, or take its directory out of the search path',
      }),
    ),
    ...process.ignoredPreloads.map(
      (entry): Finding => ({
        kind: 'load.not-found',
        severity: 'warning',
        message: `object '${entry.name}' from LD_PRELOAD cannot be preloaded (${entry.message}): ignored`,
        subject: entry.name,
        evidence: attempts(entry.tried),
        fix: 'give the full path of the library to preload',
      }),
    ),
  ];
}

function notFound({ name, requester, message, tried }: MissingLibrary): Finding {
  return {
    kind: 'load.not-found',
    severity: 'error',
    message: `error while loading shared libraries: ${name}: ${message}`,
    subject: name,
    ...(requester ? { object: requester.path } : {}),
    evidence: [...(requester ? [{ text: `needs ${name}`, object: requester.path }] : []), ...attempts(tried)],
    fix: `install the package that has ${name}, or lead the search to it: a RUNPATH in the library that needs it, or LD_LIBRARY_PATH`,
  };
}

/** Every place that was tried, one line a rule: the subdirectories of one directory are too many to list. */
function attempts(tried: readonly SearchAttempt[]): Evidence[] {
  const byRule = Map.groupBy(tried, ({ rule, outcome }) => `${rule}\0${outcome}`);
  return [...byRule.values()].map((group) => {
    const { rule, outcome } = group[0]!;
    return {
      text: `tried by ${RULE_TEXT[rule] ?? rule}: ${group.map(({ path }) => path).join(', ')}: ${outcome}`,
    };
  });
}

const RULE_TEXT: Partial<Record<SearchAttempt['rule'], string>> = {
  path: 'its path',
  rpath: 'RPATH',
  'library-path': 'LD_LIBRARY_PATH',
  runpath: 'RUNPATH',
  cache: 'ld.so.cache',
  default: 'the default directories',
};
