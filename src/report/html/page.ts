import type { Diagnostic, Report } from '../../model/index.ts';
import { count } from '../text.ts';
import { unnamedObject } from '../unnamed-object.ts';
import { factsMarkup } from './facts.ts';
import { findingsMarkup, severityFilter, suppressedMarkup } from './findings.ts';
import { html, Markup } from './markup.ts';
import { STYLE_SHEET } from './style-sheet.ts';

/**
 * A report as one HTML page that needs nothing else and loads nothing: no script, so that no name in a
 * library can become one, and a policy (Content Security Policy Level 3) that forbids what is left.
 */
export function renderHtml(report: Report): string {
  const { tool, command, targets, verdict, summary, diagnostics, facts, findings, schemaVersion } = report;
  const worst = summary.error > 0 ? 'error' : summary.warning > 0 ? 'warning' : 'clean';
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>solder ${command}${targets.length === 0 ? '' : `: ${targets.join(' ')}`}</title>
<style>${new Markup(STYLE_SHEET)}</style>
</head>
<body>
<header>
<h1>solder ${command}</h1>
<p class="targets">${targets.map((target) => html`<code>${target}</code> `)}</p>
<p class="verdict ${worst}">${verdict ?? (findings.length === 0 ? 'no findings' : count(findings.length, 'finding'))}</p>
</header>
<main>
${diagnosticsMarkup(diagnostics)}${
  findings.length === 0 && report.suppressed.length === 0
    ? ''
    : html`<section class="findings">
<h2>Findings</h2>
${severityFilter(report)}${findingsMarkup(report)}${suppressedMarkup(report)}</section>
`
}<section class="facts">
<h2>Facts</h2>
${factsMarkup(facts)}</section>
</main>
<footer>${tool.name} ${tool.version}, report schema ${schemaVersion}</footer>
</body>
</html>
`;
  return page.source;
}

function diagnosticsMarkup(diagnostics: readonly Diagnostic[]): Markup {
  if (diagnostics.length === 0) return html``;
  return html`<section class="diagnostics">
<h2>Could not be read, or read in spite of an oddity</h2>
<ul>${diagnostics.map((diagnostic) => {
    const object = unnamedObject(diagnostic);
    return html`<li class="${diagnostic.level}">${object === undefined ? '' : html`<code>${object}</code>: `}${diagnostic.message}</li>`;
  })}</ul></section>
`;
}
