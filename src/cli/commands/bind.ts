import {
  type BindFacts,
  isUndefined,
  loadFindings,
  processBindings,
  referenceVersion,
  symbolLookups,
} from '../../analyses/index.ts';
import { symbolName } from '../../elf/index.ts';
import { Binder, type Binding, loadProcess } from '../../loader/index.ts';
import type { Finding } from '../../model/index.ts';
import { writeBind } from '../../report/process/bind-text.ts';
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
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { LineWriter } from '../line-writer.ts';
import { openTargets } from '../process-targets.ts';
import { runReport } from '../run-report.ts';

interface Flags extends ReportFlags, LoaderFlags, DemangleFlags {
  readonly symbol?: string;
}

const LOOKS_FOR = ['load.*'];

/** Lines go out as they are made: a whole /usr/bin is millions of them. */
async function streamLines(context: Context, flags: Flags, targets: readonly string[]) {
  const { system, processes, diagnostics } = openTargets(flags, targets);
  const lines = new LineWriter(context.output);
  const binder = new Binder();
  const progress = await context.progress('binding', processes.length);
  const findings: Finding[] = [];
  processes.forEach(({ object, path }, done) => {
    progress.update(done, path);
    const process = loadProcess(system, object, path);
    const unresolved: Binding[] = [];
    binder.bind(process, system.settingsFor(object).version, (binding) => {
      const { from, reference, to, kind } = binding;
      if (isUndefined(binding)) unresolved.push(binding);
      if (to === undefined) return;
      const version = referenceVersion(from.object, reference) ?? '-';
      lines.row(path, from.path, symbolName(from.object.symbols, reference), version, to.path, kind);
    });
    findings.push(...loadFindings(process, unresolved));
  });
  lines.end();
  progress.stop();
  return { targets, facts: { roots: [] }, findings, diagnostics, looksFor: LOOKS_FOR };
}

function findingsAndFacts(flags: Flags, targets: readonly string[]) {
  const { system, processes, diagnostics } = openTargets(flags, targets);
  const binder = new Binder();
  const findings: Finding[] = [];
  const roots = processes.map(({ object, path }) => {
    const process = loadProcess(system, object, path);
    if (flags.symbol !== undefined) return symbolLookups(system, binder, process, flags.symbol);
    const unresolved: Binding[] = [];
    const bindings = processBindings(system, binder, process, unresolved);
    findings.push(...loadFindings(process, unresolved));
    return bindings;
  });
  return { targets, facts: { roots }, findings, diagnostics, looksFor: LOOKS_FOR };
}

export const command = defineCommand<Flags, string[]>({
  description: `Shows for every reference of a process the definition that it gets, as the
dynamic loader would bind it at start: objects are searched in lookup order, with
symbol versions, weak, hidden and protected symbols, unique symbols and copy
relocations. Nothing is executed.

As tsv: root, from, symbol, version or '-', to, kind (normal or protected); one
line for each line that the loader would trace.`,
  examples: [
    { command: 'solder bind --symbol malloc /usr/bin/gdb', does: 'Who provides malloc, and who loses' },
    { command: 'solder bind --format tsv /usr/bin/*', does: 'Every binding of every program' },
    { command: 'solder bind --preload ./libshim.so app', does: 'What a preloaded library takes over' },
  ],
  formats: [...REPORT_FORMATS, 'tsv'],
  flags: {
    symbol: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'NAME',
      brief: 'Only this symbol, as NAME or NAME@VERSION, with the winner and every runner-up',
    },
    ...reportFlags,
    ...loaderFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: { placeholder: 'FILE', brief: 'A program or a shared library', parse: text },
    minimum: 1,
  },
  run(context, flags, ...targets) {
    const isStream = context.format === 'tsv' && flags.symbol === undefined;
    const produce = () =>
      isStream ? streamLines(context, flags, targets) : findingsAndFacts(flags, targets);
    return runReport<BindFacts>(context, flags, produce, {
      text: ({ facts }, write, style, showNames) => writeBind(facts, write, style, showNames),
      tsv({ facts }, lines) {
        for (const root of facts.roots) {
          if (!('lookups' in root)) continue;
          for (const { from, symbol, version, to, kind } of root.lookups) {
            if (to !== null) lines.row(root.path, from, symbol, version ?? '-', to, kind);
          }
        }
      },
    });
  },
});
