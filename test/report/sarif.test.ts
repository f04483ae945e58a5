import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { toSarif } from '../../src/report/sarif.ts';
import { FINDINGS, sampleReport } from './sample.ts';

const suppressions = [{ kind: 'conflict.variable', subject: 'buffer', reason: 'shared on purpose' }] as const;
const [run] = toSarif(sampleReport(FINDINGS, suppressions)).runs as [ReturnType<typeof toSarif>['runs'][0]];
const results = run.results!;

it('names each rule once, and results point at theirs', () => {
  const rules = run.tool.driver.rules!;
  expect(rules.map(({ id }) => id)).toEqual([
    'conflict.variable',
    'load.no-version-information',
    'load.not-found',
  ]);
  for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex!]!.id).toBe(ruleId);
  expect(results).toHaveLength(FINDINGS.length);
});

it('has the level, the file, the symbol, the evidence and the mend of a finding', () => {
  expect(results.find(({ message }) => message.text!.startsWith('counter'))).toEqual({
    ruleId: 'conflict.variable',
    ruleIndex: 0,
    level: 'warning',
    message: { text: 'counter is defined by libone.so and libtwo.so\nMend: make it static in one of them' },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: 'libtwo.so' } },
        logicalLocations: [{ fullyQualifiedName: 'counter' }],
      },
    ],
    relatedLocations: [
      {
        id: 0,
        physicalLocation: { artifactLocation: { uri: 'libone.so' } },
        message: { text: '4 bytes at 0x4010' },
      },
      {
        id: 1,
        physicalLocation: { artifactLocation: { uri: 'libtwo.so' } },
        message: { text: '8 bytes at 0x4020' },
      },
    ],
    partialFingerprints: { 'solder/v1': 'conflict.variable\ncounter\nlibtwo.so' },
  });
});

it('puts a finding about no file at the target', () => {
  const [result] = results.filter(({ ruleId }) => ruleId === 'load.no-version-information');
  expect(result!.locations![0]!.physicalLocation!.artifactLocation!.uri).toBe('app');
});

it('keeps what was suppressed, with the reason', () => {
  const suppressed = results.filter((result) => result.suppressions !== undefined);
  expect(suppressed.map(({ message }) => message.text!.split(' ')[0])).toEqual(['buffer']);
  expect(suppressed[0]!.suppressions).toEqual([{ kind: 'external', justification: 'shared on purpose' }]);
});

it.each([
  ['/usr/lib/libfoo bar.so', 'file:///usr/lib/libfoo%20bar.so'],
  ['../lib/liba.so', '../lib/liba.so'],
  ['c:/d#e?f%.so', 'c%3A/d%23e%3Ff%25.so'],
  ['/opt/größe.so', 'file:///opt/gr%C3%B6%C3%9Fe.so'],
])('names the file %s by a URI', (object, uri) => {
  const report = sampleReport([{ ...FINDINGS[0]!, object }]);
  const [result] = toSarif(report).runs[0]!.results!;
  expect(result!.locations![0]!.physicalLocation!.artifactLocation!.uri).toBe(uri);
  // A reader finds the file again: from a directory, by the rules for URLs.
  const base = pathToFileURL('/some/where/');
  expect(fileURLToPath(new URL(uri, base))).toBe(resolve('/some/where', object));
});

it('says which inputs could not be read', () => {
  const diagnostics = [{ level: 'error', message: 'No such file or directory', object: 'gone.so' }] as const;
  const [{ invocations }] = toSarif({ ...sampleReport([]), diagnostics }).runs as [typeof run];
  expect(invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: 'error',
          message: { text: 'No such file or directory' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'gone.so' } } }],
        },
      ],
    },
  ]);
});
