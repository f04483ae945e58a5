import { FormatError } from '../bytes/index.ts';
import { openLibrarySide } from '../host/index.ts';
import type { LibraryExports } from '../model/index.ts';
import { InputError } from './errors.ts';

/** Opens a library or snapshot that was named on the command line; an error names it. */
export function openSide(path: string): LibraryExports {
  try {
    return openLibrarySide(path);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new InputError(`${path}: ${error.message}`);
  }
}
