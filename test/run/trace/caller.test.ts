import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/index.ts';
import { scratch, solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';

const SOURCES = {
  'part.c': 'int part(void) { return WHICH; }',
  'opener.c': `#include <dlfcn.h>
    int open_part(void) { return dlopen("libpart.so", RTLD_NOW) != 0; }`,
  'app.c': `#include <dlfcn.h>
    int open_part(void);
    int main(void) { return dlopen("libpart.so", RTLD_NOW) != 0 || !open_part(); }`,
};

describe.skipIf(!hasTools('gcc'))('a library that opens another one by its name', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = scratch();
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(cwd, name), text);
    mkdirSync(join(cwd, 'parts'));
    const gcc = (...args: readonly string[]) => execFileSync('gcc', args, { cwd });
    gcc('-shared', '-fPIC', '-DWHICH=1', '-o', 'parts/libpart.so', 'part.c');
    gcc('-shared', '-fPIC', '-o', 'libopener.so', 'opener.c', '-Wl,-rpath,$ORIGIN/parts');
    gcc('-o', 'app', 'app.c', '-L.', '-lopener', '-ldl', '-Wl,-rpath,$ORIGIN');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  // The program's own RUNPATH does not lead there; that of the library does.
  it('is searched for with the library as the caller', () => {
    const { stdout, status } = solder(['trace', '--verify', '--format', 'json', '--', './app'], { cwd });
    const { findings, facts } = JSON.parse(stdout) as Report<{ ending: { status: number } }>;
    expect(findings).toEqual([]);
    expect(stdout).toContain('/parts/libpart.so');
    expect(facts.ending).toMatchObject({ status: 0 });
    expect(status).toBe(0);
  });
});
