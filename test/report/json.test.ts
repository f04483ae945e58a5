import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/index.ts';
import { renderJson, writeJson } from '../../src/report/index.ts';
import { sampleReport } from './sample.ts';

it('writes the keys in the order of the report, with an indent of two', () => {
  const text = renderJson(sampleReport());
  expect(Object.keys(JSON.parse(text) as object)).toEqual([
    'schemaVersion',
    'tool',
    'command',
    'targets',
    'facts',
    'findings',
    'suppressed',
    'diagnostics',
    'summary',
  ]);
  expect(text.startsWith('{\n  "schemaVersion": 1,\n  "tool": {\n    "name": "solder",')).toBe(true);
  expect(text.endsWith('}\n')).toBe(true);
});

it('writes what JSON.stringify would write', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 7 }), (value) => {
      const chunks: string[] = [];
      writeJson(value, (chunk) => chunks.push(chunk));
      expect(chunks.join('')).toBe(`${JSON.stringify(value, null, 2)}\n`);
    }),
  );
});

it('leaves out undefined keys at every depth', () => {
  const facts = { a: undefined, b: { c: { d: { e: undefined, f: 1 } } } };
  const report: Report = { ...sampleReport(), facts };
  expect(JSON.parse(renderJson(report))).toMatchObject({ facts: { b: { c: { d: { f: 1 } } } } });
  expect(renderJson(report)).not.toContain('"e"');
});

it('refuses a bigint: addresses are hex strings', () => {
  expect(() => renderJson({ ...sampleReport(), facts: { address: 1n } })).toThrow(TypeError);
});

it('hands a large result on in pieces', () => {
  const rows = Array.from({ length: 50_000 }, (_, index) => ({ symbol: `name${index}`, value: '0x10' }));
  const sizes: number[] = [];
  writeJson({ facts: { rows } }, (chunk) => sizes.push(chunk.length));
  expect(sizes.length).toBeGreaterThan(20);
  expect(Math.max(...sizes)).toBeLessThan(100_000);
});
