import { type Finding, makeReport, type Report, type Suppression } from '../../src/model/index.ts';

export const FINDINGS: readonly Finding[] = [
  {
    kind: 'load.no-version-information',
    severity: 'note',
    message: 'libb.so asks for V1 of liba.so, which has no versions',
    subject: 'liba.so',
    evidence: [],
  },
  {
    kind: 'conflict.variable',
    severity: 'warning',
    message: 'counter is defined by libone.so and libtwo.so',
    subject: 'counter',
    object: 'libtwo.so',
    evidence: [
      { text: '4 bytes at 0x4010', object: 'libone.so' },
      { text: '8 bytes at 0x4020', object: 'libtwo.so' },
    ],
    fix: 'make it static in one of them',
  },
  {
    kind: 'load.not-found',
    severity: 'error',
    message: 'libgone.so.1 is not found',
    subject: 'libgone.so.1',
    object: 'app',
    evidence: [{ text: 'searched the default directories' }],
    fix: 'install it, or add its directory to the runpath',
  },
  {
    kind: 'conflict.variable',
    severity: 'warning',
    message: 'buffer is defined by libone.so and libtwo.so',
    subject: 'buffer',
    object: 'libtwo.so',
    evidence: [],
    fix: 'make it static in one of them',
  },
];

/** A report written by hand, as an analysis would hand it in: unsorted. */
export function sampleReport(
  findings: readonly Finding[] = FINDINGS,
  suppressions: readonly Suppression[] = [],
): Report<{ roots: never[] }> {
  return makeReport({
    command: 'check',
    targets: ['app'],
    facts: { roots: [] },
    findings,
    diagnostics: [],
    suppressions,
    looksFor: ['conflict.*', 'load.*'],
    version: '1.2.3',
  });
}
