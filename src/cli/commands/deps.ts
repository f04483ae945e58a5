import { type DepsFacts, dependencyFacts } from '../../analyses/deps-facts.ts';
import { missingLibraries } from '../../analyses/load/missing-libraries.ts';
import { loadProcess } from '../../loader/load-map.ts';
import type { Finding } from '../../model/index.ts';
import { renderDeps } from '../../report/process/deps-text.ts';
import {
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

interface Flags extends ReportFlags, LoaderFlags {}

export const command = defineCommand<Flags, string[]>({
  description: `Shows what the dynamic loader loads for a program or library, in which order,
which rule of its search found each file, and for what is not found every place
that was tried. Nothing is executed.

As tsv: root, order, name, path or 'not found', rule.`,
  examples: [
    { command: 'solder deps /usr/bin/gdb', does: 'Draw the dependency tree of a program' },
    { command: 'solder deps --format tsv app libplugin.so', does: 'One library a line, in load order' },
    { command: 'solder deps --sysroot rootfs rootfs/usr/bin/app', does: 'The same for another machine' },
  ],
  formats: [...REPORT_FORMATS, 'tsv'],
  flags: { ...reportFlags, ...loaderFlags },
  positional: {
    kind: 'array',
    parameter: { placeholder: 'FILE', brief: 'A program or a shared library', parse: text },
    minimum: 1,
  },
  run: (context, flags, ...targets) =>
    runReport<DepsFacts>(
      context,
      flags,
      () => {
        const { system, processes, diagnostics } = openTargets(flags, targets, 'dependencies');
        const findings: Finding[] = [];
        const roots = processes.map(({ object, path }) => {
          const process = loadProcess(system, object, path);
          findings.push(...missingLibraries(process));
          return dependencyFacts(process);
        });
        return {
          targets,
          facts: { roots },
          findings,
          diagnostics,
          looksFor: ['load.not-found', 'load.wrong-format'],
        };
      },
      {
        text: ({ facts }, write, style) => write(renderDeps(facts, style)),
        tsv({ facts }, lines) {
          for (const { path: root, libraries } of facts.roots) {
            for (const { order, name, path, rule } of libraries) {
              lines.row(root, String(order), name, path ?? 'not found', rule ?? '-');
            }
          }
        },
      },
    ),
});
