import type { Trace } from './ld-so.ts';

const TABLES = ['deps', 'bindings', 'undefinedSymbols'] as const;

/**
 * Where a prediction and the real thing differ, a line each: `-` for a row that only ld.so has, `+` for one
 * that only the simulation has. Dependencies carry their order; of bindings the multiset counts.
 */
export function differences(predicted: Trace, real: Trace): string[] {
  return TABLES.flatMap((table) => {
    const counts = new Map<string, number>();
    for (const row of predicted[table]) counts.set(row, (counts.get(row) ?? 0) + 1);
    for (const row of real[table]) counts.set(row, (counts.get(row) ?? 0) - 1);
    return [...counts].flatMap(([row, count]) => {
      const line = `${count > 0 ? '+' : '-'} ${table}: ${row.replaceAll('\t', ' ')}`;
      return Array.from({ length: Math.abs(count) }, () => line);
    });
  });
}
