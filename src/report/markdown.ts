import { FINDING_KINDS, type Finding, type Report, SEVERITIES } from '../model/index.ts';
import { printable } from './printable.ts';
import { MANGLED, type ShowNames } from './symbol-names.ts';
import { count } from './text.ts';

export interface MarkdownOptions {
  /** What the command shows of its facts as plain text; empty for none. */
  readonly facts: string;
  /** Also list what was suppressed, with the reasons. */
  readonly showSuppressed?: boolean;
  readonly showNames?: ShowNames;
}

/** A report in CommonMark, for the summary of a build or a comment on a change. */
export function renderMarkdown(
  report: Report,
  { facts, showSuppressed, showNames = MANGLED }: MarkdownOptions,
): string {
  const show = (text: string) => escapeMarkdown(printable(showNames(text)));
  const blocks = [
    `# solder ${report.command}`,
    report.targets.map((target) => codeSpan(printable(target))).join(' '),
    summary(report),
    ...(facts === '' ? [] : [fenced(facts)]),
  ];
  for (const severity of SEVERITIES) {
    const found = report.findings.filter((finding) => finding.severity === severity);
    if (found.length === 0) continue;
    blocks.push(`## ${count(found.length, severity)}`);
    for (const group of Map.groupBy(found, ({ kind }) => kind).values())
      blocks.push(...renderKind(group, show));
  }
  if (showSuppressed && report.suppressed.length > 0) {
    blocks.push('## suppressed');
    blocks.push(
      report.suppressed
        .map(({ finding, reason }) => `- ${show(finding.message)} (\`${finding.kind}\`): ${show(reason)}`)
        .join('\n'),
    );
  }
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function summary({ verdict, summary: counts, suppressed }: Report): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    count(counts[severity], severity),
  );
  const found = parts.length === 0 ? 'no findings' : parts.join(', ');
  const hidden = suppressed.length === 0 ? '' : ` (${suppressed.length} suppressed)`;
  return `**${verdict === undefined ? '' : `${escapeMarkdown(verdict)}: `}${found}**${hidden}`;
}

function renderKind(group: readonly Finding[], show: (text: string) => string): string[] {
  const [{ kind }] = group as readonly [Finding];
  const items = group.map(({ message, evidence, fix }) => [
    `- ${show(message)}`,
    ...evidence.map(
      ({ text, object }) =>
        `  - ${object === undefined ? '' : `${codeSpan(printable(object))}: `}${show(text)}`,
    ),
    ...(fix === undefined ? [] : [`  - **mend:** ${show(fix)}`]),
  ]);
  return [`### ${FINDING_KINDS[kind].title} (\`${kind}\`)`, items.flat().join('\n')];
}

/** Text that CommonMark shows as it is: any ASCII punctuation may stand behind a backslash (section 2.4). */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]<>|~#&!$]/g, '\\$&')
      // At the start of a line these would begin a list, a rule or a heading's underline.
      .replace(/^(\s*)([-+=:]|\d+(?=[.)]))/, (_, space: string, mark: string) =>
        /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
      )
  );
}

/** Longer fences than any run of backticks inside (CommonMark, sections 4.5 and 6.1). */
function ticks(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}

function codeSpan(text: string): string {
  const fence = ticks(text, 1);
  const space = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return text === '' ? '' : `${fence}${space}${text}${space}${fence}`;
}

function fenced(text: string): string {
  const fence = ticks(text, 3);
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}
