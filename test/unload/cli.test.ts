import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnloadFacts } from '../../src/analyses/unload/index.ts';
import type { Report } from '../../src/model/index.ts';
import { scratch, solder } from '../cli/solder.ts';
import { hasTools } from '../support/tools.ts';
import { buildPlugin } from './build.ts';
import { PLUGINS } from './plugins.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

describe.skipIf(!hasTools('gcc', 'g++'))('solder unload', () => {
  let cwd = '';
  const build = (file: string, name: string) =>
    buildPlugin(cwd, file, PLUGINS.find((plugin) => plugin.name === name)!, 'gcc', '-O2');
  beforeAll(() => {
    cwd = scratch();
    build('key', 'key without deletion, at load');
    build('clean', 'key deleted in a destructor');
    build('unique', 'unique static member of a template');
    build('local', 'thread-local object with destructor, used');
    writeFileSync(join(cwd, 'text.so'), 'no library');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it.each([
    ['key.so', 'unloads', 1],
    ['clean.so', 'unloads', 0],
    ['unique.so', 'pinned', 0],
    ['local.so', 'unknown', 0],
  ])('%s: the verdict %s and exit status %i', (file, verdict, status) => {
    const run = solder(['unload', '--format', 'json', file], { cwd });
    const report = JSON.parse(run.stdout) as Report<UnloadFacts>;
    expect([report.verdict, run.status]).toEqual([verdict, status]);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(report.facts.unloads).toBe(verdict === 'unknown' ? null : verdict === 'unloads');
  });

  it('says the same twice', () => {
    const once = () => solder(['unload', '--format', 'json', 'key.so'], { cwd }).stdout;
    expect(once()).toBe(once());
  });

  it('takes a library for what another system would', () => {
    const report = (profile: string) =>
      JSON.parse(
        solder(['unload', '--format', 'json', '--profile', profile, 'unique.so'], { cwd }).stdout,
      ) as Report;
    expect(report('bionic').verdict).toBe('unloads');
    expect(report('musl').verdict).toBe('pinned');
  });

  it.each([
    [['text.so'], 3],
    [['missing.so'], 3],
    [[], 2],
    [['--profile', 'uclibc', 'key.so'], 2],
    [['--host', 'missing', 'key.so'], 3],
  ])('%j ends with status %i', (args, status) => {
    const run = solder(['unload', ...args], { cwd });
    expect([run.status, run.stderr.split('\n').length < 6]).toEqual([status, true]);
  });
});
