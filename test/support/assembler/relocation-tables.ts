import { EM } from '../../../src/elf/index.ts';
import { type Context, symbolIndex } from './context.ts';
import type { Layout } from './layout.ts';
import type { PackedGroupSpec, PackedSpec, RelocationSpec, SymbolSpec } from './spec.ts';
import { type Block, Writer } from './writer.ts';

/** Reserved words at the start of `.got.plt`: the dynamic section, the link map, the resolver. */
export const GOT_PLT_RESERVED = 3;

/** Slots that the relocations of a table take in `.got`, or `.got.plt`: one for each without an offset. */
export function gotSlots({ spec }: Context, table: 'rel' | 'rela' | 'jmprel'): number {
  return (spec[table] ?? []).filter(({ offset }) => offset === undefined).length;
}

/** The psABIs of these machines have REL tables only. */
const REL_MACHINES: readonly number[] = [EM['386'], EM.ARM, EM.MIPS, EM.IAMCU];
export function jmprelHasAddend({ spec, machine, encoding }: Context): boolean {
  return spec.jmprelHasAddend ?? (encoding.is64 || !REL_MACHINES.includes(machine));
}

/** A REL or RELA table. `firstSlot` is the GOT address of the first relocation that has no offset. */
export function relocationTable(
  context: Context,
  label: string,
  entries: readonly RelocationSpec[],
  hasAddend: boolean,
  symbols: readonly SymbolSpec[],
  firstSlot: bigint,
): Block {
  const { encoding } = context;
  const writer = new Writer(encoding);
  let slot = firstSlot;
  for (const [index, entry] of entries.entries()) {
    writer.word(entry.offset ?? slot, `${label}.${index}.r_offset`);
    if (entry.offset === undefined) slot += encoding.is64 ? 8n : 4n;
    writeInfo(writer, context, symbolIndex(symbols, entry.symbol), entry.type, `${label}.${index}`);
    if (hasAddend) writer.word(entry.addend ?? 0, `${label}.${index}.r_addend`);
  }
  return writer.block();
}

/** r_info; MIPS N64 has a 32-bit symbol, a special symbol and three types, whatever the byte order. */
function writeInfo(
  writer: Writer,
  { machine, encoding }: Context,
  symbol: number,
  type: number,
  label: string,
): void {
  if (!encoding.is64) writer.u32((symbol << 8) | type, `${label}.r_info`);
  else if (machine !== EM.MIPS) writer.u64((BigInt(symbol) << 32n) | BigInt(type), `${label}.r_info`);
  else {
    writer
      .u32(symbol, `${label}.r_sym`)
      .u8(0, `${label}.r_ssym`)
      .u8(type >> 16, `${label}.r_type3`);
    writer.u8(type >> 8, `${label}.r_type2`).u8(type, `${label}.r_type`);
  }
}

/**
 * DT_RELR (gABI, Relative Relocation Table): an even word is an address to relocate, an odd one a bitmap of the
 * 63 (31) words after the last one covered.
 */
export function relrTable({ spec, encoding }: Context, layout: Layout): Block {
  const writer = new Writer(encoding);
  const word = encoding.is64 ? 8 : 4;
  const places = spec.relr!;
  const base = layout.address('.data');
  let number = 0;
  for (let index = 0; index < places.length; ) {
    writer.word(base + BigInt(places[index]!), `relr.${number++}`);
    let next = places[index++]! + word;
    for (;;) {
      let bitmap = 0n;
      const covered = (8 * word - 1) * word;
      for (; index < places.length && places[index]! < next + covered; index++) {
        if ((places[index]! - next) % word !== 0) break;
        bitmap |= 1n << BigInt((places[index]! - next) / word + 1);
      }
      if (bitmap === 0n) break;
      writer.word(bitmap | 1n, `relr.${number++}`);
      next += covered;
    }
  }
  return writer.block();
}

/** Android's packed relocations: APS2, then signed LEB128 numbers (bionic, linker_reloc_iterators.h). */
export function packedTable({ encoding }: Context, { firstOffset, groups }: PackedSpec): Block {
  const writer = new Writer(encoding).bytes(new TextEncoder().encode('APS2'));
  writer.sleb128(groups.reduce((count, { entries }) => count + entries.length, 0)).sleb128(firstOffset);
  for (const group of groups) {
    const { offsetDelta, info, addendDelta } = group;
    const hasAddend = packedAddend(group);
    writer.sleb128(group.entries.length);
    const flags = [info !== undefined, offsetDelta !== undefined, addendDelta !== undefined, hasAddend];
    writer.sleb128(flags.reduce((bits, set, bit) => bits | (set ? 1 << bit : 0), 0));
    if (offsetDelta !== undefined) writer.sleb128(offsetDelta);
    if (info !== undefined) writer.sleb128(info);
    if (addendDelta !== undefined) writer.sleb128(addendDelta);
    for (const entry of group.entries) {
      if (offsetDelta === undefined) writer.sleb128(entry.offsetDelta ?? 0);
      if (info === undefined) writer.sleb128(entry.info ?? 0);
      if (hasAddend && addendDelta === undefined) writer.sleb128(entry.addendDelta ?? 0);
    }
  }
  return writer.block();
}

function packedAddend({ hasAddend, addendDelta, entries }: PackedGroupSpec): boolean {
  return hasAddend ?? (addendDelta !== undefined || entries.some((entry) => entry.addendDelta !== undefined));
}
