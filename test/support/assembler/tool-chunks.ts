import { ET, SHF, SHT } from '../../../src/elf/index.ts';
import { chunk, noteChunks, raw, symbolChunk, text } from './chunk.ts';
import type { Context } from './context.ts';
import type { Chunk, Layout } from './layout.ts';
import { relocationTable } from './relocation-tables.ts';
import { extendedSections, symbolTable } from './symbol-tables.ts';
import { Writer } from './writer.ts';

/** What only tools read, and the tables of object files. */
export function toolChunks(context: Context): Chunk[] {
  const { spec, encoding, strtab, shstrtab, type } = context;
  const symtab = spec.symtab ?? [];
  const found: Chunk[] = [...(type === ET.REL ? noteChunks(context, 0) : [])];
  for (const {
    name,
    type: sectionType,
    flags = 0,
    contents = new Uint8Array(0),
    ...options
  } of spec.sections ?? []) {
    const bytes = typeof contents === 'function' ? contents(encoding) : contents;
    found.push(chunk(name, sectionType, flags, raw(bytes), options));
  }
  if (spec.comments) {
    const bytes = text(spec.comments.map((comment) => `${comment}\0`).join(''));
    const flags = SHF.MERGE | SHF.STRINGS;
    found.push(chunk('.comment', SHT.PROGBITS, flags, raw(bytes), { entrySize: 1 }));
  }
  if (spec.debugLink) {
    const { file, crc } = spec.debugLink;
    const name = text(`${file}\0`);
    const writer = new Writer(encoding).bytes(name).zeros((4 - (name.length % 4)) % 4);
    const block = writer.u32(crc, 'debuglink.crc').block();
    found.push(chunk('.gnu_debuglink', SHT.PROGBITS, 0, () => block, { align: 4 }));
  }
  for (const [index, { signature, comdat = true, members }] of (spec.groups ?? []).entries()) {
    const contents = (layout: Layout) => {
      const writer = new Writer(encoding).u32(comdat ? 1 : 0, `group.${index}.flags`);
      for (const [at, member] of members.entries()) writer.u32(layout.index(member), `group.${index}.${at}`);
      return writer.block();
    };
    const info = symtab.findIndex(({ name }) => name === signature) + 1;
    found.push(chunk('.group', SHT.GROUP, 0, contents, { align: 4, entrySize: 4, link: '.symtab', info }));
  }
  const word = encoding.is64 ? 8 : 4;
  for (const { section, hasAddend, entries } of spec.sectionRelocations ?? []) {
    const label = `${hasAddend ? 'rela' : 'rel'}${section}`;
    const contents = () => relocationTable(context, label, entries, hasAddend, symtab, 0n);
    const options = { align: word, entrySize: word * (hasAddend ? 3 : 2), link: '.symtab', info: section };
    found.push(chunk(`.${label}`, hasAddend ? SHT.RELA : SHT.REL, SHF.INFO_LINK, contents, options));
  }
  if (spec.symtab) {
    const contents = (layout: Layout) => symbolTable(context, 'symtab', symtab, strtab, layout);
    found.push(symbolChunk(context, '.symtab', SHT.SYMTAB, 0, symtab, '.strtab', contents));
    if (spec.extendedSymbolSections) {
      const options = { align: 4, entrySize: 4, link: '.symtab' };
      const words = (layout: Layout) => extendedSections(context, layout);
      found.push(chunk('.symtab_shndx', SHT.SYMTAB_SHNDX, 0, words, options));
    }
    found.push(chunk('.strtab', SHT.STRTAB, 0, () => strtab.block()));
  }
  if (spec.sectionHeaders !== false) found.push(chunk('.shstrtab', SHT.STRTAB, 0, () => shstrtab.block()));
  return found;
}
