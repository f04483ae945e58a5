import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch, shell, solder } from '../cli/solder.ts';

const cwd = scratch();
beforeAll(() => {
  writeFileSync(
    join(cwd, 'one.c'),
    'int level = 1; int half(int a) { return a / 2; } int gone(void) { return 1; }',
  );
  writeFileSync(
    join(cwd, 'two.c'),
    'int level = 1; int half(int a) { return a / 2; } int more(void) { return 1; }',
  );
  writeFileSync(join(cwd, 'app.c'), 'int half(int); int main(void) { return half(0); }');
  writeFileSync(
    join(cwd, 'bad.c'),
    'int gone(void); extern int level; int main(void) { return gone() + level; }',
  );
  const { status, stderr } = shell(
    `for side in one two; do gcc -shared -fPIC -Wl,-soname,libt.so.1 -o libt.so.1.$side $side.c; done
     gcc -o app app.c libt.so.1.one && gcc -o bad bad.c libt.so.1.one && cp libt.so.1.one libt.so.1`,
    { cwd },
  );
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => solder(args, { cwd });
const [OLD, NEW] = ['libt.so.1.one', 'libt.so.1.two'];

describe('the exit status', () => {
  it.each([
    [['diff', OLD, OLD], 0],
    [['diff', OLD, NEW], 1],
    [['diff', '--fail-on', 'never', OLD, NEW], 0],
    [['diff', '--used-by', 'app', OLD, NEW], 0],
    [['diff', '--used-by', 'bad', OLD, NEW], 1],
    [['diff', OLD], 2],
    [['diff', OLD, 'nowhere.so'], 3],
    [['diff', 'one.c', NEW], 3],
    [['diff', '--used-by', 'nowhere', OLD, NEW], 3],
    [['diff', OLD, 'app'], 1],
    [['snapshot', 'one.c'], 3],
  ] as const)('of %j is %i', (args, status) => expect(run(...args).status).toBe(status));
});

it('says the same of snapshots, and of their copies', () => {
  for (const side of [OLD, NEW]) expect(run('snapshot', '-o', `${side}.abi`, side).status).toBe(0);
  const facts = (old: string, recent: string) => {
    const report = JSON.parse(run('diff', '--format', 'json', old, recent).stdout);
    const { old: _, new: __, ...rest } = report.facts;
    return { verdict: report.verdict, ...rest };
  };
  const expected = facts(OLD, NEW);
  expect(expected.verdict).toBe('incompatible');
  expect(facts(`${OLD}.abi`, NEW)).toEqual(expected);
  expect(facts(OLD, `${NEW}.abi`)).toEqual(expected);
  expect(facts(`${OLD}.abi`, `${NEW}.abi`)).toEqual(expected);
  expect(run('snapshot', `${OLD}.abi`).stdout).toBe(readFileSync(join(cwd, `${OLD}.abi`), 'utf8'));
});

it('names the programs that break, copied variables included', () => {
  const { facts } = JSON.parse(
    run('diff', '--format', 'json', '--used-by', 'app', '--used-by', 'bad', OLD, NEW).stdout,
  );
  expect(facts.programs).toEqual([
    { path: 'app', uses: 1, breaks: false, because: [] },
    { path: 'bad', uses: 2, breaks: true, because: ['gone'] },
  ]);
});

it('keeps the published schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  for (const args of [
    [OLD, NEW],
    ['--used-by', 'bad', OLD, NEW],
    [OLD, OLD],
  ]) {
    const report = JSON.parse(run('diff', '--format', 'json', ...args).stdout);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  }
});
