import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const project = new URL('../..', import.meta.url).pathname;
let root: string;

beforeEach(() => {
  mkdirSync(join(project, 'build'), { recursive: true });
  root = mkdtempSync(join(project, 'build/layers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs the layer check over a planted tree of modules. */
function check(modules: Readonly<Record<string, string>>) {
  for (const [path, source] of Object.entries(modules)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  const args = ['scripts/layers.ts', relative(project, root)];
  const { stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  return { stderr, status };
}

const leaf = 'export const leaf = 1;\n';

it('passes a tree that keeps the rules', () => {
  const { stderr, status } = check({
    'bytes/a.ts': leaf,
    'elf/b.ts': "import { leaf } from '../bytes/a.ts';\nexport const b = leaf;\n",
    'host/c.ts': "import { readFileSync } from 'node:fs';\nexport const c = readFileSync;\n",
  });
  expect(stderr).toMatch(/3 modules keep the rules/);
  expect(status).toBe(0);
});

it.each([
  [
    'an import from a lower layer',
    { 'elf/a.ts': "export { leaf } from '../loader/b.ts';\n", 'loader/b.ts': leaf },
  ],
  ['bytes importing anything', { 'bytes/a.ts': "export { leaf } from '../elf/b.ts';\n", 'elf/b.ts': leaf }],
  [
    'demangle importing the layer above it',
    { 'demangle/a.ts': "export { leaf } from '../bytes/b.ts';\n", 'bytes/b.ts': leaf },
  ],
  [
    'a type-only import from a lower layer',
    { 'model/a.ts': "export type { T } from '../cli/b.ts';\n", 'cli/b.ts': 'export type T = 1;\n' },
  ],
  ['Node in a layer that runs anywhere', { 'elf/a.ts': "export { readFileSync } from 'node:fs';\n" }],
  ['a folder that is no layer', { 'extras/a.ts': leaf }],
  [
    'a cycle',
    {
      'elf/a.ts': "export { b } from './b.ts';\nexport const a = 1;\n",
      'elf/b.ts': "import { a } from './a.ts';\nexport const b = a;\n",
    },
  ],
])('refuses %s', (_, modules) => {
  expect(check(modules).status).toBe(1);
});

it('fails when it sees no module', () => {
  const { stderr, status } = check({});
  expect(stderr).toContain('no module seen');
  expect(status).toBe(1);
});
