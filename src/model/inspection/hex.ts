/** An address, offset or bit mask as reports write them. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** The entries of a 64-bit column as pairs of 32-bit words; no bigint is made to look at them. */
export function wordsOf(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}

/** Which word of a pair is the low one on this machine. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** Entry `index` of a column as `hex` would write it. */
export function hexAt(words: Uint32Array, index: number): string {
  const low = words[2 * index + LOW]!;
  const high = words[2 * index + HIGH]!;
  if (high === 0) return low === 0 ? '0x0' : `0x${low.toString(16)}`;
  return `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}

/** Entry `index` of a column as a number: exact below 2^53, where real sizes and addresses of files are. */
export function numberAt(words: Uint32Array, index: number): number {
  return words[2 * index + HIGH]! * 0x1_0000_0000 + words[2 * index + LOW]!;
}

/** The highest of some entries of a column as a number; 0 of none. */
export function highestOf(words: Uint32Array, indexes: Uint32Array): number {
  let high = 0;
  let low = 0;
  for (let at = 0; at < indexes.length; at++) {
    const index = indexes[at]!;
    const top = words[2 * index + HIGH]!;
    if (top < high) continue;
    const bottom = words[2 * index + LOW]!;
    if (top > high || bottom > low) low = bottom;
    high = top;
  }
  return high * 0x1_0000_0000 + low;
}
