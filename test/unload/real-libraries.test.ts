import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { predict } from './build.ts';

const DIRECTORY = '/usr/lib/x86_64-linux-gnu';
const WANTED = 36;
const LARGEST = 3 * 1024 * 1024;

/** Exit status 1: the library is still there after dlclose; 3: it cannot be opened. */
const HOST = `#include <dlfcn.h>
#include <unistd.h>
int main(int argc, char **argv) {
  void *library = dlopen(argv[argc - 1], RTLD_NOW);
  if (!library) _exit(3);
  dlclose(library);
  _exit(dlopen(argv[argc - 1], RTLD_NOW | RTLD_NOLOAD) != 0);
}
`;

/** Libraries of the machine, spread over the alphabet; plain files, no more than a few megabytes. */
function sample(): string[] {
  let names: string[];
  try {
    names = readdirSync(DIRECTORY);
  } catch {
    return [];
  }
  const files = names
    .filter((name) => /\.so\./.test(name))
    .map((name) => join(DIRECTORY, name))
    .filter((path) => {
      const stat = lstatSync(path);
      return stat.isFile() && stat.size < LARGEST;
    })
    .sort();
  return files.filter((_, index) => index % Math.max(1, Math.floor(files.length / WANTED)) === 0);
}

describe.skipIf(!hasTools('gcc'))('libraries of the machine', () => {
  let directory = '';
  let host = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'solder-real-'));
    host = join(directory, 'host');
    writeFileSync(join(directory, 'host.c'), HOST);
    expect(spawnSync('gcc', ['-o', host, join(directory, 'host.c')]).status).toBe(0);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(sample())('%s goes or stays as predicted', (path) => {
    const { status } = spawnSync(host, [path], { timeout: 10_000 });
    if (status !== 0 && status !== 1) return;
    const { verdict, facts } = predict(path);
    if (verdict === 'unknown') {
      // Only what is called decides: nothing was called here.
      expect(facts.pins.some(({ certainty }) => certainty === 'use')).toBe(true);
      expect(status).toBe(0);
    } else expect(verdict).toBe(status === 1 ? 'pinned' : 'unloads');
  });
});
