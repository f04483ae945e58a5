import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from '../on-interrupt.ts';

/** A directory that exists as long as it is in use, by its canonical path: the loader names files by that. */
export interface Scratch extends Disposable {
  readonly directory: string;
}

export function makeScratch(): Scratch {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'solder-lab-')));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const interrupted = onInterrupt(remove);
  return {
    directory,
    [Symbol.dispose]() {
      interrupted[Symbol.dispose]();
      remove();
    },
  };
}
