import type { TaskRecord } from './record.ts';

const HEADINGS = ['', 'CPU', 'wall', 'peak', 'CPU / ours', 'wall / ours'];

/** The outcome of one task as a table; whoever did not run stands below it with the reason. */
export function renderTable({ results }: TaskRecord): string {
  const rows = results.flatMap(({ name, version, figures, ratios }) =>
    figures
      ? [
          [
            version === undefined ? name : `${name} (${version})`,
            `${figures.cpu.toFixed(3)} s`,
            `${figures.wall.toFixed(3)} s`,
            `${(figures.peak / 1e6).toFixed(1)} MB`,
            ratios ? ratios.cpu.toFixed(2) : '',
            ratios ? ratios.wall.toFixed(2) : '',
          ],
        ]
      : [],
  );
  const table = rows.length === 0 ? [] : [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  const absent = results.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${name}: ${failure}`],
  );
  return [...lines, ...absent].join('\n');
}
