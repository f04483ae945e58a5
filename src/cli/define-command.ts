import {
  type Aliases,
  buildCommand,
  type Command,
  type FlagParametersForType,
  type TypedPositionalParameters,
} from '@stricli/core';
import { type Format, type OutputFlags, outputFlags } from './common-flags.ts';
import type { Context, InvocationContext } from './context.ts';
import { describeFailure } from './errors.ts';
import type { ExitStatus } from './exit-status.ts';
import { type Example, renderCommandHelp } from './help.ts';
import { keepWhenDone, openOutput } from './output.ts';
import { startProgress } from './progress.ts';
import { terminalStyle, wantsColor } from './terminal-style.ts';
import { writeError } from './write-descriptor.ts';

/** Any interface of options; the parser's own constraint would refuse interfaces. */
type Switches<FLAGS> = Readonly<Partial<Record<keyof FLAGS, unknown>>>;

export interface CommandDefinition<FLAGS extends Switches<FLAGS>, ARGS extends readonly unknown[]> {
  /** What the command does, when to use it: a paragraph or two, wrapped at 80 columns. */
  readonly description: string;
  readonly examples: readonly [Example, Example, ...Example[]];
  /** The first is the default. */
  readonly formats: readonly [Format, ...Format[]];
  readonly flags: FlagParametersForType<FLAGS, InvocationContext>;
  /** Short names besides `-o`, `-q` and `-h`. */
  readonly aliases?: Aliases<keyof FLAGS & string>;
  readonly positional: TypedPositionalParameters<ARGS, InvocationContext>;
  /**
   * Writes to `context.output` only. Throws `UsageError` or `InputError` for what the user can mend; the
   * output is kept only when it returns.
   */
  run(context: Context, flags: FLAGS & OutputFlags, ...args: ARGS): ExitStatus | Promise<ExitStatus>;
}

/** A command that has yet to learn its name and summary: both stand in the list of commands. */
export type UnnamedCommand = (name: string, brief: string) => Command<InvocationContext>;

export function defineCommand<FLAGS extends Switches<FLAGS>, ARGS extends readonly unknown[]>(
  definition: CommandDefinition<FLAGS, ARGS>,
): UnnamedCommand {
  const parameters = {
    flags: { ...definition.flags, ...outputFlags(definition.formats) },
    aliases: { ...definition.aliases, o: 'output', q: 'quiet' },
    positional: definition.positional,
  };
  return (name, brief) => {
    const command = buildCommand({
      docs: { brief },
      // The library wants literal types here that a generic function cannot give; the definition was checked.
      parameters: parameters as never,
      async func(this: InvocationContext, flags: FLAGS & OutputFlags, ...args: ARGS) {
        this.process.exitCode = await runCommand(name, definition, flags, args);
      },
    });
    const formatHelp = (): string => {
      const style = terminalStyle(wantsColor('auto', process.env, 1));
      return renderCommandHelp(name, definition, parameters as never, style);
    };
    return { ...command, formatHelp };
  };
}

async function runCommand<FLAGS extends Switches<FLAGS>, ARGS extends readonly unknown[]>(
  name: string,
  definition: CommandDefinition<FLAGS, ARGS>,
  flags: FLAGS & OutputFlags,
  args: ARGS,
): Promise<ExitStatus> {
  try {
    const output = openOutput(flags.output);
    const context: Context = {
      command: name,
      format: flags.format,
      output,
      get style() {
        const descriptor = flags.output === undefined ? 1 : undefined;
        return terminalStyle(wantsColor(flags.color, process.env, descriptor));
      },
      quiet: flags.quiet,
      progress: (title, total) => startProgress(title, total, flags.quiet),
    };
    return await keepWhenDone(output, () => definition.run(context, flags, ...args));
  } catch (error) {
    const { text, status } = describeFailure(error);
    if (text !== '') writeError(text);
    return status;
  }
}
