import { ET, PT } from '../../../src/elf/index.ts';
import { planChunks } from './chunks.ts';
import { type Context, contextOf } from './context.ts';
import { alignUp, Layout, place } from './layout.ts';
import { type PlannedSegment, planSegments } from './segments.ts';
import type { ElfSpec } from './spec.ts';
import { type Block, type Field, setNumber, Writer } from './writer.ts';

/** An assembled file, and where its numbers stand; labels are unique. */
export interface Assembled {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  readonly littleEndian: boolean;
}

/**
 * Assembles an ELF file. Labels of numbers, for `set`: `ehdr.e_shnum`, `phdr.LOAD.p_offset`,
 * `shdr..dynsym.sh_size`, `dynamic.SONAME.d_val`, `dynsym.NAME.st_value`, `gnu_hash.nbuckets`, `hash.nchain`,
 * `versym.NAME`, `verneed.FILE.vn_cnt`, `vernaux.FILE.VERSION.vna_hash`, `verdef.NAME.vd_aux`,
 * `verdaux.NAME.NAME.vda_name`, `rela.0.r_info`, `jmprel.0.r_offset`, `relr.0`, `init_array.0`,
 * `note.0.n_namesz`, `group.0.flags`; the second of the same name ends in `#2`.
 */
export function assemble(spec: ElfSpec): Uint8Array {
  return assembleWithLabels(spec).bytes;
}

export function assembleWithLabels(spec: ElfSpec): Assembled {
  const context = contextOf(spec);
  const chunks = planChunks(context);
  for (const { name } of chunks) context.shstrtab.offset(name);
  const loaded = context.type !== ET.REL;
  const ehdrSize = context.encoding.is64 ? 64 : 52;
  const segments = (layout: Layout, headerSize: number) => planSegments(context, layout, headerSize);
  // Contents depend on places and places on sizes: settle both
  let layout = place(chunks, ehdrSize, loaded, new Layout([], 0));
  const headerSize = ehdrSize + segments(layout, ehdrSize).length * (context.encoding.is64 ? 56 : 32);
  for (let round = 0; ; round++) {
    const next = place(chunks, headerSize, loaded, layout);
    const settled = next.sameAs(layout);
    layout = next;
    if (settled) break;
    if (round > 16) throw new Error('the layout does not settle');
  }
  return join(context, layout, segments(layout, headerSize));
}

function join(context: Context, layout: Layout, segments: readonly PlannedSegment[]): Assembled {
  const { spec, encoding } = context;
  const hasSections = spec.sectionHeaders !== false;
  const shoff = hasSections ? alignUp(layout.end, encoding.is64 ? 8 : 4) : 0;
  const blocks: [offset: number, block: Block][] = [
    [0, headers(context, layout, segments, shoff)],
    ...layout.sections.map(({ offset, block }) => [offset, block] as [number, Block]),
  ];
  if (hasSections) blocks.push([shoff, sectionHeaders(context, layout, segments.length)]);
  const bytes = new Uint8Array(Math.max(...blocks.map(([offset, block]) => offset + block.bytes.length)));
  const fields: Field[] = [];
  const seen = new Map<string, number>();
  for (const [offset, block] of blocks) {
    bytes.set(block.bytes, offset);
    for (const field of block.fields) {
      const count = (seen.get(field.label) ?? 0) + 1;
      seen.set(field.label, count);
      const label = count === 1 ? field.label : `${field.label}#${count}`;
      fields.push({ label, offset: offset + field.offset, size: field.size });
    }
  }
  for (const [label, value] of Object.entries(spec.set ?? {})) {
    const field = fields.find((candidate) => candidate.label === label);
    if (field === undefined) throw new Error(`no field ${label} in the assembled file`);
    setNumber(bytes, field.offset, field.size, value, encoding.littleEndian);
  }
  return { bytes, fields, littleEndian: encoding.littleEndian };
}

const PN_XNUM = 0xffff;
const SHN_XINDEX = 0xffff;
const PT_NAMES = new Map<number, string>(Object.entries(PT).map(([name, type]) => [type, name]));

