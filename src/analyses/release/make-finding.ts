import { FINDING_KINDS, type Finding, type FindingKind } from '../../model/index.ts';

/** A finding of its kind's severity, without evidence, unless `more` says otherwise. */
export function finding(
  kind: FindingKind,
  subject: string,
  message: string,
  more: Partial<Pick<Finding, 'severity' | 'object' | 'evidence' | 'fix'>> = {},
): Finding {
  return { kind, severity: FINDING_KINDS[kind].severity, subject, message, evidence: [], ...more };
}
