import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/index.ts';
import { renderJson } from '../../src/report/index.ts';
import { type ReportJson, reportSchema } from '../../src/report/schema.ts';
import { FINDINGS, sampleReport } from './sample.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Fails to compile when the schema and the model's interface part ways. */
const typesAgree: Same<DeepReadonly<ReportJson>, DeepReadonly<Report>> = true;

const schemaText = readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8');
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(schemaText));

function errorsOf(report: unknown): string[] {
  validate(report);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

it('is the file that scripts/schema.ts writes', () => {
  expect(typesAgree).toBe(true);
  expect(`${JSON.stringify(reportSchema(), null, 2)}\n`, 'run: node scripts/schema.ts').toBe(schemaText);
});

it('takes the reports that solder writes', () => {
  const suppressions = [{ kind: 'load.*', reason: 'known' }];
  for (const report of [sampleReport(), sampleReport([]), sampleReport(FINDINGS, suppressions)]) {
    expect(errorsOf(JSON.parse(renderJson(report)))).toEqual([]);
  }
});

it('takes nothing else', () => {
  const report = sampleReport();
  const [finding] = report.findings;
  expect(errorsOf({ ...report, surprise: 1 })).toEqual([' additionalProperties']);
  expect(errorsOf({ ...report, schemaVersion: 2 })).toEqual(['/schemaVersion const']);
  expect(errorsOf({ ...report, findings: [{ ...finding, kind: 'made.up' }] })).toEqual([
    '/findings/0/kind enum',
  ]);
  expect(errorsOf({ ...report, summary: { error: -1, warning: 0, note: 0 } })).toEqual([
    '/summary/error minimum',
  ]);
  expect(errorsOf({ ...report, suppressed: [{ finding, reason: '' }] })).toEqual([
    '/suppressed/0/reason minLength',
  ]);
  expect(errorsOf({ ...report, facts: 1 })).toContain('/facts type');
});
