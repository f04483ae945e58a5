/**
 * The command-line frame with three commands made for tests: `judge` reports one finding for each argument
 * `SEVERITY` or a diagnostic for `unreadable` and `odd`; `fail` throws what it is told to; `flood` writes
 * lines until it is stopped.
 */
import { FormatError } from '../../src/bytes/index.ts';
import { runCommandLine } from '../../src/cli/application.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type LoaderFlags,
  loaderFlags,
  type ReportFlags,
  reportFlags,
  text,
} from '../../src/cli/common-flags.ts';
import { defineCommand } from '../../src/cli/define-command.ts';
import { InputError } from '../../src/cli/errors.ts';
import { EXIT } from '../../src/cli/exit-status.ts';
import { LineWriter } from '../../src/cli/line-writer.ts';
import { runReport } from '../../src/cli/run-report.ts';
import type { Diagnostic, Finding, Severity } from '../../src/model/index.ts';

const SEVERITIES = ['error', 'warning', 'note'];

function finding(severity: Severity, index: number): Finding {
  return {
    kind: 'conflict.variable',
    severity,
    message: `finding ${index}`,
    subject: `name${index}`,
    object: 'libone.so',
    evidence: [],
  };
}

function diagnostic(level: Diagnostic['level']): Diagnostic {
  return { level, object: 'libodd.so', message: level === 'error' ? 'is no ELF file' : 'has no\nsections' };
}

const words = {
  kind: 'array',
  parameter: { brief: 'What to do', parse: text, placeholder: 'WORD' },
} as const;

interface JudgeFlags extends ReportFlags, LoaderFlags, DemangleFlags {
  readonly symbol?: string;
}

const judge = defineCommand<JudgeFlags, string[]>({
  description: 'Reports what it is told to.',
  examples: [
    { command: 'solder judge error', does: 'Report an error' },
    { command: 'solder judge unreadable', does: 'Report an unreadable file' },
  ],
  formats: ['text', 'json', 'tsv'],
  flags: {
    symbol: { kind: 'parsed', parse: text, optional: true, placeholder: 'NAME', brief: 'Only this one' },
    ...reportFlags,
    ...loaderFlags,
    ...demangleFlags,
  },
  positional: words,
  run: (context, flags, ...targets) =>
    runReport(
      context,
      flags,
      () => ({
        targets,
        facts: { count: targets.length, flags },
        findings: targets
          .filter((word) => SEVERITIES.includes(word))
          .map((word, index) => finding(word as Severity, index)),
        diagnostics: targets.flatMap((word) => {
          if (word === 'unreadable') return [diagnostic('error')];
          return word === 'odd' ? [diagnostic('warning')] : [];
        }),
        looksFor: ['conflict.*'],
      }),
      {
        text: ({ facts }, write, style) => write(`${style.bold(`${facts.count} words`)}\n`),
        tsv(report, lines) {
          for (const target of report.targets) lines.row('word', target);
        },
      },
    ),
});

const fail = defineCommand<Record<never, never>, string[]>({
  description: 'Fails as it is told to.',
  examples: [
    { command: 'solder fail bug', does: 'Fail with a bug' },
    { command: 'solder fail format', does: 'Fail with a broken file' },
  ],
  formats: ['text'],
  flags: {},
  positional: words,
  run({ output }, _flags, how) {
    output.write('half a result\n');
    if (how === 'format') throw new FormatError('truncated', 'ELF header', 16, 'needs 2 bytes, 0 are left');
    if (how === 'input') throw new InputError('libx.so: is a directory');
    throw new TypeError('undefined is not a function');
  },
});

const flood = defineCommand<Record<never, never>, string[]>({
  description: 'Writes a million lines.',
  examples: [
    { command: 'solder flood', does: 'Write them' },
    { command: 'solder flood | head -1', does: 'Read one of them' },
  ],
  formats: ['tsv'],
  flags: {},
  positional: words,
  run({ output }) {
    const lines = new LineWriter(output);
    for (let index = 0; index < 1_000_000; index++) lines.row(`line ${index}`, 'ünicode 漢字', 'tab\there');
    lines.end();
    return EXIT.success;
  },
});

process.exitCode = await runCommandLine(
  [
    { name: 'judge', brief: 'Report', load: async () => ({ command: judge }) },
    { name: 'fail', brief: 'Fail', load: async () => ({ command: fail }) },
    { name: 'flood', brief: 'Write a lot', load: async () => ({ command: flood }) },
  ],
  process.argv.slice(2),
);
