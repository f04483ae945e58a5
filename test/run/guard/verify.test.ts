import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';
import { buildPlugin, GUARD_SOURCE, guardDirectory, source, WRAP } from './build.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/report.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

let cwd = '';
beforeAll(() => {
  cwd = guardDirectory();
});
afterAll(() => rmSync(cwd, { recursive: true }));

const verify = (...args: string[]) => solder(['guard', 'verify', '--prototype', 'int()', ...args], { cwd });

function report(...args: string[]) {
  const { stdout, status } = verify('--format', 'json', ...args);
  const parsed = JSON.parse(stdout);
  expect(validate(parsed), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  const { verdict, facts, findings } = parsed;
  return {
    verdict,
    facts,
    status,
    findings: findings.map(({ kind, severity }: never) => `${severity} ${kind}`),
  };
}

const build = (name: string, file: string, ...options: string[]) => {
  buildPlugin(join(cwd, name), 'gcc', [source(file), ...options]);
};

describe.skipIf(!hasTools('gcc'))('the proof of a cure', () => {
  beforeAll(() => {
    build('before.so', 'keys-plugin.c');
    build('after.so', 'keys-plugin.c', GUARD_SOURCE, WRAP);
    build('memory.so', 'memory-plugin.c');
    build('memory-after.so', 'memory-plugin.c', GUARD_SOURCE, WRAP);
    solder(['guard', 'preload', '--quiet'], { cwd });
  });

  it('is that the second plugin loses no keys, and the first one did', () => {
    const { verdict, facts, status, findings } = report('--entry', 'run', 'before.so', 'after.so', '60');
    expect({ verdict, status, findings }).toEqual({ verdict: 'cured', status: 0, findings: [] });
    expect(facts.before.series.keys).toEqual(Array.from({ length: 61 }, (_, round) => 5 * round));
    expect(facts.after.series.keys).toEqual(Array.from({ length: 61 }, () => 0));
  });

  it('holds when the first one has used all keys up, and shows both curves', () => {
    const { stdout, status } = verify('--entry', 'run', 'before.so', 'after.so', '300');
    expect(stdout).toMatch(
      /^after\.so: cured\n\n {2}keys\n {4}before {2}▁\S+█ +0 keys → 1024 keys, 300 rounds\n/,
    );
    expect(stdout).toMatch(/\n {4}after {3}▁{48} {2}0 keys → 0 keys, 300 rounds\n/);
    expect(status).toBe(0);
  });

  it('is given for the preloaded library with one plugin', () => {
    const args = ['--no-call', '--preload', './libsolder-guard.so', 'before.so', 'before.so', '60'];
    expect(report(...args)).toMatchObject({ verdict: 'cured', status: 0, findings: [] });
  });

  it('finds what both plugins need by --library-path', () => {
    mkdirSync(join(cwd, 'needed'));
    writeFileSync(join(cwd, 'need.c'), 'int need(void) { return 0; }');
    buildPlugin(join(cwd, 'needed/libneed.so'), 'gcc', [join(cwd, 'need.c')]);
    const needs = [`-L${join(cwd, 'needed')}`, '-Wl,--no-as-needed', '-lneed'];
    build('needs.so', 'keys-plugin.c', ...needs);
    build('needs-after.so', 'keys-plugin.c', GUARD_SOURCE, WRAP, ...needs);
    const args = ['--entry', 'run', 'needs.so', 'needs-after.so', '40'];
    expect(verify(...args).status).toBe(3);
    expect(report('--library-path', './needed', ...args)).toMatchObject({ verdict: 'cured', status: 0 });
  });

  it('fails when the second one still loses them', () => {
    expect(report('--no-call', 'after.so', 'before.so', '60')).toMatchObject({
      verdict: 'not-cured',
      status: 1,
      findings: ['error soak.thread-key'],
    });
  });

  it('is none when the first one lost nothing', () => {
    expect(report('--no-call', 'after.so', 'after.so', '60')).toMatchObject({
      verdict: 'nothing-to-cure',
      status: 0,
      findings: ['warning guard.nothing-to-cure'],
    });
  });

  it('tells what was lost before and is lost still, as a warning, and what is new, as an error', () => {
    expect(report('--entry', 'run', 'memory.so', 'memory-after.so', '100')).toMatchObject({
      verdict: 'cured',
      status: 0,
      findings: ['warning soak.memory'],
    });
    expect(report('--entry', 'run', 'before.so', 'memory-after.so', '100')).toMatchObject({
      verdict: 'cured',
      status: 1,
      findings: ['error soak.memory'],
    });
  });

  it.each([
    [['before.so'], 2, /expected BEFORE AFTER \[ROUNDS \[THREADS\]\], got 1/],
    [['before.so', 'after.so', 'many'], 2, /'many' is no number of rounds/],
    [['before.so', 'after.so', '10', 'few'], 2, /'few' is no number of threads/],
    [['--prototype', 'int(', 'before.so', 'after.so'], 2, /int\(/],
    [['--entry', 'nothing', 'before.so', 'after.so', '10'], 3, /nothing/],
    [['--no-call', 'nowhere.so', 'after.so', '10'], 3, /nowhere.so/],
  ])('is refused: %j', (args, expected, message) => {
    const { stdout, stderr, status } = solder(['guard', 'verify', ...args], { cwd });
    expect(stderr).toMatch(message);
    expect({ stdout, status }).toEqual({ stdout: '', status: expected });
  });
});
