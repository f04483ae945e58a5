import { analyseProcess, declaredNames, type ExportRules, exportFindings } from '../../analyses/index.ts';
import { directoryState, NO_SYSROOT, readHeaders, sysrootAt } from '../../host/index.ts';
import { Binder } from '../../loader/index.ts';
import { baseName, type Diagnostic, type Finding } from '../../model/index.ts';
import { type CheckFacts, renderCheck } from '../../report/process/check-text.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type LoaderFlags,
  loaderFlags,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { openTargets } from '../process-targets.ts';
import { runReport } from '../run-report.ts';

interface Flags extends ReportFlags, LoaderFlags, DemangleFlags {
  readonly headers?: readonly string[];
  readonly prefix?: readonly string[];
}

export const command = defineCommand<Flags, string[]>({
  description: `The main job: loads each program or library as the dynamic loader would, binds
every reference, and reports what would go wrong or surprise: libraries that are not
found, undefined symbols, missing versions, names that more than one object defines,
what a library exports that it should not, and what its link names too much or too
little. Nothing is executed. Exit status 1 when there is an error.`,
  examples: [
    { command: 'solder check ./app', does: 'Everything that can be said about a program' },
    { command: 'solder check --fail-on warning libfoo.so libbar.so', does: 'Two libraries, strictly' },
    {
      command: 'solder check --headers include --prefix foo_ libfoo.so',
      does: 'A library against its interface',
    },
    { command: 'solder check --format json -o report.json ./app', does: 'The report for a script' },
  ],
  formats: REPORT_FORMATS,
  flags: {
    headers: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'DIR',
      brief: 'Public headers: tell exports that stand in none; may be repeated',
    },
    prefix: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'PREFIX',
      brief: 'What exported C names begin with, derived otherwise; may be repeated',
    },
    ...reportFlags,
    ...loaderFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: { placeholder: 'TARGET', brief: 'A program or a shared library', parse: text },
    minimum: 1,
  },
  run: (context, flags, ...targets) =>
    runReport<CheckFacts>(
      context,
      flags,
      async () => {
        const { system, processes, diagnostics } = openTargets(flags, targets);
        const rules = exportRules(flags, diagnostics);
        const binder = new Binder();
        const findings: Finding[] = [];
        const progress = await context.progress('checking', processes.length);
        const facts = processes.map(({ object, path }, done) => {
          progress.update(done, baseName(path));
          const { process, lookups, conflicts, linkUse, ...found } = analyseProcess(
            system,
            binder,
            object,
            path,
          );
          findings.push(...found.loadFindings, ...found.conflictFindings);
          findings.push(...exportFindings(process, linkUse, rules));
          return { path, objects: process.scope.length, lookups, contendedNames: conflicts.length };
        });
        progress.stop();
        return {
          targets,
          facts: { roots: facts },
          findings,
          diagnostics,
          looksFor: ['load.*', 'conflict.*', 'exports.*', 'hygiene.*', 'needed.*'],
        };
      },
      { text: ({ facts }, write, style) => write(renderCheck(facts, style)) },
    ),
});

/** What exports are held to; a place without headers is an input that could not be read. */
function exportRules({ headers = [], prefix = [], sysroot }: Flags, diagnostics: Diagnostic[]): ExportRules {
  const { texts, problems } = readHeaders(headers);
  for (const { path, message } of problems) diagnostics.push({ level: 'error', message, object: path });
  const root = sysroot === undefined ? NO_SYSROOT : sysrootAt(sysroot);
  return {
    prefixes: prefix,
    headers: headers.length === 0 ? undefined : declaredNames(texts, headers),
    directories: (path) => directoryState(path, root),
  };
}
