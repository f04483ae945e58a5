import type { Severity } from './finding-kinds.ts';
import { type Diagnostic, type Finding, type Report, SCHEMA_VERSION, type Summary } from './report.ts';
import { applySuppressions, type Suppression } from './suppressions.ts';

/** What a command found, before suppressions and sorting. */
export interface ReportParts<Facts> {
  readonly command: string;
  /** The targets as they were given. */
  readonly targets: readonly string[];
  readonly verdict?: string;
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressions: readonly Suppression[];
  /** The kinds this command looks for, exact or as a prefix `conflict.*`: see `applySuppressions`. */
  readonly looksFor: readonly string[];
  /** solder's own version. */
  readonly version: string;
}

/** Severities from the most to the least severe. */
export const SEVERITIES = ['error', 'warning', 'note'] as const satisfies readonly Severity[];

/** Code units, not a locale's order: the same report comes out on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of a report: severity, kind, subject, object, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareText(a.kind, b.kind) ||
    compareText(a.subject, b.subject) ||
    compareText(a.object ?? '', b.object ?? '') ||
    compareText(a.message, b.message)
  );
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.level, b.level) ||
    compareText(a.object ?? '', b.object ?? '') ||
    compareText(a.message, b.message)
  );
}

export function summarize(findings: readonly Finding[]): Summary {
  const summary = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) summary[severity]++;
  return summary;
}

/** Applies the suppressions and puts everything into the report's order. */
export function makeReport<Facts>(parts: ReportParts<Facts>): Report<Facts> {
  const { findings, suppressed, diagnostics } = applySuppressions(
    parts.findings,
    parts.suppressions,
    parts.looksFor,
  );
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'solder', version: parts.version },
    command: parts.command,
    targets: parts.targets,
    ...(parts.verdict === undefined ? {} : { verdict: parts.verdict }),
    facts: parts.facts,
    findings: findings.toSorted(compareFindings),
    suppressed: suppressed.toSorted((a, b) => compareFindings(a.finding, b.finding)),
    diagnostics: [...parts.diagnostics, ...diagnostics].sort(compareDiagnostics),
    summary: summarize(findings),
  };
}
