import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../../support/tools.ts';
import { buildCounter, judgeLibrary, librarySample } from './real-libraries.ts';

describe.skipIf(!hasTools('cc'))('libraries of the machine, opened and closed', () => {
  let directory = '';
  let counter = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'solder-soak-real-'));
    counter = buildCounter(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(librarySample(8))('%s loses what a program counts', async (path) => {
    const judged = await judgeLibrary(counter, path);
    if (judged !== undefined) expect(judged.soaked).toEqual(judged.counted);
  });
});
