import type { FlagParametersForType } from '@stricli/core';
import { DeclarationError, IncompleteType, ValueError } from '../run/dl/index.ts';
import { HostUnavailable } from '../run/native-host/host-program.ts';
import { type LoaderFlags, loaderFlags } from './common-flags.ts';
import { InputError, UsageError } from './errors.ts';

/** The options of a command that runs foreign code in a host process. */
export interface HostFlags extends Pick<LoaderFlags, 'libraryPath' | 'preload'> {
  /** In seconds. */
  readonly timeLimit: number;
  /** In MiB. */
  readonly memoryLimit?: number;
}

const MEBIBYTE = 1 << 20;

function positiveNumber(input: string): number {
  const value = Number(input);
  if (!(value > 0)) throw new UsageError(`'${input}' is not a number above 0`);
  return value;
}

/** `unit`: what the time is for, a step or a round. */
export const hostFlags = (unit: string): FlagParametersForType<HostFlags> => ({
  timeLimit: {
    kind: 'parsed',
    parse: positiveNumber,
    default: '10',
    placeholder: 'SECONDS',
    brief: `Time for each ${unit}`,
  },
  memoryLimit: {
    kind: 'parsed',
    parse: positiveNumber,
    optional: true,
    placeholder: 'MIB',
    brief: 'Memory that the process may have',
  },
  libraryPath: loaderFlags.libraryPath,
  preload: loaderFlags.preload,
});

/** An option that is there or not. */
export const switchFlag = (brief: string) =>
  ({ kind: 'boolean', default: false, withNegated: false, brief }) as const;

/** The host's own option for the memory limit, in bytes. */
export const memoryLimitOf = ({ memoryLimit }: HostFlags): { memoryLimit?: number } =>
  memoryLimit === undefined ? {} : { memoryLimit: memoryLimit * MEBIBYTE };

/** What the user can mend of what a host process and the calls in it throw; anything else as it is. */
export function asUserError(error: unknown): unknown {
  if (error instanceof HostUnavailable) return new InputError(error.message);
  const isOfCall = [ValueError, DeclarationError, IncompleteType, RangeError].some(
    (kind) => error instanceof kind,
  );
  return isOfCall ? new UsageError((error as Error).message) : error;
}
