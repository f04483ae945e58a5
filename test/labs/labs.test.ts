import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Lab } from '../../src/model/lab.ts';
import { labNames } from '../../src/run/labs/find-labs.ts';
import { runLab } from '../../src/run/labs/run-lab.ts';
import { missingTools } from '../../src/run/labs/tools.ts';
import { disagreeing } from './planted.ts';

const root = new URL('../../', import.meta.url);
const names = labNames(root);
const labs = await Promise.all(
  names.map(async (name) => {
    const folder = new URL(`labs/${name}/`, root);
    const { lab } = (await import(new URL('lab.ts', folder).href)) as { lab: Lab };
    return { name, sources: fileURLToPath(folder), lab };
  }),
);

it('finds the labs', () => {
  expect(names).toContain('conflicts/function-override');
});

it.each(labs)(
  '$name says in a README what it claims, what to look at and how to mend it',
  ({ name, sources }) => {
    expect(existsSync(`${sources}README.md`)).toBe(true);
    const page = readFileSync(`${sources}README.md`, 'utf8');
    expect(page.startsWith(`# ${name.split('/')[1]}\n`)).toBe(true);
    for (const part of ['**Claim.**', '**Look at.**', '**Mend.**']) expect(page).toContain(part);
  },
);

it.each(labs)('$name names its variants so that they can be directories', ({ lab }) => {
  const variants = lab.variants.map(({ name }) => name);
  expect(new Set(variants).size).toBe(variants.length);
  for (const name of variants) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

for (const located of labs) {
  const missing = missingTools(located.lab);
  const needs = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`;
  it.skipIf(missing.length > 0)(`${located.name}: predicted is observed${needs}`, async (context) => {
    const facts = await runLab(located);
    const skipped = facts.variants.flatMap(({ skipped: reason }) => reason ?? []);
    if (skipped.length === facts.variants.length) return context.skip(skipped.join('; '));
    expect(disagreeing(facts)).toEqual([]);
    expect(facts.status).toBe('passed');
    expect(facts.variants.length).toBe(located.lab.variants.length);
    for (const { rows, skipped } of facts.variants) {
      if (skipped === undefined) expect(rows.length).toBeGreaterThan(2);
    }
  });
}
