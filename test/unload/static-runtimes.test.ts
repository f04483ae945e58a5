import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, PF, PT } from '../../src/elf/index.ts';
import { hasTools } from '../support/tools.ts';
import { buildPlugin, predict } from './build.ts';

const MEGABYTE = 1024 * 1024;
const TEXT = 'libc++abi: ';
const COMPILER = 'g++';

describe.skipIf(!hasTools('gcc'))('a runtime that was linked in', () => {
  let directory = '';
  let library = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'solder-runtime-'));
    const source = `const char constants[${3 * MEGABYTE}] = "x"; int run(void) { return constants[9]; }`;
    library = buildPlugin(directory, 'plain', { source }, 'gcc', '-O1');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** The same library with a text at a place of its constants. */
  function withText(at: number): string {
    const bytes = readFileSync(library);
    const { segments } = new ElfFile(memorySource(bytes));
    const { offset } = segments.find(
      ({ type, flags, fileSize }) => type === PT.LOAD && (flags & PF.W) === 0 && fileSize > 2 * MEGABYTE,
    )!;
    bytes.write(TEXT, offset + at, 'latin1');
    const copy = join(directory, `text-${at}.so`);
    writeFileSync(copy, bytes);
    return copy;
  }

  it.each([MEGABYTE - TEXT.length, MEGABYTE - 3, MEGABYTE, 2 * MEGABYTE - 1])(
    'is told by a text at byte %i of the constants',
    (at) => {
      expect(predict(library).facts.staticRuntimes).toEqual([]);
      expect(predict(withText(at)).facts.staticRuntimes).toEqual([
        { name: 'libc++abi', evidence: `it holds the text "${TEXT}"` },
      ]);
    },
  );
});

it.skipIf(!hasTools(COMPILER))('is not told of the runtime itself', () => {
  const path = execFileSync(COMPILER, ['-print-file-name=libstdc++.so.6'], { encoding: 'utf8' }).trim();
  const found = predict(path).findings.find(({ kind }) => kind === 'unload.memory')!;
  expect(found.message).toBe(
    'libstdc++.so.6: its reserve for exceptions, some 70 KB, stays whenever it is loaded',
  );
  expect(found.fix).not.toContain('libstdc++');
});
