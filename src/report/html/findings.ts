import { FINDING_KINDS, type Finding, type Report, SEVERITIES, type Severity } from '../../model/index.ts';
import { count } from '../text.ts';
import { html, type Markup } from './markup.ts';

/** Check boxes that hide what has a severity: the style sheet does it, a page has no script. */
export function severityFilter({ summary }: Report): Markup {
  const boxes = SEVERITIES.filter((severity) => summary[severity] > 0);
  if (boxes.length === 0) return html``;
  return html`<form class="filter" aria-label="Show">${boxes.map(
    (severity) =>
      html`<label class="${severity}"><input type="checkbox" id="show-${severity}" checked> ${count(summary[severity], severity)}</label>`,
  )}</form>
`;
}

/** The findings, the most severe first, one section for each kind. */
export function findingsMarkup({ findings }: Report): Markup {
  return html`${SEVERITIES.map((severity) => {
    const found = findings.filter((finding) => finding.severity === severity);
    const kinds = [...Map.groupBy(found, ({ kind }) => kind).values()];
    return html`${kinds.map((group) => kindMarkup(group, severity))}`;
  })}`;
}

function kindMarkup(group: readonly Finding[], severity: Severity): Markup {
  const [{ kind }] = group as readonly [Finding];
  return html`<section class="kind ${severity}">
<h3><span class="badge">${severity}</span> ${FINDING_KINDS[kind].title} <code>${kind}</code>${
    group.length === 1 ? '' : html` <span class="count">${group.length}</span>`
  }</h3>
${group.map((finding) => findingMarkup(finding, severity !== 'note'))}</section>
`;
}

function findingMarkup({ message, object, evidence, fix }: Finding, open: boolean): Markup {
  const lines = [
    ...(object === undefined ? [] : [html`<p class="object">in <code>${object}</code></p>`]),
    ...(evidence.length === 0 ? [] : [evidenceMarkup(evidence)]),
    ...(fix === undefined ? [] : [html`<p class="fix"><b>Mend:</b> ${fix}</p>`]),
  ];
  if (lines.length === 0)
    return html`<p class="finding">${message}</p>
`;
  return html`<details class="finding"${open ? html` open` : ''}><summary>${message}</summary>
${lines}</details>
`;
}

function evidenceMarkup(evidence: Finding['evidence']): Markup {
  return html`<ul>${evidence.map(
    ({ text, object }) => html`<li>${object === undefined ? '' : html`<code>${object}</code>: `}${text}</li>`,
  )}</ul>
`;
}

/** What was taken out of the count, and why. */
export function suppressedMarkup({ suppressed }: Report): Markup {
  if (suppressed.length === 0) return html``;
  return html`<details class="suppressed"><summary>${suppressed.length} suppressed</summary>
<ul>${suppressed.map(
    ({ finding, reason }) =>
      html`<li>${finding.message} <code>${finding.kind}</code><br><span class="reason">${reason}</span></li>`,
  )}</ul></details>
`;
}
