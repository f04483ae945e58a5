/** Suffixes of literals whose type neither tool writes out, by the type's code. */
export const LITERAL_SUFFIXES: ReadonlyMap<number, string> = new Map([
  [105, ''], // i
  [106, 'u'], // j
  [108, 'l'], // l
  [109, 'ul'], // m
  [120, 'll'], // x
  [121, 'ull'], // y
]);
