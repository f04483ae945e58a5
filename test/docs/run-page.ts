import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { scratch } from '../cli/solder.ts';
import { type Step, stepsOf } from './blocks.ts';
import { matchesOutput } from './match-output.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const BIN = join(ROOT, 'bin');
/** Ends the output of each command; followed by its exit status. */
const END = '\u001e';
/** Milliseconds for a page. Generous: none does more than compile a handful of small files. */
export const TIME_LIMIT = 60_000;

type Command = Extract<Step, { kind: 'command' }>;

interface PageRun {
  /** The directory that the commands ran in, with what they left behind. */
  readonly directory: string;
  /** One text for each thing that is not as the page says. */
  readonly problems: readonly string[];
}

/** Commands that install something or run a whole suite: only their scripts are looked up. */
const isRunHere = ({ command }: Command) => !/^(npm|npx|git|sudo|apt|apt-get) /.test(command);

/** Does all that a page says, in order, in one shell and a directory of its own. */
export function runPage(page: string, timeLimit = TIME_LIMIT): PageRun {
  const directory = scratch();
  const steps = stepsOf(page);
  const problems = steps.flatMap((step) => (step.kind === 'command' ? unknownScript(step) : []));
  const commands = steps.filter((step) => step.kind === 'command').filter(isRunHere);
  if (commands.length === 0) return { directory, problems };
  if (steps.some(importsSolder)) linkPackage(directory);
  const script = ['exec 2>&1\n', ...steps.map((step, index) => scriptOf(step, index, directory))];
  const file = join(directory, '.commands');
  writeFileSync(file, script.join(''));
  const { PATH } = process.env;
  const env = { PATH: `${BIN}${delimiter}${PATH}`, HOME: directory, LC_ALL: 'C' };
  const { stdout } = spawnSync('bash', [file], {
    cwd: directory,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeLimit,
    maxBuffer: 1 << 28,
  });
  return { directory, problems: [...problems, ...compareAll(commands, stdout)] };
}

const importsSolder = (step: Step) => step.kind === 'file' && /from 'solder(\/|')/.test(step.text);

/** As `npm install` of this checkout would have it. */
function linkPackage(directory: string): void {
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules/solder'));
}

function unknownScript({ command, line }: Command): string[] {
  const name = /^npm (?:run (?:--\S+ )*(\S+)|(test)\b)/.exec(command)?.slice(1).find(Boolean);
  if (name === undefined || Object.hasOwn(packageFile.scripts, name)) return [];
  return [`line ${line}: package.json has no script '${name}'`];
}

/** A file gets its contents where the page shows them: a later block may change it. */
function scriptOf(step: Step, index: number, directory: string): string {
  if (step.kind === 'file') {
    const contents = `.file-${index}`;
    writeFileSync(join(directory, contents), step.text);
    return `cp ${contents} '${step.name}'\n`;
  }
  if (!isRunHere(step)) return '';
  // The status is put back, so that `echo $?` on the page shows it.
  return `${step.command}\n__status=$?; printf '${END}%s\\n' "$__status"; (exit "$__status")\n`;
}

function compareAll(commands: readonly Command[], stdout: string): string[] {
  const pieces = stdout.split(END);
  const problems: string[] = [];
  let output = pieces[0]!;
  for (const [index, command] of commands.entries()) {
    const piece = pieces[index + 1];
    if (piece === undefined) {
      return [...problems, `${titleOf(command)}\ndid not end, or not in time, and printed:\n${output}`];
    }
    const lineBreak = piece.indexOf('\n');
    const saysStatus = commands[index + 1]?.command === 'echo $?';
    problems.push(...compare(command, output, Number(piece.slice(0, lineBreak)), saysStatus));
    output = piece.slice(lineBreak + 1);
  }
  return problems;
}

const titleOf = ({ command, line }: Command) => `line ${line}: $ ${command}`;

/** A status that is not 0 has to be shown: the next command must be `echo $?`. */
function compare(command: Command, output: string, status: number, saysStatus: boolean): string[] {
  const title = titleOf(command);
  const { output: shown } = command;
  if (shown !== undefined && !matchesOutput(shown, output)) {
    return [`${title}\nshown:\n${shown}\nprinted:\n${output}`];
  }
  if (status !== 0 && !saysStatus) return [`${title}\nended with status ${status}, printed:\n${output}`];
  return [];
}
