import {
  type Application,
  buildApplication,
  type Command,
  ExitCode,
  help,
  proposeCompletions,
  run,
  text_en,
} from '@stricli/core';
import type { CommandEntry } from './commands.ts';
import type { InvocationContext } from './context.ts';
import { describeFailure } from './errors.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { optionName, renderOverview } from './help.ts';
import { didYouMean } from './suggest.ts';
import { terminalStyle, wantsColor } from './terminal-style.ts';
import { usageMessage } from './usage-errors.ts';
import { VERSION } from './version.ts';
import { writeDescriptor, writeError } from './write-descriptor.ts';

function buildCommandApplication(
  { name }: CommandEntry,
  command: Command<InvocationContext>,
): Application<InvocationContext> {
  const flags = Object.entries(command.parameters.flags ?? {});
  const options = ['--help', ...flags.map(([key, flag]) => optionName(key, flag))];
  const brief = 'Show this page';
  const formatting = {
    useAliasInUsageLine: false,
    onlyRequiredInUsageLine: false,
    caseStyle: 'convert-camel-to-kebab',
  } as const;
  return buildApplication(
    command,
    {
      name: `solder ${name}`,
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      documentation: { disableAnsiColor: true },
      localization: {
        text: {
          ...text_en,
          exceptionWhileParsingArguments(error) {
            const message = usageMessage(error, options);
            if (message === undefined) return describeFailure(error).text;
            return `solder: ${name}: ${message} (see: solder ${name} --help)`;
          },
        },
      },
    },
    { help: help({ brief, formatting }) },
  );
}

/** The environment the parser sees: it writes and sets the status here, never in the process itself. */
function invocationContext(): InvocationContext {
  return {
    process: {
      stdout: { write: (text) => writeDescriptor(1, text) },
      stderr: { write: (text) => writeError(text.trimEnd()) },
      env: process.env,
    },
  };
}

/** `--flag=` means an empty value; the parser would take it for a file name. */
function splitEmptyValues(inputs: readonly string[]): string[] {
  const separator = inputs.indexOf('--');
  return inputs.flatMap((input, index) => {
    const isEmptyValue = /^--[a-z][a-z-]+=$/.test(input) && (separator < 0 || index < separator);
    return isEmptyValue ? [input.slice(0, -1), ''] : [input];
  });
}

async function runCommand(entry: CommandEntry, inputs: readonly string[]): Promise<ExitStatus> {
  const module = await entry.load();
  const application = buildCommandApplication(entry, module.command(entry.name, entry.brief));
  const context = invocationContext();
  await run(application, splitEmptyValues(inputs), context);
  const { exitCode } = context.process;
  if (exitCode === ExitCode.InvalidArgument) return EXIT.usage;
  const known = Object.values(EXIT).find((status) => status === exitCode);
  return known ?? EXIT.internal;
}

function overview(commands: readonly CommandEntry[], descriptor: number): string {
  return renderOverview(commands, terminalStyle(wantsColor('auto', process.env, descriptor)));
}

function unknownCommand(commands: readonly CommandEntry[], name: string): ExitStatus {
  const message = name.startsWith('-')
    ? `unknown option ${name}; the options of a command follow its name`
    : `unknown command '${name}'`;
  const hint = didYouMean(
    name,
    commands.map((command) => command.name),
  );
  writeError(`solder: ${message}${hint || ' (see: solder --help)'}`);
  return EXIT.usage;
}

/** What stands in the place of a command. */
const OPTIONS = ['--help', '--version'];

/** The words that may complete the last of `inputs`, which are what stands after `solder`. */
async function complete(
  commands: readonly CommandEntry[],
  inputs: readonly string[],
): Promise<readonly string[]> {
  const [, option, value] = /^(--[^=]+=)(.*)$/s.exec(inputs.at(-1) ?? '') ?? [];
  if (option !== undefined) {
    const values = await complete(commands, [...inputs.slice(0, -1), option.slice(0, -1), value!]);
    return values.map((word) => option + word);
  }
  // A shell may take `--flag=value` for three words.
  const words = inputs.filter((word, index) => word !== '=' || index === inputs.length - 1);
  const [first = '', ...rest] = words.map((word) => (word === '=' ? '' : word));
  if (rest.length === 0) {
    return [...commands.map(({ name }) => name), ...OPTIONS].filter((word) => word.startsWith(first));
  }
  const entry = commands.find(({ name }) => name === first);
  if (entry === undefined) return [];
  const command = (await entry.load()).command(entry.name, entry.brief);
  const application = buildCommandApplication(entry, command);
  const last = rest.at(-1)!;
  // All options, since those that turn something off are known here by another name than to the library.
  const asked = last.startsWith('--') ? [...rest.slice(0, -1), '--'] : rest;
  const found = await proposeCompletions(application, asked, invocationContext());
  const off = new Map(
    Object.entries(command.parameters.flags ?? {}).map(([key, flag]) => [
      optionName(key, flag).replace(/^--no-/, '--'),
      optionName(key, flag),
    ]),
  );
  return found
    .map(({ completion }) => off.get(completion) ?? completion)
    .filter((word) => word.startsWith(last));
}

/** Runs one command line, given without `node` and the script; never throws for what a user did. */
export async function runCommandLine(
  commands: readonly CommandEntry[],
  argv: readonly string[],
): Promise<ExitStatus> {
  const [first, ...rest] = argv;
  switch (first) {
    case undefined:
      writeError(overview(commands, 2).trimEnd());
      return EXIT.usage;
    case '-h':
    case '--help':
      writeDescriptor(1, overview(commands, 1));
      return EXIT.success;
    case '-V':
    case '--version':
      writeDescriptor(1, `solder ${VERSION}\n`);
      return EXIT.success;
    case 'help':
      return runCommandLine(commands, rest[0] === undefined ? ['--help'] : [rest[0], '--help']);
    case '--complete':
      writeDescriptor(1, (await complete(commands, rest)).map((word) => `${word}\n`).join(''));
      return EXIT.success;
  }
  const entry = commands.find(({ name }) => name === first);
  return entry === undefined ? unknownCommand(commands, first) : runCommand(entry, rest);
}
