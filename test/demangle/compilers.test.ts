import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { demangle } from '../../src/demangle/index.ts';
import { hasTools } from '../support/tools.ts';
import { explain } from './known-differences.ts';
import { filter, namesIn, type Style } from './tools.ts';

const SOURCES = fileURLToPath(new URL('sources/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'demangle-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The commands in the first line of a source: `// compile: COMMAND; COMMAND`. */
function commands(source: string): string[] {
  const [line] = readFileSync(join(SOURCES, source), 'utf8').split('\n');
  const [, list] = /^\/\/ compile: (.+)$/.exec(line!) ?? [];
  if (list === undefined) throw new Error(`${source}: no compile command in the first line`);
  return list.split('; ');
}

function compile(source: string, command: string): string[] {
  const [compiler, ...options] = command.split(' ');
  const object = join(scratch, `${source}.o`);
  execFileSync(compiler!, [...options, '-w', '-o', object, join(SOURCES, source)], { cwd: scratch });
  return namesIn(object);
}

const cases = readdirSync(SOURCES).flatMap((source) =>
  commands(source).map((command) => [source, command] as const),
);

describe('names that compilers make', () => {
  for (const [source, command] of cases) {
    const compiler = command.split(' ')[0]!;
    test.skipIf(!hasTools(compiler, 'c++filt', 'llvm-cxxfilt'))(`${source}: ${command}`, () => {
      const names = compile(source, command);
      expect(names.length).toBeGreaterThan(5);
      for (const style of ['gnu', 'llvm'] as Style[]) {
        const printed = filter(style, names);
        for (const [index, name] of names.entries()) {
          const ours = demangle(name, { style });
          const tool = printed[index]!;
          if (ours === tool || explain(style, name, tool) !== undefined) continue;
          expect(`${style} ${name}: ${ours}`).toBe(`${style} ${name}: ${tool}`);
        }
      }
    });
  }
});
