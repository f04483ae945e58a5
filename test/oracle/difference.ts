import type { Trace } from './ld-so.ts';

const TABLES = ['deps', 'bindings', 'undefinedSymbols'] as const;

/**
 * Where a prediction and the real thing differ, a line each: `-` for a row that only ld.so has, `+` for one
 * that only the simulation has, `~` for the first that stands in another place.
 */
export function differences(predicted: Trace, real: Trace): string[] {
  return TABLES.flatMap((table) => {
    const [mine, theirs] = [predicted[table], real[table]];
    const counts = new Map<string, number>();
    for (const row of mine) counts.set(row, (counts.get(row) ?? 0) + 1);
    for (const row of theirs) counts.set(row, (counts.get(row) ?? 0) - 1);
    const lines = [...counts].flatMap(([row, count]) =>
      Array.from({ length: Math.abs(count) }, () => line(count > 0 ? '+' : '-', table, row)),
    );
    const moved = lines.length > 0 ? -1 : mine.findIndex((row, index) => row !== theirs[index]);
    return moved < 0 ? lines : [line('~', table, mine[moved]!)];
  });
}

const line = (mark: string, table: string, row: string) => `${mark} ${table}: ${row.replaceAll('\t', ' ')}`;
