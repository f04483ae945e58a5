import type { LabFacts, LabRow, LabStatus, LabsFacts, VariantFacts } from '../analyses/labs/lab-facts.ts';
import { printable } from './printable.ts';
import type { Paint, Style } from './style.ts';
import { renderTable } from './table.ts';

const YES = '✓';
const NO = '✗';

/** Predicted beside observed, lab by lab, and how many passed. */
export function renderLabs({ labs }: LabsFacts, style: Style): string {
  return `${labs.map((lab) => `${renderLab(lab, style)}\n`).join('')}${summaryLine(labs, style)}\n`;
}

function statusPaint(status: LabStatus, style: Style): Paint {
  return { passed: style.green, failed: style.red, skipped: style.yellow }[status];
}

function renderLab({ name, title, source, status, missingTools, variants }: LabFacts, style: Style): string {
  const reason = missingTools.length > 0 ? `: not installed: ${missingTools.join(', ')}` : '';
  const heading = `${style.bold(name)}  ${statusPaint(status, style)(status)}${printable(reason)}\n`;
  const tables = variants.map((variant) => `\n${renderVariant(variant, style)}`);
  return `${heading}${title}\n${style.dim(source)}\n${tables.join('')}`;
}

function renderVariant({ name, skipped, rows }: VariantFacts, style: Style): string {
  if (skipped !== undefined)
    return `  ${style.dim(name)}  ${style.yellow('skipped')}: ${printable(skipped)}\n`;
  const columns = [
    { title: '', paint: (mark: string) => (mark === YES ? style.green : style.red)(mark) },
    { title: style.dim(name) },
    { title: 'PREDICTED' },
    { title: 'OBSERVED' },
  ];
  const cells = rows.map(({ what, predicted, observed, agrees }) => [
    agrees ? YES : NO,
    what,
    predicted,
    observed,
  ]);
  const lines = `${renderTable(columns, cells, style)}${rows.map((row) => statedLine(row, style)).join('')}`;
  return lines.replace(/^(?=.)/gm, '  ');
}

/** Solder predicts other things than the lab says it must: that is what has to be looked into. */
function statedLine({ what, stated }: LabRow, style: Style): string {
  return stated === undefined ? '' : `${style.red(`${NO}  ${what}: the lab states`)} ${printable(stated)}\n`;
}

function summaryLine(labs: readonly LabFacts[], style: Style): string {
  const statuses: readonly LabStatus[] = ['passed', 'failed', 'skipped'];
  return statuses
    .map((status) => ({ status, number: labs.filter((lab) => lab.status === status).length }))
    .map(({ status, number }) =>
      number === 0 ? `0 ${status}` : statusPaint(status, style)(`${number} ${status}`),
    )
    .join(', ');
}
