import { setFlagsFromString } from 'node:v8';
import { eventFilter, type TraceFacts } from '../../analyses/trace/index.ts';
import { writeTrace } from '../../report/trace/trace-text.ts';
import { CATEGORIES } from '../../run/trace/index.ts';
import {
  type DemangleFlags,
  demangleFlags,
  loaderFlags,
  oneOf,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { namesFor, runReport } from '../run-report.ts';
import { readLogs, type TraceFlags, traceCommand } from '../trace-content.ts';
import { openSight } from '../trace-sight.ts';

type Flags = TraceFlags & ReportFlags & DemangleFlags;

const parseCategory = oneOf(CATEGORIES);

export const command = defineCommand<Flags, string[]>({
  description: `Runs a program and tells what its dynamic loader does: which libraries it
searches, opens, relocates and initialises, which definitions it binds references
to, what is opened and closed later, in the program and in all its children. It is
ld.so itself that tells, through LD_DEBUG; solder reads every line of it. With
--verify each step is held against what solder predicts from the files alone.

Without --output the program's own output goes to standard error, so that the
result stands alone on standard output. Exit status 1 when a prediction failed;
how the program itself ended is part of the result.`,
  examples: [
    { command: 'solder trace -- ./app --version', does: 'What happens until main, and after it' },
    { command: 'solder trace --symbol malloc -- ./app', does: 'Every look-up and binding of one symbol' },
    { command: 'solder trace --verify -- ./app', does: 'Hold the loader against the prediction' },
    { command: 'solder trace --format jsonl -o events.jsonl -- ./app', does: 'Every event, for a script' },
    { command: 'solder trace --file ld.log', does: 'Read what LD_DEBUG wrote elsewhere' },
  ],
  formats: [...REPORT_FORMATS, 'jsonl'],
  flags: {
    categories: {
      kind: 'parsed',
      parse: parseCategory,
      proposeCompletions: () => CATEGORIES,
      variadic: ',',
      optional: true,
      placeholder: 'LIST',
      brief: `What ld.so is asked to tell: ${CATEGORIES.join(',')}; default all of it but symbols and unused`,
    },
    symbol: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'NAME',
      brief: 'Show the events of one symbol, as NAME or NAME@VERSION',
    },
    object: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'Show the events of one object, by its path or the last part of it',
    },
    file: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'LOG',
      brief: 'Read a log of LD_DEBUG instead of running a program; may be repeated',
    },
    verify: {
      kind: 'boolean',
      default: false,
      withNegated: false,
      brief: 'Hold what is seen against what the files predict',
    },
    ...reportFlags,
    ...loaderFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'COMMAND',
      brief: 'After --, the program to run and its arguments',
      parse: text,
    },
  },
  async run(context, flags, ...command) {
    // Events are gone as soon as they are counted: room for more of them only puts off their collection.
    setFlagsFromString('--semi-space-growth-factor=1');
    const { file: logs = [] } = flags;
    const [name, ...rest] = command;
    if ((name === undefined) === (logs.length === 0)) {
      throw new UsageError(
        name === undefined ? 'give a command after --, or --file' : 'give either a command or --file',
      );
    }
    const sight = openSight(context, flags, await namesFor(flags));
    const produce = () =>
      name === undefined ? readLogs(flags, logs, sight) : traceCommand(flags, [name, ...rest], sight);
    return runReport<TraceFacts>(context, flags, produce, {
      text(report, write, style, show) {
        if (eventFilter(flags) === undefined)
          writeTrace(report.facts, write, { style, show, all: flags.all });
      },
      jsonl({ facts: { processes: _, ...facts }, findings, diagnostics }, write) {
        write(`${JSON.stringify({ kind: 'end', ...facts, findings, diagnostics })}\n`);
      },
    });
  },
});
