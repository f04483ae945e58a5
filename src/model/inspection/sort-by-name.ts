import type { SymbolList } from './symbols.ts';

/** Runs of so few symbols are sorted by insertion. */
const FEW = 12;

/** Bytes of a name that are compared at once. */
const KEY = 4;

/**
 * Sorts indexes of a symbol table by name, byte by byte, and those of one name by version. Names of C++ begin
 * alike for many bytes: a three-way radix quicksort (Bentley and Sedgewick, Fast Algorithms for Sorting and
 * Searching Strings) looks at each byte that decides once, straight in the string table, here four at a time.
 */
export function sortByName(indexes: Uint32Array, symbols: SymbolList): void {
  const { names, nameOffset } = symbols.table;
  const { bytes } = names;
  const keys = new Uint32Array(indexes.length);
  const sortVersions = (start: number, end: number): void => {
    if (end - start > 1) indexes.subarray(start, end).sort((a, b) => compareVersions(symbols, a, b));
  };
  const readKeys = (start: number, end: number, depth: number): void => {
    for (let at = start; at < end; at++) keys[at] = keyAt(bytes, nameOffset[indexes[at]!]! + depth);
  };
  const swap = (a: number, b: number): void => {
    const index = indexes[a]!;
    const key = keys[a]!;
    indexes[a] = indexes[b]!;
    keys[a] = keys[b]!;
    indexes[b] = index;
    keys[b] = key;
  };
  const insertionSort = (start: number, end: number): void => {
    for (let next = start + 1; next < end; next++) {
      for (let at = next; at > start && keys[at - 1]! > keys[at]!; at--) swap(at - 1, at);
    }
  };
  /** All of these have the same key: what follows it decides, or nothing does. */
  const deeper = (first: number, last: number, depth: number): void => {
    if (last - first < 2) return;
    if ((keys[first]! & 0xff) === 0) {
      sortVersions(first, last);
      return;
    }
    readKeys(first, last, depth + KEY);
    runs.push(first, last, depth + KEY);
  };

  const runs = [0, indexes.length, 0];
  readKeys(0, indexes.length, 0);
  // Each run has its keys of `depth` in place; three numbers a run.
  while (runs.length > 0) {
    const depth = runs.pop()!;
    const end = runs.pop()!;
    const start = runs.pop()!;
    if (end - start <= FEW) {
      insertionSort(start, end);
      for (let first = start, at = start + 1; at <= end; at++) {
        if (at < end && keys[at] === keys[first]) continue;
        deeper(first, at, depth);
        first = at;
      }
      continue;
    }
    const pivot = keys[(start + end) >>> 1]!;
    let less = start;
    let greater = end;
    for (let at = start; at < greater; ) {
      const key = keys[at]!;
      if (key < pivot) swap(less++, at++);
      else if (key > pivot) swap(at, --greater);
      else at++;
    }
    if (less > start) runs.push(start, less, depth);
    if (greater < end) runs.push(greater, end, depth);
    deeper(less, greater, depth);
  }
}

/** The bytes of a name from `at` on as one number, the first one highest, zeros after its end. */
function keyAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  if (second === 0) return (first << 24) >>> 0;
  const third = bytes[at + 2] ?? 0;
  if (third === 0) return ((first << 24) | (second << 16)) >>> 0;
  return ((first << 24) | (second << 16) | (third << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}

function compareVersions(symbols: SymbolList, a: number, b: number): number {
  const one = symbols.versionAt(a)?.name ?? '';
  const other = symbols.versionAt(b)?.name ?? '';
  if (one !== other) return one < other ? -1 : 1;
  return a - b;
}
