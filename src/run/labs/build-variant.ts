import { copyFileSync, cpSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { linkMembers } from '../../analyses/archives/link-members.ts';
import type { LabRow } from '../../analyses/labs/lab-facts.ts';
import { linkRows } from '../../analyses/labs/link-rows.ts';
import { endingText } from '../../analyses/labs/outcome-rows.ts';
import { packageRoot } from '../../host/package-root.ts';
import type { BuildStep, Command, CopyStep, LabVariant, LinkStep, RefusedStep } from '../../model/lab.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { linkInputs } from './link-inputs.ts';
import { commandOf, resolveCommand, searchPath } from './tools.ts';

/** Seconds for one compiler call. */
const TIME_LIMIT = 60;
/** What stands in a lab's folder besides its sources. */
const NO_SOURCES = new Set(['lab.ts', 'README.md']);

/** What compilers and programs of a lab see of the user's environment: nothing that changes what they do. */
export function cleanEnvironment(): Record<string, string> {
  const { HOME = '/', TMPDIR } = process.env;
  return { PATH: searchPath(), HOME, LC_ALL: 'C', ...(TMPDIR === undefined ? {} : { TMPDIR }) };
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
    const judged = await takeStep(step, directory);
    rows.push(...judged);
    if (judged.some(({ agrees }) => !agrees)) return { rows, failed: true };
  }
  return { rows, failed: false };
}

function takeStep(step: BuildStep, directory: string): LabRow[] | Promise<LabRow[]> {
  if ('copies' in step) return takeCopyStep(step, directory);
  return 'links' in step ? takeLinkStep(step, directory) : takeCommand(step, directory);
}

function takeCopyStep({ copies }: CopyStep, directory: string): LabRow[] {
  copyFileSync(new URL(copies, packageRoot()), join(directory, basename(copies)));
  return [];
}

const runStep = (command: Command, directory: string): Promise<CommandResult> =>
  runCommand(resolveCommand(command, directory), {
    workingDirectory: directory,
    environment: cleanEnvironment(),
    timeLimit: TIME_LIMIT,
  });

/** Makes the linker tell what it links (ld(1), --trace: twice for the members of archives). */
const TRACE = '-Wl,-t,-t';

async function takeLinkStep(step: LinkStep, directory: string): Promise<LabRow[]> {
  const predicted = linkMembers(linkInputs(step.links, directory));
  return linkRows(step, predicted, await runStep([...step.links, TRACE], directory));
}

async function takeCommand(step: Command | RefusedStep, directory: string): Promise<LabRow[]> {
  const row = judgeStep(step, await runStep(commandOf(step), directory));
  return row === undefined ? [] : [row];
}

/** A step that did what builds do needs no row. */
function judgeStep(step: Command | RefusedStep, result: CommandResult): LabRow | undefined {
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
