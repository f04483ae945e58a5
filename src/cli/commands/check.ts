import { analyseProcess, baseName } from '../../analyses/index.ts';
import { Binder } from '../../loader/index.ts';
import type { Finding } from '../../model/index.ts';
import { type CheckFacts, renderCheck } from '../../report/process/check-text.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type LoaderFlags,
  loaderFlags,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { openTargets } from '../process-targets.ts';
import { runReport } from '../run-report.ts';

interface Flags extends ReportFlags, LoaderFlags, DemangleFlags {}

export const command = defineCommand<Flags, string[]>({
  description: `The main job: loads each program or library as the dynamic loader would, binds
every reference, and reports what would go wrong or surprise: libraries that are not
found, undefined symbols, missing versions, and names that more than one object
defines. Nothing is executed. Exit status 1 when there is an error.`,
  examples: [
    { command: 'solder check ./app', does: 'Everything that can be said about a program' },
    { command: 'solder check --fail-on warning libfoo.so libbar.so', does: 'Two libraries, strictly' },
    { command: 'solder check --format json -o report.json ./app', does: 'The report for a script' },
  ],
  formats: ['text', 'json'],
  flags: { ...reportFlags, ...loaderFlags, ...demangleFlags },
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
        const binder = new Binder();
        const findings: Finding[] = [];
        const progress = await context.progress('checking', processes.length);
        const facts = processes.map(({ object, path }, done) => {
          progress.update(done, baseName(path));
          const { process, lookups, conflicts, ...found } = analyseProcess(system, binder, object, path);
          findings.push(...found.loadFindings, ...found.conflictFindings);
          return { path, objects: process.scope.length, lookups, contendedNames: conflicts.length };
        });
        progress.stop();
        return {
          targets,
          facts: { roots: facts },
          findings,
          diagnostics,
          looksFor: ['load.*', 'conflict.*'],
        };
      },
      { text: ({ facts }, write, style) => write(renderCheck(facts, style)) },
    ),
});
