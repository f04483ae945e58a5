import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Scratch, scratchDirectory } from '../../../src/run/scratch.ts';

const FIXTURES = new URL('fixtures/', import.meta.url).pathname;

/** The libraries of fixtures/, compiled. */
export interface Libraries extends Scratch {
  /** Path of libNAME.so. */
  path(name: string): string;
}

export function buildLibraries(names: readonly string[], compiler = 'cc'): Libraries {
  const scratch = scratchDirectory('host-test');
  const path = (name: string): string => join(scratch.directory, `lib${name}.so`);
  for (const name of names) {
    const script = name === 'versions' ? ['-Wl,--version-script=versions.map'] : [];
    const options = ['-shared', '-fPIC', '-pthread', '-w', ...script, '-o', path(name), `${name}.c`];
    execFileSync(compiler, options, { cwd: FIXTURES });
  }
  return { ...scratch, path };
}
