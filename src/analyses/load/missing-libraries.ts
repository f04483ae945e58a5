import { failureSubject } from '../../loader/index.ts';
import type {
  Evidence,
  Finding,
  LoadFailure,
  MissingLibrary,
  Process,
  SearchAttempt,
} from '../../model/index.ts';

/** Libraries that were not found, files that cannot be mapped, preloads that are ignored. */
export function missingLibraries(process: Process): Finding[] {
  const missing = process.linkMap.filter((entry) => entry.kind === 'missing');
  const broken = new Set(process.failures.map(({ name }) => name));
  return [
    ...missing.filter(({ name }) => !broken.has(name)).map(notFound),
    ...process.failures.map(wrongFormat),
    ...process.ignoredPreloads.map(
      (entry): Finding => ({
        kind: 'load.not-found',
        severity: 'warning',
        message: entry.message,
        subject: entry.name,
        evidence: searchEvidence(entry.tried),
        fix: 'give the full path of the library to preload',
      }),
    ),
  ];
}

function wrongFormat(failure: LoadFailure): Finding {
  const { path, name, requester, message } = failure;
  return {
    kind: 'load.wrong-format',
    severity: 'error',
    message: `error while loading shared libraries: ${failureSubject(failure)}: ${message}`,
    subject: name,
    object: path,
    evidence: requester ? [{ text: `needs ${name}`, object: requester.path }] : [],
    fix: 'replace the file, or take its directory out of the search path',
  };
}

function notFound({ name, requester, message, tried }: MissingLibrary): Finding {
  return {
    kind: 'load.not-found',
    severity: 'error',
    message: `error while loading shared libraries: ${name}: ${message}`,
    subject: name,
    ...(requester ? { object: requester.path } : {}),
    evidence: [
      ...(requester ? [{ text: `needs ${name}`, object: requester.path }] : []),
      ...searchEvidence(tried),
    ],
    fix: `install the package that has ${name}, or lead the search to it: a RUNPATH in the library that needs it, or LD_LIBRARY_PATH`,
  };
}

/** Every place that was tried, one line a rule. */
export function searchEvidence(tried: readonly SearchAttempt[]): Evidence[] {
  const byRule = Map.groupBy(tried, ({ rule, outcome }) => `${rule}\0${outcome}`);
  return [...byRule.values()].map((group) => {
    const { rule, outcome } = group[0]!;
    if (rule === 'cache') return { text: `tried in ${RULE_TEXT.cache}: ${outcome}` };
    const places = withoutSubdirectories(group.map(({ path }) => path));
    return { text: `tried by ${RULE_TEXT[rule] ?? rule}: ${places.join(', ')}: ${outcome}` };
  });
}

/** In each directory the loader tries its subdirectories for processors first: they are counted, not listed. */
function withoutSubdirectories(paths: readonly string[]): string[] {
  const platform = paths.map((path) => LEGACY.exec(path)?.[1]).find((name) => name !== undefined) ?? 'tls';
  const inner = new RegExp(
    `(?<=^|/)(?:glibc-hwcaps/[^/]+|(?:tls/)?${platform}(?:/${platform})?|tls)/(?=[^/]*$)`,
  );
  const tried = new Set(paths);
  const homes = Map.groupBy(tried, (path) => {
    const home = path.replace(inner, '');
    return tried.has(home) ? home : path;
  });
  return [...homes].map(([home, { length }]) =>
    length > 1 ? `${home} and ${length - 1} subdirectories` : home,
  );
}

/** `tls/x86_64/x86_64/`, the first of the subdirectories that glibc 2.36 and older try. */
const LEGACY = /(?:^|\/)tls\/(\w+)\/\1\/[^/]*$/;

const RULE_TEXT: Partial<Record<SearchAttempt['rule'], string>> = {
  path: 'its path',
  rpath: 'RPATH',
  'library-path': 'LD_LIBRARY_PATH',
  runpath: 'RUNPATH',
  cache: 'ld.so.cache',
  default: 'the default directories',
};
