import { expect, it } from 'vitest';
import { failureName, failureRows } from '../../src/analyses/labs/failure-rows.ts';
import type { Finding } from '../../src/model/index.ts';
import type { Prediction } from '../../src/model/lab.ts';

const place = { directory: '/scratch', symbols: [] };

const STATED: Extract<Prediction, { kind: 'failure' }> = {
  kind: 'failure',
  call: { call: 'dlopen', file: './liba.so', mode: { now: true }, handle: 'a' },
  finding: 'open.not-a-library',
  severity: 'error',
  message: './liba.so: file too short',
  because: './liba.so: a linker script',
};

const finding: Finding = {
  kind: 'open.not-a-library',
  severity: 'error',
  message: '/scratch/./liba.so: file too short',
  subject: './liba.so',
  evidence: [{ text: 'a linker script: text for ld', object: '/scratch/./liba.so' }],
};

const rowOf = (findings: readonly Finding[], stdout: string) =>
  failureRows([STATED], new Map([[failureName(STATED), findings]]), stdout, place)[0]!;

const said = 'dlopen: ./liba.so: file too short\n';

it('agrees when the program says what was predicted, and the cause is the one that was made', () => {
  expect(rowOf([finding], said)).toMatchObject({
    what: 'why dlopen ./liba.so RTLD_NOW fails',
    predicted: 'open.not-a-library, error: ./liba.so: file too short; ./liba.so: a linker script',
    observed: './liba.so: file too short',
    agrees: true,
  });
});

it('disagrees when the program says something else', () => {
  expect(rowOf([finding], 'dlopen: found\n')).toMatchObject({ observed: 'not said', agrees: false });
});

it.each([
  ['nothing', [], 'it does not fail'],
  ['another cause', [{ ...finding, kind: 'load.wrong-format' }], /^load\.wrong-format, error/],
  ['other evidence', [{ ...finding, evidence: [{ text: 'a directory' }] }], /; not by: a directory$/],
  ['two causes', [finding, finding], /; open\.not-a-library/],
] as const)('disagrees when solder finds %s', (_, findings, predicted) => {
  const row = rowOf(findings as readonly Finding[], said);
  expect(row.agrees).toBe(false);
  expect(row.predicted).toMatch(predicted);
});
