import type { Encoding } from '../bytes/index.ts';
import { EM } from './constants/index.ts';

/**
 * Relocations as columns of equal length `count`. `offset` is r_offset (an address in a linked file, an offset
 * into the section in an object file). `addend` is undefined for tables that keep the addend in place (REL).
 */
export interface RelocationTable {
  readonly count: number;
  readonly offset: BigUint64Array;
  readonly type: Uint32Array;
  readonly symbol: Uint32Array;
  readonly addend: BigInt64Array | undefined;
}

/** How a file writes relocations: with addend in the entry (RELA) or in place (REL). */
export interface RelocationLayout extends Encoding {
  readonly machine: number;
  readonly hasAddend: boolean;
}

export function relocationEntrySize({ is64, hasAddend }: RelocationLayout): number {
  return (is64 ? 8 : 4) * (hasAddend ? 3 : 2);
}

/** MIPS N64 has a 32-bit symbol and four bytes of types in place of one 64-bit number. */
const usesMipsInfo = ({ machine, is64 }: RelocationLayout) => machine === EM.MIPS && is64;

function readSymbol(view: DataView, infoAt: number, layout: RelocationLayout): number {
  const { is64, littleEndian } = layout;
  if (!is64) return view.getUint32(infoAt, littleEndian) >>> 8;
  if (usesMipsInfo(layout)) return view.getUint32(infoAt, littleEndian);
  return view.getUint32(infoAt + (littleEndian ? 4 : 0), littleEndian);
}

function readType(view: DataView, infoAt: number, layout: RelocationLayout): number {
  const { is64, littleEndian } = layout;
  if (!is64) return view.getUint32(infoAt, littleEndian) & 0xff;
  if (usesMipsInfo(layout)) {
    // ssym, type3, type2, type: composed as the N64 ABI writes them, the first operation lowest
    return view.getUint8(infoAt + 7) | (view.getUint8(infoAt + 6) << 8) | (view.getUint8(infoAt + 5) << 16);
  }
  return view.getUint32(infoAt + (littleEndian ? 0 : 4), littleEndian);
}

