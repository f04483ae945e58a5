import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES, type SoakCommandFacts } from '../../../src/analyses/soak/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { scratch, solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';
import { buildPlugin } from './build.ts';
import { CLEAN, LEAKING } from './plugins.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/report.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

describe.skipIf(!hasTools('gcc'))('solder soak', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = scratch();
    buildPlugin(cwd, { ...LEAKING[0]!, name: 'leak' });
    buildPlugin(cwd, { ...CLEAN[0]!, name: 'clean' });
    buildPlugin(cwd, {
      name: 'died',
      source: '#include <stdlib.h>\nint run_plugin(int n) { abort(); return n; }',
    });
    buildPlugin(cwd, {
      name: 'other',
      source: 'double scaled(double by, const char *text) { return by * text[0]; }',
    });
    buildPlugin(cwd, { name: 'given', source: 'int run_plugin(int n) { return n; }' });
    writeFileSync(join(cwd, 'text.so'), 'no library');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const reportOf = (...args: string[]) => {
    const run = solder(['soak', '--format', 'json', ...args], { cwd });
    return { ...run, report: JSON.parse(run.stdout) as Report<SoakCommandFacts> };
  };

  it.each([
    ['leak.so', 'leak', 1],
    ['clean.so', 'clean', 0],
    ['died.so', 'died', 1],
  ])('%s: the verdict %s and exit status %i', (file, verdict, exit) => {
    const { report, status } = reportOf(`./${file}`, '40', '2');
    expect([report.verdict, status]).toEqual([verdict, exit]);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(report.facts.resources.map(({ name }) => name)).toEqual([...RESOURCES]);
  });

  it('tells the round in which nothing is left, by C library', () => {
    const { report } = reportOf('leak.so', '40');
    expect(report.facts.resources[0]).toMatchObject({
      ...{ name: 'keys', unit: 'keys', last: 40, growthPerRound: 1, leaks: true },
      exhaustedAtRound: { glibc: 1025, musl: 129, bionic: 129, ohos: 129 },
    });
    expect(report.facts.series.keys).toEqual(Array.from({ length: 41 }, (_, round) => round));
  });

  it('passes THREADS to the function', () => {
    expect(reportOf('given.so', '8', '17').report.facts.results).toEqual([{ from: 1, value: '17' }]);
  });

  it('calls a function of another type, or none', () => {
    const call = ['--entry', 'scaled', '--prototype', 'double(double, const char *)'];
    const { report } = reportOf(...call, '--argument', '1.5', '--argument', 'text', 'other.so', '10');
    expect([report.verdict, report.facts.entry]).toEqual(['clean', 'scaled']);
    expect(reportOf('--no-call', 'other.so', '10').report.facts.entry).toBeNull();
  });

  it('puts two plugins side by side', () => {
    const { report, status } = reportOf('compare', 'leak.so', 'clean.so', '40', '2');
    expect([report.verdict, status, report.targets]).toEqual(['clean', 0, ['leak.so', 'clean.so']]);
    expect(report.facts.before!.resources[0]!.leaks).toBe(true);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(reportOf('compare', 'clean.so', 'leak.so', '40', '2').status).toBe(1);
  });

  it('draws a chart for what leaks', () => {
    const { stdout } = solder(['soak', 'leak.so', '40'], { cwd });
    expect(stdout).toMatch(/^ {2}keys {2}▁.*█ {2}0 keys → 40 keys$/m);
    expect(solder(['soak', 'clean.so', '40'], { cwd }).stdout).not.toMatch(/█/);
  });

  it.each([
    [['missing.so'], 3],
    [['text.so'], 3],
    [['--entry', 'nothing', 'clean.so'], 3],
    [['--host-runtime', './missing.so', 'clean.so'], 3],
    [[], 2],
    [['clean.so', '0'], 2],
    [['clean.so', 'many'], 2],
    [['clean.so', '1', '2', '3'], 2],
    [['compare', 'clean.so'], 2],
    [['--prototype', 'int(int', 'clean.so'], 2],
    [['--prototype', 'int(int, int)', 'clean.so'], 2],
    [['--now', '--lazy', 'clean.so'], 2],
  ])('%j ends with status %i', (args, status) => {
    const run = solder(['soak', ...args], { cwd });
    expect([run.status, run.stdout, run.stderr.split('\n').length < 6]).toEqual([status, '', true]);
  });
});
