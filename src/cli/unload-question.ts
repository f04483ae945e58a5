import type { FlagParametersForType } from '@stricli/core';
import { LIBCS, type Libc, type UnloadQuestion } from '../analyses/unload/index.ts';
import { askUnload, UnreadableLibrary } from '../host/index.ts';
import { type LoaderFlags, loaderFlags, oneOf } from './common-flags.ts';
import { InputError } from './errors.ts';

/** The options that say by whose rules and in which process a plugin is unloaded. */
export interface UnloadFlags extends Omit<LoaderFlags, 'profile'> {
  readonly host?: string;
  readonly profile?: Libc;
}

export const unloadLoaderFlags: FlagParametersForType<Omit<UnloadFlags, 'host'>> = {
  ...loaderFlags,
  profile: {
    kind: 'parsed',
    parse: oneOf(LIBCS),
    proposeCompletions: () => LIBCS,
    optional: true,
    placeholder: 'LIBC',
    brief: 'Whose rules apply; told by the file otherwise',
  },
};

/** What the analysis needs to know of a plugin. Throws `InputError` for a file that is none. */
export function unloadQuestion(
  { profile, host, sysroot, libraryPath, preload }: UnloadFlags,
  path: string,
): UnloadQuestion {
  try {
    return askUnload(path, { host, sysroot, libraryPath, preload, libc: profile });
  } catch (error) {
    if (error instanceof UnreadableLibrary) throw new InputError(error.message);
    throw error;
  }
}
