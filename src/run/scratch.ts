import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from './on-interrupt.ts';

/** A directory that exists as long as it is in use, by its canonical path: the loader names files by that. */
export interface Scratch extends Disposable {
  readonly directory: string;
}

/** `purpose` is a word of the directory's name. Removed also when solder is interrupted. */
export function makeScratch(purpose: string): Scratch {
  const scratch = scratchDirectory(purpose);
  const interrupted = onInterrupt(() => scratch[Symbol.dispose]());
  return {
    directory: scratch.directory,
    [Symbol.dispose]() {
      interrupted[Symbol.dispose]();
      scratch[Symbol.dispose]();
    },
  };
}

/** For whoever sees to interrupts himself. Only this user can look into it. */
export function scratchDirectory(purpose: string): Scratch {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `solder-${purpose}-`)));
  return {
    directory,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}
