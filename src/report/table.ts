import stringWidth from 'string-width';
import { printable } from './printable.ts';
import { type Paint, PLAIN, type Style } from './style.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand right; default is left. */
  readonly align?: 'left' | 'right';
  /** Colour of the column's cells; applied after the alignment, so it may depend on the text. */
  readonly paint?: Paint;
}

const ASCII = /^[\x20-\x7e]*$/;
const GAP = '  ';

function width(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/**
 * Columns aligned by what a terminal shows (wide and combining characters counted right), one line a row,
 * with a heading. The last column is not padded, so that lines have no blanks at their ends.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style = PLAIN,
): string {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = columns.map(({ title }) => width(title));
  for (const row of cells) {
    for (let index = 0; index < row.length; index++) {
      const cell = width(row[index]!);
      if (cell > widths[index]!) widths[index] = cell;
    }
  }
  const line = (row: readonly string[], paint: (index: number) => Paint | undefined): string => {
    let text = '';
    for (let index = 0; index < row.length; index++) {
      const cell = row[index]!;
      const column = columns[index]!;
      const painted = paint(index)?.(cell) ?? cell;
      const isLast = index === row.length - 1;
      const padding = isLast && column.align !== 'right' ? '' : ' '.repeat(widths[index]! - width(cell));
      text += (index === 0 ? '' : GAP) + (column.align === 'right' ? padding + painted : painted + padding);
    }
    return text.trimEnd();
  };
  const heading = line(
    columns.map(({ title }) => title),
    () => style.bold,
  );
  const body = cells.map((row) => line(row, (index) => columns[index]!.paint));
  return `${[heading, ...body].join('\n')}\n`;
}
