import type { Cursor } from './cursor.ts';

/** Ten groups of seven bits hold any 64-bit number; anything longer is padding or an attack. */
const MAX_GROUPS = 10;

/** Unsigned LEB128 (DWARF 5, section 7.6) of up to 64 bits, lossless. */
export function uleb128(cursor: Cursor): bigint {
  let result = 0n;
  for (let group = 0; group < MAX_GROUPS; group++) {
    const byte = cursor.u8();
    result |= BigInt(byte & 0x7f) << BigInt(7 * group);
    if (byte < 0x80) {
      if (result >= 1n << 64n) break;
      return result;
    }
  }
  return cursor.fail('overlong', 'unsigned LEB128 number of more than 64 bits');
}

/** Signed LEB128 (DWARF 5, section 7.6) of up to 64 bits, lossless. */
export function sleb128(cursor: Cursor): bigint {
  let result = 0n;
  for (let group = 0; group < MAX_GROUPS; group++) {
    const byte = cursor.u8();
    result |= BigInt(byte & 0x7f) << BigInt(7 * group);
    if (byte < 0x80) {
      const value = byte & 0x40 ? result - (1n << BigInt(7 * (group + 1))) : result;
      if (value !== BigInt.asIntN(64, value)) break;
      return value;
    }
  }
  return cursor.fail('overlong', 'signed LEB128 number of more than 64 bits');
}
