import {
  AliasNotFoundError,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from '@stricli/core';
import { didYouMean } from './suggest.ts';

/**
 * What is wrong with a command line, as one sentence; `undefined` for an error that is not about it.
 * `options` are all that the command knows, as they are typed: `--library-path`.
 */
export function usageMessage(error: unknown, options: readonly string[]): string | undefined {
  if (error instanceof FlagNotFoundError) {
    const hint = didYouMean(`--${error.input}`, options);
    return `unknown option --${error.input}${hint}`;
  }
  if (error instanceof AliasNotFoundError) return `unknown option -${error.input}`;
  if (error instanceof ArgumentParseError) {
    const name = error.externalFlagNameOrPlaceholder;
    const { exception } = error;
    const reason = exception instanceof Error ? exception.message : String(exception);
    return `${options.includes(`--${name}`) ? '--' : ''}${name}: ${reason}`;
  }
  if (error instanceof EnumValidationError) {
    const { externalFlagName, input, values } = error;
    return `--${externalFlagName}: '${input}' is none of its values, expected ${values.join(', ')}`;
  }
  if (error instanceof UnexpectedFlagError) return `--${error.externalFlagName} is given twice`;
  if (error instanceof UnsatisfiedFlagError) return `--${error.externalFlagName} needs a value`;
  if (error instanceof InvalidNegatedFlagSyntaxError) return `--${error.externalFlagName} takes no value`;
  if (error instanceof UnexpectedPositionalError) return `one argument too many: '${error.input}'`;
  if (error instanceof UnsatisfiedPositionalError) return `${error.placeholder} is missing`;
  return undefined;
}
