import { analyseProcess, type ConflictsFacts, conflictFacts } from '../../analyses/index.ts';
import { Binder } from '../../loader/index.ts';
import type { Finding } from '../../model/index.ts';
import { renderConflicts } from '../../report/process/conflicts-text.ts';
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

interface Flags extends ReportFlags, LoaderFlags, DemangleFlags {}

export const command = defineCommand<Flags, string[]>({
  description: `Finds every name for which a reference of a process has more than one object to
choose from: functions, variables, static data members, thread-local variables,
virtual tables, typeinfo, guards. Tells who wins, who loses, whether the loser's
own code uses the winner's definition or still believes in its own, and which
sizes differ. Duplicates that every C++ library brings along are notes.

As tsv: root, kind, severity, name, winner, losers separated by commas.`,
  examples: [
    { command: 'solder conflicts ./app', does: 'What clashes in one program' },
    { command: 'solder conflicts --all --format json ./app', does: 'Everything, for a script' },
    { command: 'solder conflicts --preload ./libshim.so ./app', does: 'The same with a preloaded library' },
  ],
  formats: [...REPORT_FORMATS, 'tsv'],
  flags: { ...reportFlags, ...loaderFlags, ...demangleFlags },
  positional: {
    kind: 'array',
    parameter: { placeholder: 'TARGET', brief: 'A program or a shared library', parse: text },
    minimum: 1,
  },
  run: (context, flags, ...targets) =>
    runReport<ConflictsFacts>(
      context,
      flags,
      () => {
        const { system, processes, diagnostics } = openTargets(flags, targets);
        const binder = new Binder();
        const findings: Finding[] = [];
        const roots = processes.map(({ object, path }) => {
          const analysis = analyseProcess(system, binder, object, path);
          findings.push(...analysis.conflictFindings);
          const { process, lookups, conflicts } = analysis;
          return { path, objects: process.scope.length, lookups, conflicts: conflictFacts(conflicts) };
        });
        return { targets, facts: { roots }, findings, diagnostics, looksFor: ['conflict.*'] };
      },
      {
        text: ({ facts }, write, style) => write(renderConflicts(facts, style)),
        tsv({ facts }, lines) {
          for (const { path, conflicts } of facts.roots) {
            for (const { kind, severity, name, definers } of conflicts) {
              const [winner, ...losers] = definers.map(({ object }) => object);
              lines.row(path, kind, severity, name, winner!, losers.join(','));
            }
          }
        },
      },
    ),
});
