import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endingText } from '../../analyses/labs/compare-run.ts';
import type { LabRow } from '../../analyses/labs/lab-facts.ts';
import type { BuildStep, LabVariant } from '../../model/lab.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { commandOf, resolveCommand } from './tools.ts';

/** Seconds for one compiler call. */
const TIME_LIMIT = 60;
/** What stands in a lab's folder besides its sources. */
const NO_SOURCES = new Set(['lab.ts', 'README.md']);

/** What compilers and programs of a lab see of the user's environment: nothing that changes what they do. */
export function cleanEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/', TMPDIR } = process.env;
  return { PATH, HOME, LC_ALL: 'C', ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** What came of a build: `failure` ends the variant, `rows` are the refusals that were to be expected. */
export interface BuildResult {
  readonly rows: readonly LabRow[];
  readonly failed: boolean;
}

/** Copies the sources of a lab into a directory and takes the build steps of one variant there. */
export async function buildVariant(
  sources: string,
  { build }: LabVariant,
  directory: string,
): Promise<BuildResult> {
  for (const name of readdirSync(sources)) {
    if (!NO_SOURCES.has(name)) cpSync(join(sources, name), join(directory, name), { recursive: true });
  }
  const rows: LabRow[] = [];
  for (const step of build) {
    const result = await runCommand(resolveCommand(commandOf(step), directory), {
      workingDirectory: directory,
      environment: cleanEnvironment(),
      timeLimit: TIME_LIMIT,
    });
    const row = judgeStep(step, result);
    if (row === undefined) continue;
    rows.push(row);
    if (!row.agrees) return { rows, failed: true };
  }
  return { rows, failed: false };
}

/** A step that did what builds do needs no row. */
function judgeStep(step: BuildStep, result: CommandResult): LabRow | undefined {
  const succeeded = result.ending.kind === 'status' && result.ending.status === 0;
  const what = `build: ${commandOf(step).join(' ')}`;
  const complaint = result.stderr.trim().split('\n').slice(0, COMPLAINT_LINES).join('; ');
  const outcome = succeeded ? 'built' : `${endingText(result.ending)}: ${complaint}`;
  if (!('refused' in step)) {
    return succeeded ? undefined : { what, predicted: 'built', observed: outcome, agrees: false };
  }
  const predicted = `refused: ${step.because}`;
  const agrees = result.ending.kind === 'status' && !succeeded && result.stderr.includes(step.because);
  return { what, predicted, observed: agrees ? predicted : outcome, agrees };
}

const COMPLAINT_LINES = 3;
