import { type ByteSource, Cursor, FormatError } from '../bytes/index.ts';
import { GRP, SHF, SHT, sectionTypeName } from './constants/index.ts';
import type { ElfHeader } from './header.ts';
import { type Note, readNotes } from './notes.ts';
import { decodeRelocations, type RelocationTable } from './relocations.ts';
import { type Section, sectionBytes, sectionStrings } from './sections.ts';
import { decodeText } from './strings.ts';
import { decodeSymbols, type SymbolTable, symbolEntrySize, symbolName } from './symbols.ts';

/** What is needed to follow a section's links: the file and all its section headers. */
export interface SectionContext {
  readonly source: ByteSource;
  readonly header: ElfHeader;
  readonly sections: readonly Section[];
}

/** The section that `sh_link` (or `sh_info`) names, or `FormatError`. */
function linked(context: SectionContext, section: Section, index: number): Section {
  const target = context.sections[index];
  if (target === undefined) {
    const detail = `refers to section ${index} of ${context.sections.length}`;
    throw new FormatError('bad-value', section.name || `section ${section.index}`, section.offset, detail);
  }
  return target;
}

/** A section of type SHT_SYMTAB or SHT_DYNSYM. */
export function readSectionSymbols(context: SectionContext, section: Section): SymbolTable {
  const { source, header, sections } = context;
  const names = sectionStrings(source, linked(context, section, section.link));
  const wide = sections.find(({ type, link }) => type === SHT.SYMTAB_SHNDX && link === section.index);
  const bytes = sectionBytes(source, section);
  return decodeSymbols(trim(bytes, symbolEntrySize(header)), header, names, wide && readWords(context, wide));
}

const trim = (bytes: Uint8Array, unit: number) => bytes.subarray(0, bytes.length - (bytes.length % unit));

function readWords({ source, header }: SectionContext, section: Section): Uint32Array {
  const bytes = sectionBytes(source, section);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < words.length; index++)
    words[index] = view.getUint32(index * 4, header.littleEndian);
  return words;
}

/** A section of type SHT_REL or SHT_RELA. */
export function readSectionRelocations(context: SectionContext, section: Section): RelocationTable {
  const { machine, littleEndian, is64 } = context.header;
  const layout = { machine, littleEndian, is64, hasAddend: section.type === SHT.RELA };
  return decodeRelocations(sectionBytes(context.source, section), layout);
}

/**
 * All sections of one type, to be decoded together. Sections do not overlap (gABI, Sections): where they do,
 * a small file could claim as many tables as it has section headers, each as large as itself.
 */
function sectionsOfType({ source, sections }: SectionContext, type: number): Section[] {
  const found = sections.filter((section) => section.type === type);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  if (total <= source.size) return found;
  const detail = `sections of type ${sectionTypeName(type)} take ${total} bytes of a file of ${source.size}`;
  throw new FormatError('bad-value', 'section headers', found[0]!.offset, detail);
}

/** The notes of all SHT_NOTE sections, in file order. */
export function readSectionNotes(context: SectionContext): Note[] {
  const { source, header } = context;
  return sectionsOfType(context, SHT.NOTE).flatMap((section) =>
    readNotes(sectionBytes(source, section), header, section.align, section.offset),
  );
}

/** One section group (gABI, Section Groups): the linker keeps one of all COMDAT groups of one signature. */
export interface SectionGroup {
  readonly signature: string;
  readonly comdat: boolean;
  readonly members: readonly number[];
}

export function readGroups(context: SectionContext): SectionGroup[] {
  const groups = sectionsOfType(context, SHT.GROUP);
  const link = groups[0]?.link;
  if (link === undefined) return [];
  const symbols = readSectionSymbols(context, linked(context, groups[0]!, link));
  return groups.map((section) => readGroup(context, section, symbols, link));
}

function readGroup(
  context: SectionContext,
  section: Section,
  symbols: SymbolTable,
  link: number,
): SectionGroup {
  const { link: table, info, name, offset } = section;
  if (table !== link) {
    // An object file has one symbol table (gABI, Sections), and groups of thousands are common
    throw new FormatError('bad-value', name, offset, `signed in section ${table}, other groups in ${link}`);
  }
  if (info >= symbols.count) {
    throw new FormatError(
      'bad-value',
      name,
      offset,
      `signature symbol ${info} of a table of ${symbols.count}`,
    );
  }
  const [flags = 0, ...members] = readWords(context, section);
  return { signature: groupSignature(context, symbols, info), comdat: (flags & GRP.COMDAT) !== 0, members };
}

/** A group may be signed by a section symbol, which has no name: then the section's name is meant. */
function groupSignature(context: SectionContext, symbols: SymbolTable, index: number): string {
  return symbolName(symbols, index) || (context.sections[symbols.section[index]!]?.name ?? '');
}

/** `.comment`: what the compilers and linkers say of themselves, each text once. */
export function readComments({ source, sections }: SectionContext): string[] {
  const section = sections.find(({ name, type }) => name === '.comment' && type === SHT.PROGBITS);
  if (section === undefined || (section.flags & SHF.COMPRESSED) !== 0) return [];
  const texts = decodeText(sectionBytes(source, section)).split('\0');
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** `.gnu_debuglink`: file name of the separate debug information and its CRC-32 (GDB manual, Separate Debug Files). */
export interface DebugLink {
  readonly file: string;
  readonly crc: number;
}

export function readDebugLink({ source, header, sections }: SectionContext): DebugLink | undefined {
  const section = sections.find(({ name }) => name === '.gnu_debuglink');
  if (section === undefined || section.type === SHT.NOBITS) return undefined;
  const bytes = sectionBytes(source, section);
  const end = bytes.indexOf(0);
  const crcAt = Math.ceil((end + 1) / 4) * 4;
  if (end < 0 || crcAt + 4 > bytes.length) {
    throw new FormatError(
      'truncated',
      '.gnu_debuglink',
      section.offset,
      `${bytes.length} bytes hold no name and CRC`,
    );
  }
  const crc = new Cursor(bytes, header, '.gnu_debuglink', section.offset).seek(crcAt).u32();
  return { file: decodeText(bytes.subarray(0, end)), crc };
}
