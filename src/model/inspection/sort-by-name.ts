import type { SymbolList } from './symbols.ts';

/** Runs of so few symbols are sorted by insertion. */
const FEW = 12;

/**
 * Sorts indexes of a symbol table by name, byte by byte, and those of one name by version. Names of C++ begin
 * alike for many bytes; a three-way radix quicksort (Bentley and Sedgewick, Fast Algorithms for Sorting and
 * Searching Strings) looks at each of them once, straight in the string table.
 */
export function sortByName(indexes: Uint32Array, symbols: SymbolList): void {
  const { names, nameOffset } = symbols.table;
  const { bytes } = names;
  /** The byte of a name at some depth, 0 at its end. */
  const byteAt = (index: number, depth: number): number => bytes[nameOffset[index]! + depth] ?? 0;
  const compare = (a: number, b: number, depth: number): number => {
    for (let at = depth; ; at++) {
      const one = byteAt(a, at);
      const other = byteAt(b, at);
      if (one !== other) return one - other;
      if (one === 0) return compareVersions(symbols, a, b);
    }
  };
  const insertionSort = (start: number, end: number, depth: number): void => {
    for (let next = start + 1; next < end; next++) {
      const index = indexes[next]!;
      let at = next;
      for (; at > start && compare(indexes[at - 1]!, index, depth) > 0; at--) indexes[at] = indexes[at - 1]!;
      indexes[at] = index;
    }
  };
  const swap = (a: number, b: number): void => {
    const index = indexes[a]!;
    indexes[a] = indexes[b]!;
    indexes[b] = index;
  };
  const runs: [start: number, end: number, depth: number][] = [[0, indexes.length, 0]];
  for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
    const [start, end, depth] = run;
    if (end - start <= FEW) {
      insertionSort(start, end, depth);
      continue;
    }
    const pivot = byteAt(indexes[(start + end) >>> 1]!, depth);
    let less = start;
    let greater = end;
    for (let at = start; at < greater; ) {
      const byte = byteAt(indexes[at]!, depth);
      if (byte < pivot) swap(less++, at++);
      else if (byte > pivot) swap(at, --greater);
      else at++;
    }
    if (less > start) runs.push([start, less, depth]);
    if (greater < end) runs.push([greater, end, depth]);
    if (pivot !== 0) runs.push([less, greater, depth + 1]);
    else indexes.subarray(less, greater).sort((a, b) => compareVersions(symbols, a, b));
  }
}

function compareVersions(symbols: SymbolList, a: number, b: number): number {
  const one = symbols.versionAt(a)?.name ?? '';
  const other = symbols.versionAt(b)?.name ?? '';
  if (one !== other) return one < other ? -1 : 1;
  return a - b;
}
