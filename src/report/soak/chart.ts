const LEVELS = '▁▂▃▄▅▆▇█';

/**
 * A series as a line of blocks, each the mean of its part; between the least and the greatest number of `scale`,
 * by default its own.
 */
export function sparkline(
  series: readonly (number | null)[],
  width: number,
  scale: readonly (number | null)[] = series,
): string {
  const means = meansOf(series, width);
  const all = scale === series ? means : [...means, ...meansOf(scale, width)];
  const least = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const range = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least;
  const level = (mean: number): number =>
    range === 0 ? 0 : Math.round(((mean - least) / range) * (LEVELS.length - 1));
  return means.map((mean) => LEVELS[level(mean)]).join('');
}

function meansOf(series: readonly (number | null)[], width: number): number[] {
  const numbers = series.filter((value) => value !== null);
  const cells = Math.min(width, numbers.length);
  return Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * numbers.length) / cells);
    const part = numbers.slice(from, Math.max(from + 1, Math.floor(((cell + 1) * numbers.length) / cells)));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
