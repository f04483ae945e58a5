import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '../scratch.ts';

/** Where the loaders of a trace write; it exists as long as it is in use. */
export interface LogDirectory extends Disposable {
  readonly directory: string;
}

/**
 * Nobody else can look into it. Programs that root starts may become somebody else's, whose loader has to be able
 * to write there: they find the directory through LD_DEBUG_OUTPUT, everybody else would have to guess its name.
 */
export function logDirectory(isRoot = process.geteuid?.() === 0): LogDirectory {
  const scratch = scratchDirectory('trace');
  if (!isRoot) return scratch;
  const directory = join(scratch.directory, randomBytes(16).toString('hex'));
  mkdirSync(directory);
  chmodSync(directory, 0o1733);
  chmodSync(scratch.directory, 0o711);
  return { directory, [Symbol.dispose]: () => scratch[Symbol.dispose]() };
}
