import { type Encoding, FormatError } from '../bytes/index.ts';
import { SHN } from './constants/index.ts';
import { type StringTable, stringTable } from './strings.ts';

/**
 * A symbol table (gABI, Symbol Table) as columns of equal length `count`, entry 0 (the null symbol) included.
 * `section` is st_shndx with SHN_XINDEX resolved where the file has SHT_SYMTAB_SHNDX.
 */
export interface SymbolTable {
  readonly count: number;
  readonly names: StringTable;
  readonly nameOffset: Uint32Array;
  readonly info: Uint8Array;
  readonly other: Uint8Array;
  readonly section: Uint32Array;
  readonly value: BigUint64Array;
  readonly size: BigUint64Array;
}

/** A table without entries, as a file has that exports and imports nothing. */
export const NO_SYMBOLS: SymbolTable = {
  count: 0,
  names: stringTable(new Uint8Array(0), '', 0),
  nameOffset: new Uint32Array(0),
  info: new Uint8Array(0),
  other: new Uint8Array(0),
  section: new Uint32Array(0),
  value: new BigUint64Array(0),
  size: new BigUint64Array(0),
};

/** One entry of a symbol table, made on demand. */
export interface SymbolEntry {
  readonly name: string;
  readonly type: number;
  readonly binding: number;
  readonly visibility: number;
  readonly other: number;
  readonly section: number;
  readonly value: bigint;
  readonly size: bigint;
}

export const symbolType = (info: number): number => info & 0xf;
export const symbolBinding = (info: number): number => info >> 4;
export const symbolVisibility = (other: number): number => other & 3;

export const symbolEntrySize = (encoding: Encoding): number => (encoding.is64 ? 24 : 16);

/** The low half of a 64-bit column entry comes first in memory on little-endian hosts, and second on others. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/**
 * Decodes the `bytes.length / entrySize` symbols of a table in one pass. `extended` is the content of
 * SHT_SYMTAB_SHNDX. Names are decoded when they are asked for.
 */
export function decodeSymbols(
  bytes: Uint8Array,
  encoding: Encoding,
  names: StringTable,
  extended?: Uint32Array,
): SymbolTable {
  const { littleEndian, is64 } = encoding;
  const entrySize = symbolEntrySize(encoding);
  const count = Math.floor(bytes.length / entrySize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameOffset = new Uint32Array(count);
  const info = new Uint8Array(count);
  const other = new Uint8Array(count);
  const section = new Uint32Array(count);
  const value = new BigUint64Array(count);
  const size = new BigUint64Array(count);
  // Written as 32-bit halves: no bigint is made for a table of half a million symbols.
  const valueHalves = new Uint32Array(value.buffer);
  const sizeHalves = new Uint32Array(size.buffer);
  const HIGH = 1 - LOW;
  const first = littleEndian ? 0 : 4; // of the two halves in the file, the low one
  for (let index = 0, at = 0; index < count; index++, at += entrySize) {
    nameOffset[index] = view.getUint32(at, littleEndian);
    if (is64) {
      info[index] = view.getUint8(at + 4);
      other[index] = view.getUint8(at + 5);
      section[index] = view.getUint16(at + 6, littleEndian);
      valueHalves[2 * index + LOW] = view.getUint32(at + 8 + first, littleEndian);
      valueHalves[2 * index + HIGH] = view.getUint32(at + 12 - first, littleEndian);
      sizeHalves[2 * index + LOW] = view.getUint32(at + 16 + first, littleEndian);
      sizeHalves[2 * index + HIGH] = view.getUint32(at + 20 - first, littleEndian);
    } else {
      valueHalves[2 * index + LOW] = view.getUint32(at + 4, littleEndian);
      sizeHalves[2 * index + LOW] = view.getUint32(at + 8, littleEndian);
      info[index] = view.getUint8(at + 12);
      other[index] = view.getUint8(at + 13);
      section[index] = view.getUint16(at + 14, littleEndian);
    }
    if (section[index] === SHN.XINDEX && extended?.[index] !== undefined) section[index] = extended[index]!;
  }
  return { count, names, nameOffset, info, other, section, value, size };
}

export function symbolName(table: SymbolTable, index: number): string {
  return table.names.at(table.nameOffset[index]!);
}

export function symbolAt(table: SymbolTable, index: number): SymbolEntry {
  if (index < 0 || index >= table.count) {
    const detail = `symbol ${index} of a table of ${table.count}`;
    throw new FormatError('bad-value', table.names.section, table.names.base, detail);
  }
  const other = table.other[index]!;
  return {
    name: symbolName(table, index),
    type: symbolType(table.info[index]!),
    binding: symbolBinding(table.info[index]!),
    visibility: symbolVisibility(other),
    other,
    section: table.section[index]!,
    value: table.value[index]!,
    size: table.size[index]!,
  };
}
