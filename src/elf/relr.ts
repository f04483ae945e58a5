import type { Encoding } from '../bytes/index.ts';

/** Number of relative relocations that a DT_RELR table stands for (gABI, Relative Relocation Table). */
export function countRelr(bytes: Uint8Array, encoding: Encoding): number {
  const { is64, littleEndian } = encoding;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = is64 ? 8 : 4;
  let count = 0;
  for (let at = 0; at + word <= bytes.length; at += word) {
    const low = view.getUint32(at + (is64 && !littleEndian ? 4 : 0), littleEndian);
    if ((low & 1) === 0) {
      count++; // an address
      continue;
    }
    const high = is64 ? view.getUint32(at + (littleEndian ? 4 : 0), littleEndian) : 0;
    count += bitCount(low) + bitCount(high) - 1; // a bitmap of the words that follow; its lowest bit is a mark
  }
  return count;
}

function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
