import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applySuppressions, matchesGlob, type Suppression } from '../../src/model/index.ts';
import { renderJson } from '../../src/report/index.ts';
import { FINDINGS, sampleReport } from './sample.ts';

const LOOKS_FOR = ['conflict.*', 'load.*'];

function suppressedSubjects(...suppressions: Suppression[]): string[] {
  return applySuppressions(FINDINGS, suppressions, LOOKS_FOR).suppressed.map(
    ({ finding }) => finding.subject,
  );
}

it('is the same report whatever the order in which findings come', () => {
  const expected = renderJson(sampleReport());
  fc.assert(
    fc.property(fc.shuffledSubarray([...FINDINGS], { minLength: FINDINGS.length }), (findings) => {
      expect(renderJson(sampleReport(findings))).toBe(expected);
    }),
  );
});

it('sorts by severity, then kind, then subject', () => {
  expect(sampleReport().findings.map(({ subject }) => subject)).toEqual([
    'libgone.so.1',
    'buffer',
    'counter',
    'liba.so',
  ]);
});

it('suppresses by kind, by prefix, by subject and by object', () => {
  expect(suppressedSubjects({ kind: 'conflict.variable', reason: 'r' })).toEqual(['counter', 'buffer']);
  expect(suppressedSubjects({ kind: 'load.*', reason: 'r' })).toEqual(['liba.so', 'libgone.so.1']);
  expect(suppressedSubjects({ kind: 'conflict.*', subject: 'b*', reason: 'r' })).toEqual(['buffer']);
  expect(suppressedSubjects({ kind: 'load.*', object: 'a*', reason: 'r' })).toEqual(['libgone.so.1']);
  expect(suppressedSubjects({ kind: 'conflict', reason: 'r' })).toEqual([]);
});

it('takes suppressed findings out of the summary and keeps them with the reason', () => {
  const report = sampleReport(FINDINGS, [{ kind: 'load.not-found', reason: 'installed later' }]);
  expect(report.summary).toEqual({ error: 0, warning: 2, note: 1 });
  expect(report.suppressed.map(({ reason }) => reason)).toEqual(['installed later']);
});

it('warns of a suppression that matches nothing, if the command looks for its kind', () => {
  const stale: Suppression = { kind: 'conflict.variable', subject: 'gone*', reason: 'r' };
  const messages = (looksFor: readonly string[]) =>
    applySuppressions(FINDINGS, [stale], looksFor).diagnostics.map(
      ({ level, message }) => `${level}: ${message}`,
    );
  expect(messages(LOOKS_FOR)).toEqual([
    'warning: the suppression of conflict.variable, subject gone* matches no finding',
  ]);
  expect(messages(['conflict.variable'])).toHaveLength(1);
  expect(messages(['load.*'])).toEqual([]);
});

it('matches globs as a regular expression would, and never hangs', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
  fc.assert(
    fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 }), (glob, text) => {
      const pattern = glob
        .split('*')
        .map((part) => part.replaceAll('.', '\\.'))
        .join('.*');
      expect(matchesGlob(glob, text)).toBe(new RegExp(`^${pattern}$`, 's').test(text));
    }),
    { numRuns: 2000 },
  );
  expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(100_000))).toBe(false);
});
