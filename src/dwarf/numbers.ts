import { type Cursor, sleb128, uleb128 } from '../bytes/index.ts';

/** An unsigned LEB128 number that has to be a count, an index or an offset. */
export function ulebNumber(cursor: Cursor): number {
  const at = cursor.pos;
  const first = cursor.u8();
  return first < 0x80 ? first : safe(cursor.seek(at), uleb128(cursor));
}

export const slebNumber = (cursor: Cursor): number => safe(cursor, sleb128(cursor));

/** The length of a unit (DWARF 5, 7.4): its first word tells also how wide its offsets are. */
export function unitLength(cursor: Cursor): { length: number; is64: boolean } {
  const first = cursor.u32();
  if (first === 0xffff_ffff) return { length: safe(cursor, cursor.u64()), is64: true };
  if (first >= 0xffff_fff0) cursor.fail('unsupported', `unit length 0x${first.toString(16)}`, cursor.pos - 4);
  return { length: first, is64: false };
}

/** An offset into a section, as wide as the unit's format has it. */
export const sectionOffset = (cursor: Cursor, is64: boolean): number =>
  is64 ? safe(cursor, cursor.u64()) : cursor.u32();

/** Numbers past 2^53 cannot be real. */
export function safe(cursor: Cursor, value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : cursor.fail('bad-value', `a number of ${value}`);
}

/** A NUL-terminated string in the midst of other data. */
export function inlineString(cursor: Cursor): Uint8Array {
  const start = cursor.pos;
  while (cursor.u8() !== 0);
  const end = cursor.pos;
  const bytes = cursor.seek(start).bytes(end - start - 1);
  cursor.seek(end);
  return bytes;
}
