const LEVELS = '▁▂▃▄▅▆▇█';

/** A series as a line of blocks, each the mean of its part; between its least and its greatest number. */
export function sparkline(series: readonly (number | null)[], width: number): string {
  const numbers = series.filter((value) => value !== null);
  if (numbers.length === 0) return '';
  const cells = Math.min(width, numbers.length);
  const means = Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * numbers.length) / cells);
    const part = numbers.slice(from, Math.max(from + 1, Math.floor(((cell + 1) * numbers.length) / cells)));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const least = means.reduce((a, b) => Math.min(a, b));
  const range = means.reduce((a, b) => Math.max(a, b)) - least;
  const level = (mean: number): number =>
    range === 0 ? 0 : Math.round(((mean - least) / range) * (LEVELS.length - 1));
  return means.map((mean) => LEVELS[level(mean)]).join('');
}
