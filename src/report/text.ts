import { FINDING_KINDS, type Finding, type Report, SEVERITIES, type Severity } from '../model/index.ts';
import { printable } from './printable.ts';
import { type Paint, PLAIN, type Style } from './style.ts';
import { MANGLED, type ShowNames } from './symbol-names.ts';

export interface FindingsOptions {
  readonly style?: Style;
  /**
   * At most this many notes are shown, of each kind the first before the second of any; the rest is counted.
   * Errors and warnings are always shown.
   */
  readonly noteLimit?: number;
  /** At most this many pieces of evidence are shown for a finding, the rest is counted. */
  readonly evidenceLimit?: number;
  /** Also list what was suppressed, with the reasons. */
  readonly showSuppressed?: boolean;
  /** Notes without their evidence: one line each. */
  readonly briefNotes?: boolean;
  /** How symbol names are shown; as the files spell them by default. */
  readonly showNames?: ShowNames;
}

type Judged = Pick<Report, 'findings' | 'suppressed' | 'summary'>;

function severityPaint(severity: Severity, style: Style): Paint {
  return { error: style.red, warning: style.yellow, note: style.cyan }[severity];
}

/** `1 error`, `3 errors`, `no errors`. */
export function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The findings of a report for people: the most severe first, one block a kind, a closing summary line. */
export function renderFindings(report: Judged, options: FindingsOptions = {}): string {
  const style = options.style ?? PLAIN;
  const { noteLimit = Number.POSITIVE_INFINITY } = options;
  const briefNotes = options.briefNotes ?? false;
  const { evidenceLimit = Number.POSITIVE_INFINITY } = options;
  const paper: Paper = {
    style,
    briefNotes,
    evidenceLimit,
    show: (text) => printable((options.showNames ?? MANGLED)(text)),
  };
  const lines: string[] = [];
  for (const severity of SEVERITIES) {
    const all = report.findings.filter((finding) => finding.severity === severity);
    const shown = severity === 'note' ? inTurns(all, noteLimit) : all;
    for (const group of byKind(shown)) lines.push(...renderGroup(group, severity, paper), '');
    if (shown.length < all.length) {
      const hidden = all.length - shown.length;
      lines.push(style.dim(`… and ${hidden} more ${hidden === 1 ? 'note' : 'notes'}: --all shows them`), '');
    }
  }
  if (options.showSuppressed) lines.push(...renderSuppressed(report, paper));
  lines.push(summaryLine(report, style));
  return `${lines.join('\n')}\n`;
}

function byKind(findings: readonly Finding[]): Finding[][] {
  return [...Map.groupBy(findings, (finding) => finding.kind).values()];
}

/** As many findings as the limit allows, each kind in its turn, in the order of the report. */
function inTurns(findings: readonly Finding[], limit: number): readonly Finding[] {
  if (findings.length <= limit) return findings;
  const turns = byKind(findings).flatMap((group) => group.map((finding, turn) => ({ finding, turn })));
  const chosen = new Set(
    turns
      .sort((a, b) => a.turn - b.turn)
      .slice(0, limit)
      .map(({ finding }) => finding),
  );
  return findings.filter((finding) => chosen.has(finding));
}

/** What findings are written with. */
interface Paper {
  readonly style: Style;
  readonly briefNotes: boolean;
  readonly evidenceLimit: number;
  /** Makes a text of the report fit to be shown. */
  readonly show: (text: string) => string;
}

function renderGroup(group: readonly Finding[], severity: Severity, paper: Paper): string[] {
  const { style, show } = paper;
  const [first] = group;
  if (first === undefined) return [];
  const paint = severityPaint(severity, style);
  const lines = [
    `${paint(style.bold(`${severity}:`))} ${style.bold(FINDING_KINDS[first.kind].title)} ${style.dim(`[${first.kind}]`)}`,
  ];
  // Twenty conflicts that are mended in the same way need the advice once.
  const sharedFix = group.every((finding) => finding.fix === first.fix) ? first.fix : undefined;
  for (const finding of group) {
    lines.push(`  ${show(finding.message)}`);
    const evidence = severity === 'note' && paper.briefNotes ? [] : finding.evidence;
    for (const { text, object } of evidence.slice(0, paper.evidenceLimit)) {
      lines.push(`    ${object === undefined ? '' : `${style.dim(`${printable(object)}:`)} `}${show(text)}`);
    }
    if (evidence.length > paper.evidenceLimit) {
      lines.push(style.dim(`    … and ${evidence.length - paper.evidenceLimit} more: --all shows them`));
    }
    if (finding.fix !== undefined && sharedFix === undefined) lines.push(fixLine(finding.fix, paper));
  }
  if (sharedFix !== undefined) lines.push(fixLine(sharedFix, paper));
  return lines;
}

function fixLine(fix: string, { style, show }: Paper): string {
  return `  ${style.green('→')} ${show(fix)}`;
}

function renderSuppressed(report: Judged, { style, show }: Paper): string[] {
  if (report.suppressed.length === 0) return [];
  const lines = [style.bold('suppressed:')];
  for (const { finding, reason } of report.suppressed) {
    lines.push(`  ${show(finding.message)} ${style.dim(`[${finding.kind}]`)}`);
    lines.push(`    ${style.dim('reason:')} ${printable(reason)}`);
  }
  return [...lines, ''];
}

function summaryLine(report: Judged, style: Style): string {
  const parts = SEVERITIES.filter((severity) => report.summary[severity] > 0).map((severity) =>
    severityPaint(severity, style)(count(report.summary[severity], severity)),
  );
  const found = parts.length === 0 ? style.green('no findings') : parts.join(', ');
  return report.suppressed.length === 0 ? found : `${found} (${report.suppressed.length} suppressed)`;
}
