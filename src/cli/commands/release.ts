import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { compareLibraries } from '../../analyses/abi/compare-libraries.ts';
import {
  analyseFarm,
  type ChangeFacts,
  checkRelease,
  type FarmFacts,
  type ReleaseCheckFacts,
} from '../../analyses/release/index.ts';
import { FormatError } from '../../bytes/index.ts';
import {
  applyLinkChanges,
  ldconfigRules,
  NO_SYSROOT,
  openLibrarySide,
  openTarget,
  readLibraryDirectory,
  systemErrorText,
} from '../../host/index.ts';
import type { Diagnostic, DynamicObject, Finding, LibraryExports } from '../../model/index.ts';
import { renderFarms, renderRelease } from '../../report/release-text.ts';
import { REPORT_FORMATS, type ReportFlags, reportFlags, text } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, UsageError } from '../errors.ts';
import { type ReportContent, runReport } from '../run-report.ts';

interface Flags extends ReportFlags {
  readonly from?: string;
  readonly apply: boolean;
  readonly dryRun: boolean;
  readonly usedBy?: readonly string[];
}

/** What `facts` of the command holds: those of directories, or of one release. */
type Facts = { readonly directories: readonly FarmFacts[] } | { readonly release: ReleaseCheckFacts };

export const command = defineCommand<Flags, string[]>({
  description: `For a directory of libraries: tells for each soname which file should win, and what
is wrong with the links: missing, dangling, outdated, across a major version, and
what programs would miss. The rule is that of ldconfig -n; --apply makes its links,
each in one step, and touches nothing but links in the directory.

With --from: holds a new build against the last release, and tells which version,
soname, file name and links it has to have, and which programs would break.`,
  examples: [
    { command: 'solder release lib/', does: 'Check the links of a directory' },
    { command: 'solder release --dry-run lib/', does: 'Also print the links that --apply would make' },
    {
      command: 'solder release --from old/libfoo.so.1.2.3 --used-by ./app build/libfoo.so.1.3.0',
      does: 'Check a release, and whether app survives it',
    },
  ],
  formats: REPORT_FORMATS,
  flags: {
    ...reportFlags,
    from: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'LIBRARY',
      brief: 'The last release, or a snapshot of it: PATH is the new library',
    },
    apply: { kind: 'boolean', default: false, withNegated: false, brief: 'Make the links' },
    dryRun: { kind: 'boolean', default: false, withNegated: false, brief: 'Print what --apply would do' },
    usedBy: {
      kind: 'parsed',
      parse: text,
      variadic: true,
      optional: true,
      placeholder: 'PROGRAM',
      brief: 'A program or library whose needs count too; may be repeated',
    },
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'PATH',
      brief: 'A directory of libraries; with --from one library',
      parse: text,
    },
    minimum: 1,
  },
  run(context, flags, ...targets) {
    const { apply, dryRun, from } = flags;
    if (apply && dryRun) throw new UsageError('--apply and --dry-run exclude each other');
    if (from !== undefined && (apply || dryRun)) {
      throw new UsageError('with --from no links are made: name the directory instead');
    }
    if (from !== undefined && targets.length !== 1) throw new UsageError('--from takes one new library');
    const content = (): ReportContent<Facts> => {
      const diagnostics: Diagnostic[] = [];
      const programs = openPrograms(flags.usedBy ?? [], diagnostics);
      const result =
        from === undefined
          ? analyseDirectories(targets, apply, programs, diagnostics)
          : analyseRelease(from, targets[0]!, programs, diagnostics);
      return { targets, ...result, diagnostics, looksFor: ['release.*'] };
    };
    return runReport<Facts>(context, flags, content, {
      text({ facts }, write, style) {
        if ('release' in facts) write(renderRelease(facts.release, style));
        else write(renderFarms(facts.directories, apply || dryRun, style));
      },
    });
  },
});

type Result = Pick<ReportContent<Facts>, 'facts' | 'findings' | 'verdict'>;

function analyseDirectories(
  paths: readonly string[],
  apply: boolean,
  programs: readonly DynamicObject[],
  diagnostics: Diagnostic[],
): Result {
  const findings: Finding[] = [];
  const directories = paths.flatMap((path): FarmFacts[] => {
    try {
      const made = apply ? applyTo(path) : undefined;
      const read = readLibraryDirectory(path);
      diagnostics.push(...read.diagnostics, ...failures(path, made ?? []));
      const analysis = analyseFarm(read.directory, ldconfigRules(read.directory), programs);
      findings.push(...analysis.findings);
      return [made === undefined ? analysis.facts : { ...analysis.facts, changes: made }];
    } catch (error) {
      diagnostics.push({ level: 'error', message: problemOf(error), object: path });
      return [];
    }
  });
  return { facts: { directories }, findings };
}

function analyseRelease(
  from: string,
  to: string,
  programs: readonly DynamicObject[],
  diagnostics: Diagnostic[],
): Result {
  const old = openSide(from);
  const recent = openSide(to);
  const read = readLibraryDirectory(directoryOf(to));
  diagnostics.push(...read.diagnostics);
  const { facts, findings } = checkRelease({
    old,
    recent,
    comparison: compareLibraries(old, recent),
    directory: read.directory,
    rules: ldconfigRules(read.directory),
    programs,
  });
  return { facts: { release: facts }, findings, verdict: facts.verdict };
}

function openSide(path: string): LibraryExports {
  try {
    return openLibrarySide(path);
  } catch (error) {
    throw new InputError(`${path}: ${problemOf(error)}`);
  }
}

/** Why an input cannot be read; anything but a wrong file or the system's no is a bug and goes on. */
function problemOf(error: unknown): string {
  const text = error instanceof FormatError ? error.message : systemErrorText(error);
  if (text === undefined) throw error;
  return text;
}

/** Where a library lies, as it was given unless a link leads elsewhere. */
function directoryOf(path: string): string {
  const real = dirname(realpathSync(path));
  return realpathSync(dirname(path)) === real ? dirname(path) : real;
}

/** Makes the links of the plan. */
function applyTo(path: string): ChangeFacts[] {
  const { directory } = readLibraryDirectory(path);
  const { changes } = analyseFarm(directory, ldconfigRules(directory), []).facts;
  return applyLinkChanges(path, changes).map(({ change, problem }) =>
    problem === undefined ? { ...change, outcome: 'made' } : { ...change, outcome: 'failed', problem },
  );
}

function failures(object: string, changes: readonly ChangeFacts[]): Diagnostic[] {
  return changes.flatMap(({ action, name, problem }) =>
    problem === undefined
      ? []
      : [{ level: 'error', message: `cannot ${action} ${name}: ${problem}`, object }],
  );
}

function openPrograms(paths: readonly string[], diagnostics: Diagnostic[]): DynamicObject[] {
  return paths.flatMap((path) => {
    const target = openTarget(path, NO_SYSROOT, 'all');
    if (target.kind === 'dynamic') return [target.object];
    const message = target.kind === 'unreadable' ? target.message : `${target.what}: it needs no library`;
    const level = target.kind === 'unreadable' ? 'error' : 'warning';
    diagnostics.push({ level, message, object: path });
    return [];
  });
}