/** ELF header and program headers. */
function headers(
  context: Context,
  layout: Layout,
  segments: readonly PlannedSegment[],
  shoff: number,
): Block {
  const { spec, encoding, type, machine } = context;
  const { is64, littleEndian } = encoding;
  const writer = new Writer(encoding);
  // Without section headers there is no place for large counts
  const extended = shoff === 0 ? {} : (spec.extendedNumbering ?? {});
  const shnum = shoff === 0 ? 0 : layout.sections.length + 1;
  writer.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46));
  writer
    .u8(is64 ? 2 : 1, 'ehdr.ei_class')
    .u8(littleEndian ? 1 : 2, 'ehdr.ei_data')
    .u8(1, 'ehdr.ei_version');
  writer
    .u8(spec.osabi ?? 0, 'ehdr.ei_osabi')
    .u8(0, 'ehdr.ei_abiversion')
    .zeros(7);
  writer.u16(type, 'ehdr.e_type').u16(machine, 'ehdr.e_machine').u32(1, 'ehdr.e_version');
  writer.word(spec.entry ?? 0, 'ehdr.e_entry');
  writer.word(segments.length > 0 ? (is64 ? 64 : 52) : 0, 'ehdr.e_phoff').word(shoff, 'ehdr.e_shoff');
  writer.u32(spec.flags ?? 0, 'ehdr.e_flags').u16(is64 ? 64 : 52, 'ehdr.e_ehsize');
  writer.u16(segments.length > 0 ? (is64 ? 56 : 32) : 0, 'ehdr.e_phentsize');
  writer.u16(extended.segments ? PN_XNUM : segments.length, 'ehdr.e_phnum');
  writer.u16(shoff > 0 ? (is64 ? 64 : 40) : 0, 'ehdr.e_shentsize');
  writer.u16(extended.sections ? 0 : shnum, 'ehdr.e_shnum');
  writer.u16(extended.sections ? SHN_XINDEX : layout.index('.shstrtab'), 'ehdr.e_shstrndx');
  for (const segment of segments) {
    const label = `phdr.${PT_NAMES.get(segment.type) ?? `0x${segment.type.toString(16)}`}`;
    writer.u32(segment.type, `${label}.p_type`);
    if (is64) writer.u32(segment.flags, `${label}.p_flags`);
    writer.word(segment.offset, `${label}.p_offset`).word(segment.vaddr, `${label}.p_vaddr`);
    writer.word(segment.vaddr, `${label}.p_paddr`).word(segment.fileSize, `${label}.p_filesz`);
    writer.word(segment.memorySize, `${label}.p_memsz`);
    if (!is64) writer.u32(segment.flags, `${label}.p_flags`);
    writer.word(segment.align, `${label}.p_align`);
  }
  return writer.block();
}

function sectionHeaders(context: Context, layout: Layout, segmentCount: number): Block {
  const { spec, encoding, shstrtab } = context;
  const writer = new Writer(encoding);
  const extended = spec.extendedNumbering ?? {};
  const write = (name: string, values: readonly (number | bigint)[]) => {
    const [nameOffset, type, flags, address, offset, size, link, info, align, entrySize] = values;
    const label = `shdr.${name}`;
    writer
      .u32(nameOffset!, `${label}.sh_name`)
      .u32(type!, `${label}.sh_type`)
      .word(flags!, `${label}.sh_flags`);
    writer
      .word(address!, `${label}.sh_addr`)
      .word(offset!, `${label}.sh_offset`)
      .word(size!, `${label}.sh_size`);
    writer.u32(link!, `${label}.sh_link`).u32(info!, `${label}.sh_info`);
    writer.word(align!, `${label}.sh_addralign`).word(entrySize!, `${label}.sh_entsize`);
  };
  const count = extended.sections ? layout.sections.length + 1 : 0;
  const names = extended.sections ? layout.index('.shstrtab') : 0;
  write('0', [0, 0, 0, 0, 0, count, names, extended.segments ? segmentCount : 0, 0, 0]);
  for (const { chunk, address, offset, size } of layout.sections) {
    const { name, type, flags, align, entrySize } = chunk;
    const place = [address, offset, size, layout.index(chunk.link), layout.index(chunk.info)];
    write(name, [shstrtab.offset(name), type, flags, ...place, align, entrySize]);
  }
  return writer.block();
}
