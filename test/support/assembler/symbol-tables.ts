import { SHN, STB, STT } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import { alignUp, type Layout } from './layout.ts';
import type { ElfSpec, SymbolSpec } from './spec.ts';
import { type Block, type StringPool, type Value, Writer } from './writer.ts';

/** Where symbols without a value of their own are, as offsets into their sections. */
export interface Places {
  readonly offsets: ReadonlyMap<string, number>;
  /** Bytes taken, by section. */
  readonly sizes: ReadonlyMap<string, number>;
}

const sectionOf = ({ section = '.text' }: SymbolSpec): string | number => section;
const ROOM = ['.text', '.data', '.bss', '.tdata', '.tbss'];
const key = ({ name, version = '' }: SymbolSpec) => `${name}@${version}`;
const symbolSize = (symbol: SymbolSpec) => symbol.size ?? (sectionOf(symbol) === '.text' ? 16 : 8);

export function planPlaces(spec: ElfSpec): Places {
  const offsets = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (const symbol of [...(spec.symbols ?? []), ...(spec.symtab ?? [])]) {
    const section = sectionOf(symbol);
    if (typeof section !== 'string' || !ROOM.includes(section)) continue;
    if (symbol.value !== undefined || offsets.has(key(symbol))) continue;
    const offset = alignUp(sizes.get(section) ?? 0, section === '.text' ? 16 : 8);
    offsets.set(key(symbol), offset);
    sizes.set(section, offset + symbolSize(symbol));
  }
  return { offsets, sizes };
}

/** st_value: an address, an offset into the TLS block, or in an object file an offset into the section. */
function symbolValue(context: Context, symbol: SymbolSpec, layout: Layout): bigint {
  if (symbol.value !== undefined) return BigInt(symbol.value);
  const section = sectionOf(symbol);
  const offset = context.places.offsets.get(key(symbol)) ?? 0;
  if (section === '.tdata') return BigInt(offset);
  if (section === '.tbss') return BigInt(alignUp(layout.size('.tdata'), 8) + offset);
  return typeof section === 'string' ? layout.address(section) + BigInt(offset) : BigInt(offset);
}

/** A function by address or by the name of a symbol. */
export function functionAddress(context: Context, entry: string | Value, layout: Layout): bigint {
  if (typeof entry !== 'string') return BigInt(entry);
  const symbol = context.symbols.find(({ name }) => name === entry);
  if (symbol === undefined) throw new Error(`no symbol ${entry} in the specification`);
  return symbolValue(context, symbol, layout);
}

const TYPES: Readonly<Record<string, number>> = {
  '.text': STT.FUNC,
  '.data': STT.OBJECT,
  '.bss': STT.OBJECT,
  '.tdata': STT.TLS,
  '.tbss': STT.TLS,
  COMMON: STT.OBJECT,
};

/** DT_SYMTAB or `.symtab`: the null symbol, then the given ones. */
export function symbolTable(
  context: Context,
  table: 'dynsym' | 'symtab',
  symbols: readonly SymbolSpec[],
  names: StringPool,
  layout: Layout,
): Block {
  const { encoding, spec } = context;
  const writer = new Writer(encoding).zeros(encoding.is64 ? 24 : 16);
  const extended = table === 'symtab' && spec.extendedSymbolSections;
  for (const symbol of symbols) {
    const label = `${table}.${symbol.name}`;
    const type = symbol.type ?? TYPES[sectionOf(symbol)] ?? STT.NOTYPE;
    const info = ((symbol.binding ?? STB.GLOBAL) << 4) | type;
    const index = layout.symbolSection(sectionOf(symbol));
    const section = extended && index !== 0 && index < SHN.LORESERVE ? SHN.XINDEX : index;
    const value = symbolValue(context, symbol, layout);
    const size = sectionOf(symbol) === 'UND' ? (symbol.size ?? 0) : symbolSize(symbol);
    writer.u32(names.offset(symbol.name), `${label}.st_name`);
    if (!encoding.is64) writer.word(value, `${label}.st_value`).word(size, `${label}.st_size`);
    writer.u8(info, `${label}.st_info`).u8(symbol.other ?? 0, `${label}.st_other`);
    writer.u16(section, `${label}.st_shndx`);
    if (encoding.is64) writer.word(value, `${label}.st_value`).word(size, `${label}.st_size`);
  }
  return writer.block();
}

/** SHT_SYMTAB_SHNDX: one word a symbol, 0 where st_shndx holds the index itself. */
export function extendedSections({ encoding, spec }: Context, layout: Layout): Block {
  const writer = new Writer(encoding).u32(0);
  for (const symbol of spec.symtab ?? []) {
    const index = layout.symbolSection(sectionOf(symbol));
    writer.u32(index < SHN.LORESERVE ? index : 0, `symtab_shndx.${symbol.name}`);
  }
  return writer.block();
}