export function decodeRelocations(bytes: Uint8Array, layout: RelocationLayout): RelocationTable {
  const { is64, littleEndian, hasAddend } = layout;
  const entrySize = relocationEntrySize(layout);
  const word = is64 ? 8 : 4;
  const count = Math.floor(bytes.length / entrySize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = new BigUint64Array(count);
  const type = new Uint32Array(count);
  const symbol = new Uint32Array(count);
  const addend = hasAddend ? new BigInt64Array(count) : undefined;
  for (let index = 0, at = 0; index < count; index++, at += entrySize) {
    offset[index] = is64 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
    symbol[index] = readSymbol(view, at + word, layout);
    type[index] = readType(view, at + word, layout);
    if (addend) {
      const addendAt = at + 2 * word;
      addend[index] = is64
        ? view.getBigInt64(addendAt, littleEndian)
        : BigInt(view.getInt32(addendAt, littleEndian));
    }
  }
  return { count, offset, type, symbol, addend };
}

/** The relocations of a table that name a symbol: what the loader has to look up, in the table's order. */
export interface SymbolReferences {
  readonly symbol: Uint32Array;
  readonly type: Uint32Array;
}

/** Picks the references out of a table without decoding the rest; most tables are mostly relative entries. */
export function decodeReferences(bytes: Uint8Array, layout: RelocationLayout): SymbolReferences {
  const entrySize = relocationEntrySize(layout);
  const word = layout.is64 ? 8 : 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - entrySize;
  let count = 0;
  for (let at = 0; at <= end; at += entrySize) {
    if (readSymbol(view, at + word, layout) !== 0) count++;
  }
  const symbol = new Uint32Array(count);
  const type = new Uint32Array(count);
  for (let at = 0, next = 0; at <= end; at += entrySize) {
    const index = readSymbol(view, at + word, layout);
    if (index === 0) continue;
    symbol[next] = index;
    type[next++] = readType(view, at + word, layout);
  }
  return { symbol, type };
}

/** What a table holds, told without decoding it: most tables are long, and most of their entries alike. */
export interface RelocationSurvey {
  /** How often each r_type occurs, in ascending order. */
  readonly types: ReadonlyMap<number, number>;
  /** The relocations whose r_offset lies in the range that was asked for. */
  readonly within: RelocationTable;
}

/** A range of addresses, `end` excluded. */
export interface AddressRange {
  readonly start: bigint;
  readonly end: bigint;
}

export const NO_RANGE: AddressRange = { start: 0n, end: 0n };

/** Counts the types of a table and picks the relocations of `range`. */
export function surveyRelocations(
  bytes: Uint8Array,
  layout: RelocationLayout,
  range: AddressRange = NO_RANGE,
): RelocationSurvey {
  const entrySize = relocationEntrySize(layout);
  const infoAt = layout.is64 ? 8 : 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - (bytes.length % entrySize);
  const types = new Map<number, number>();
  // Tables are sorted into runs of one type: the map is asked once a run, not once an entry.
  for (let at = 0; at < end; ) {
    const type = readType(view, at + infoAt, layout);
    const next = endOfRun(view, at, end, entrySize, type, layout);
    types.set(type, (types.get(type) ?? 0) + (next - at) / entrySize);
    at = next;
  }
  return { types: ascending(types), within: relocationsWithin(view, end, entrySize, layout, range) };
}

/** Where the entries of one type that begin at `start` end. */
function endOfRun(
  view: DataView,
  start: number,
  end: number,
  entrySize: number,
  type: number,
  layout: RelocationLayout,
): number {
  let at = start + entrySize;
  if (layout.is64 && !usesMipsInfo(layout)) {
    // By far the most frequent case: a loop over one word of each entry.
    const { littleEndian } = layout;
    const typeAt = littleEndian ? 8 : 12;
    while (at < end && view.getUint32(at + typeAt, littleEndian) === type) at += entrySize;
    return at;
  }
  const infoAt = layout.is64 ? 8 : 4;
  while (at < end && readType(view, at + infoAt, layout) === type) at += entrySize;
  return at;
}

function relocationsWithin(
  view: DataView,
  end: number,
  entrySize: number,
  layout: RelocationLayout,
  range: AddressRange,
): RelocationTable {
  const { is64, littleEndian } = layout;
  const lowAt = is64 && !littleEndian ? 4 : 0;
  const highAt = 4 - lowAt;
  // As doubles: exact up to 2^53, and monotonic above, where the bigints of `selectWithin` decide.
  const [from, to] = [Number(range.start), Number(range.end)];
  const found: number[] = [];
  for (let at = range.start < range.end ? 0 : end; at < end; at += entrySize) {
    const low = view.getUint32(at + lowAt, littleEndian);
    const address = is64 ? view.getUint32(at + highAt, littleEndian) * 0x1_0000_0000 + low : low;
    if (address >= from && address <= to) found.push(at);
  }
  const picked = new Uint8Array(found.length * entrySize);
  found.forEach((at, index) => {
    picked.set(new Uint8Array(view.buffer, view.byteOffset + at, entrySize), index * entrySize);
  });
  return selectWithin(decodeRelocations(picked, layout), range);
}

/** The same for a table that is decoded already. */
export function surveyDecoded(table: RelocationTable, range: AddressRange): RelocationSurvey {
  const types = new Map<number, number>();
  for (const type of table.type) types.set(type, (types.get(type) ?? 0) + 1);
  return { types: ascending(types), within: selectWithin(table, range) };
}

const ascending = (types: ReadonlyMap<number, number>) => new Map([...types].sort(([a], [b]) => a - b));

function selectWithin(table: RelocationTable, { start, end }: AddressRange): RelocationTable {
  const isWithin = (_: unknown, index: number) => table.offset[index]! >= start && table.offset[index]! < end;
  const offset = table.offset.filter(isWithin);
  return {
    count: offset.length,
    offset,
    type: table.type.filter(isWithin),
    symbol: table.symbol.filter(isWithin),
    addend: table.addend?.filter(isWithin),
  };
}
