import { readFileSync } from 'node:fs';
import { renderHtml } from '../../report/html/page.ts';
import { NoReport, readReport } from '../../report/read-report.ts';
import { text } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, systemMessage } from '../errors.ts';
import { EXIT } from '../exit-status.ts';

const STDIN = '-';
const nameOf = (path: string): string => (path === STDIN ? 'stdin' : path);

function readText(path: string): string {
  try {
    return readFileSync(path === STDIN ? 0 : path, 'utf8');
  } catch (error) {
    throw new InputError(`${nameOf(path)}: ${systemMessage(error)}`);
  }
}

export const command = defineCommand<Record<never, never>, [report: string]>({
  description: `Shows a saved report as a page for a browser: one file that needs nothing else and
loads nothing. Findings can be folded and hidden by severity, all facts of the command
stand below. Every command with findings writes the same page beside its result when
it is given --html FILE.`,
  examples: [
    { command: 'solder view -o report.html report.json', does: 'The page of a report that was saved before' },
    {
      command: 'solder check --format json ./app | solder view -o report.html -',
      does: 'The page of a report as it comes',
    },
  ],
  formats: ['html'],
  flags: {},
  positional: {
    kind: 'tuple',
    parameters: [
      { placeholder: 'REPORT', brief: 'A report written with --format json; -: read stdin', parse: text },
    ],
  },
  run({ output }, _flags, path) {
    try {
      output.write(renderHtml(readReport(readText(path))));
    } catch (error) {
      throw error instanceof NoReport ? new InputError(`${nameOf(path)}: ${error.message}`) : error;
    }
    return EXIT.success;
  },
});
