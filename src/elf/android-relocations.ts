import { Cursor, sleb128 } from '../bytes/index.ts';
import type { RelocationLayout, RelocationTable } from './relocations.ts';

const APS2 = 0x32535041; // "APS2", read as a little-endian word
const GROUPED_BY_INFO = 1;
const GROUPED_BY_OFFSET_DELTA = 2;
const GROUPED_BY_ADDEND = 4;
const GROUP_HAS_ADDEND = 8;

/**
 * Android's packed relocations (DT_ANDROID_REL, DT_ANDROID_RELA; bionic linker/linker_reloc_iterators.h):
 * `APS2`, then signed LEB128 numbers: count, first offset, groups of entries that share fields. A group whose
 * entries share everything takes no bytes an entry, so the bytes left do not bound the count; the number of
 * places to relocate does, and `limit` is how many the file can have at most.
 */
export function decodeAndroidRelocations(
  bytes: Uint8Array,
  layout: RelocationLayout,
  base: number,
  limit: number,
): RelocationTable {
  const cursor = new Cursor(bytes, { ...layout, littleEndian: true }, 'Android relocations', base);
  if (cursor.u32() !== APS2) cursor.fail('bad-magic', 'packed relocations do not start with APS2', 0);
  const number = () => sleb128(cursor);
  const small = (what: string) => {
    const value = number();
    if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) cursor.fail('bad-value', `${what} ${value}`);
    return Number(value);
  };
  const total = small('relocation count');
  if (total > limit) cursor.fail('bad-value', `${total} relocations in a file with ${limit} places for them`);
  const columns = {
    offset: new BigUint64Array(total),
    type: new Uint32Array(total),
    symbol: new Uint32Array(total),
    addend: layout.hasAddend ? new BigInt64Array(total) : undefined,
  };
  let offset = number();
  let addend = 0n;
  let info = 0n;
  for (let index = 0; index < total; ) {
    const size = small('group size');
    const flags = small('group flags');
    if (size === 0 || size > total - index) cursor.fail('bad-value', `group of ${size} relocations`);
    const offsetDelta = flags & GROUPED_BY_OFFSET_DELTA ? number() : undefined;
    if (flags & GROUPED_BY_INFO) info = number();
    const addendInGroup = (flags & GROUP_HAS_ADDEND) !== 0;
    if (addendInGroup && flags & GROUPED_BY_ADDEND) addend += number();
    else if (!addendInGroup) addend = 0n;
    for (const last = index + size; index < last; index++) {
      offset += offsetDelta ?? number();
      if (!(flags & GROUPED_BY_INFO)) info = number();
      if (addendInGroup && !(flags & GROUPED_BY_ADDEND)) addend += number();
      const raw = BigInt.asUintN(64, info);
      columns.offset[index] = BigInt.asUintN(64, offset);
      columns.symbol[index] = Number(layout.is64 ? raw >> 32n : (raw >> 8n) & 0xffffffn);
      columns.type[index] = Number(layout.is64 ? raw & 0xffffffffn : raw & 0xffn);
      if (columns.addend) columns.addend[index] = BigInt.asIntN(64, addend);
    }
  }
  return { count: total, ...columns };
}
