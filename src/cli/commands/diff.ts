import {
  changeFindings,
  compareLibraries,
  type DiffFacts,
  diffFacts,
  narrowToPrograms,
  programNeeds,
} from '../../analyses/index.ts';
import type { Diagnostic, LibraryExports } from '../../model/index.ts';
import { renderDiff } from '../../report/diff-text.ts';
import { openSide } from '../abi-side.ts';
import {
  type DemangleFlags,
  demangleFlags,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { InputError } from '../errors.ts';
import { openTargets } from '../process-targets.ts';
import { runReport } from '../run-report.ts';

interface Flags extends ReportFlags, DemangleFlags {
  readonly usedBy?: readonly string[];
}

/** What the programs need of OLD; one that needs nothing of it says nothing about NEW. */
function needsOf(paths: readonly string[], old: LibraryExports, diagnostics: Diagnostic[]) {
  const opened = openTargets({ profile: 'glibc' }, paths);
  diagnostics.push(...opened.diagnostics);
  return opened.processes.map(({ object, path }) => {
    const needs = programNeeds(object, old);
    if (needs.symbols.size === 0) {
      diagnostics.push({ level: 'warning', message: `uses no export of ${old.path}`, object: path });
    }
    return { ...needs, path };
  });
}

export const command = defineCommand<Flags, [string, string]>({
  description: `Compares two builds of a shared library: may NEW take OLD's place? Judges what a
program that was linked against OLD experiences with NEW, and tells which number
of the version has to go up, and whether soname and version are right. Either
side may be a snapshot (solder snapshot). The evidence is the exported symbols:
types that changed without a trace in a name or a size are not seen.

Verdicts: identical and compatible (exit status 0), incompatible and forbidden (1).

As tsv: kind, severity, effect, subject, message.`,
  examples: [
    {
      command: 'solder diff libfoo.so.1.2.3 build/libfoo.so.1.3.0',
      does: 'The last release and the next one',
    },
    { command: 'solder diff abi/libfoo.abi build/libfoo.so', does: 'A committed snapshot and the new build' },
    { command: 'solder diff --used-by ./app libfoo.so.1 libfoo.so.2', does: 'Only what one program uses' },
  ],
  formats: [...REPORT_FORMATS, 'tsv'],
  flags: {
    usedBy: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'PROGRAM',
      brief: 'Count only what PROGRAM uses of OLD, and tell whether it breaks; may be repeated',
    },
    ...reportFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'tuple',
    parameters: [
      {
        placeholder: 'OLD',
        brief: 'The library that programs were linked against, or its snapshot',
        parse: text,
      },
      { placeholder: 'NEW', brief: 'The library, or snapshot, that is to take its place', parse: text },
    ],
  },
  run: (context, flags, oldPath, newPath) =>
    runReport<DiffFacts>(
      context,
      flags,
      () => {
        const old = openSide(oldPath);
        const recent = openSide(newPath);
        const diagnostics: Diagnostic[] = [];
        const all = compareLibraries(old, recent);
        const needs = flags.usedBy === undefined ? undefined : needsOf(flags.usedBy, old, diagnostics);
        if (needs?.length === 0) throw new InputError('none of the programs can be read');
        const narrowed = needs && narrowToPrograms(all, old, recent, needs);
        const comparison = narrowed?.comparison ?? all;
        return {
          targets: [oldPath, newPath],
          verdict: comparison.verdict,
          facts: diffFacts(old, recent, comparison, narrowed?.programs),
          findings: changeFindings(comparison.changes, recent),
          diagnostics,
          looksFor: ['abi.*'],
        };
      },
      {
        text: (report, write, style) => write(renderDiff(report, style)),
        tsv({ facts }, lines) {
          for (const { kind, severity, effect, subject, message } of facts.changes) {
            lines.row(kind, severity, effect, subject, message);
          }
        },
      },
    ),
});
