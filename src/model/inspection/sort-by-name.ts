import type { SymbolList } from './symbols.ts';

/** Runs of so few symbols are sorted by insertion. */
const FEW = 12;

/** Bytes of a name that are compared at once. */
const KEY = 4;

/**
 * Sorts indexes of a symbol table by name, byte by byte, and those of one name by version. Names of C++ begin
 * alike for many bytes: a three-way radix quicksort (Bentley and Sedgewick, Fast Algorithms for Sorting and
 * Searching Strings) looks at each byte that decides once, straight in the string table, here four at a time.
 * Small functions without closures, since they run for a moment only: compiling them must not cost more.
 */
export function sortByName(indexes: Uint32Array, symbols: SymbolList): void {
  const { names, nameOffset } = symbols.table;
  const keys = new Int32Array(indexes.length);
  // Three numbers a run: start, end, depth; those with the complement of a depth have their keys already.
  const runs = [0, indexes.length, 0];
  while (runs.length > 0) {
    let depth = runs.pop()!;
    const end = runs.pop()!;
    const start = runs.pop()!;
    if (depth < 0) depth = ~depth;
    else readKeys(keys, indexes, start, end, nameOffset, names.bytes, depth);
    if (end - start <= FEW) {
      sortFew(keys, indexes, start, end);
      for (let first = start, at = start + 1; at <= end; at++) {
        if (at < end && keys[at] === keys[first]) continue;
        if (at - first > 1) sortEqual(symbols, indexes, keys[first]!, runs, first, at, depth);
        first = at;
      }
      continue;
    }
    const pivot = medianOf(keys[start]!, keys[(start + end) >>> 1]!, keys[end - 1]!);
    let less = start;
    let greater = end;
    for (let at = start; at < greater; ) {
      const key = keys[at]!;
      if (key === pivot) {
        at++;
        continue;
      }
      const other = key < pivot ? less++ : --greater;
      const index = indexes[at]!;
      indexes[at] = indexes[other]!;
      indexes[other] = index;
      keys[at] = keys[other]!;
      keys[other] = key;
      if (key < pivot) at++;
    }
    if (less - start > 1) runs.push(start, less, ~depth);
    if (end - greater > 1) runs.push(greater, end, ~depth);
    if (greater - less > 1) sortEqual(symbols, indexes, pivot, runs, less, greater, depth);
  }
}

/** A run of one key: what follows the key decides, or, where the names end in it, the version. */
function sortEqual(
  symbols: SymbolList,
  indexes: Uint32Array,
  key: number,
  runs: number[],
  start: number,
  end: number,
  depth: number,
): void {
  if ((key & 0xff) !== 0) runs.push(start, end, depth + KEY);
  else indexes.subarray(start, end).sort((a, b) => compareVersions(symbols, a, b));
}

/** The next bytes of each name as one signed number, the first byte highest, zeros after the name's end. */
function readKeys(
  keys: Int32Array,
  indexes: Uint32Array,
  start: number,
  end: number,
  nameOffset: Uint32Array,
  bytes: Uint8Array,
  depth: number,
): void {
  for (let at = start; at < end; at++) {
    const from = nameOffset[indexes[at]!]! + depth;
    let key = 0;
    for (let shift = 24, next = from; shift >= 0; shift -= 8, next++) {
      const byte = next < bytes.length ? bytes[next]! : 0;
      if (byte === 0) break;
      key |= byte << shift;
    }
    keys[at] = key ^ 0x80000000;
  }
}

function sortFew(keys: Int32Array, indexes: Uint32Array, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const key = keys[next]!;
    const index = indexes[next]!;
    let at = next;
    for (; at > start && keys[at - 1]! > key; at--) {
      keys[at] = keys[at - 1]!;
      indexes[at] = indexes[at - 1]!;
    }
    keys[at] = key;
    indexes[at] = index;
  }
}

function medianOf(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : Math.max(a, c);
  return a < c ? a : Math.max(b, c);
}

function compareVersions(symbols: SymbolList, a: number, b: number): number {
  const one = symbols.versionAt(a)?.name ?? '';
  const other = symbols.versionAt(b)?.name ?? '';
  if (one !== other) return one < other ? -1 : 1;
  return a - b;
}
