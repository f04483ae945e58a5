import { type ByteSource, Cursor, FormatError } from '../bytes/index.ts';
import { SHT } from './constants/index.ts';
import type { ElfHeader } from './header.ts';
import { type StringTable, stringTable } from './strings.ts';

/** One section header (gABI, Sections). Offsets, sizes and alignment in bytes. */
export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entrySize: number;
}

/** All section headers, entry 0 included; empty for a file without them. */
export function readSections(source: ByteSource, header: ElfHeader): Section[] {
  const { shoff, shnum, shentsize, shstrndx, is64 } = header;
  if (shoff === 0 || shnum === 0) return [];
  const entrySize = is64 ? 64 : 40;
  if (shentsize < entrySize) {
    throw new FormatError(
      'bad-value',
      'ELF header',
      is64 ? 58 : 46,
      `e_shentsize ${shentsize} is below ${entrySize}`,
    );
  }
  const cursor = new Cursor(
    source.read(shoff, shnum * shentsize, 'section headers'),
    header,
    'section headers',
    shoff,
  );
  const raw = Array.from({ length: shnum }, (_, index) => readSection(cursor.seek(index * shentsize), index));
  const table = raw[shstrndx]?.section;
  const names = table && shstrndx !== 0 ? sectionStrings(source, table) : undefined;
  return raw.map(({ nameOffset, section }) => ({ ...section, name: nameAt(names, nameOffset) }));
}

/** A name that cannot be read does not make the section unreadable. */
function nameAt(names: StringTable | undefined, offset: number): string {
  return names && offset < names.bytes.length ? names.at(offset) : '';
}

function readSection(cursor: Cursor, index: number): { nameOffset: number; section: Section } {
  const nameOffset = cursor.u32();
  const type = cursor.u32();
  const flags = cursor.word();
  const address = cursor.address();
  const offset = cursor.word();
  const size = cursor.word();
  const link = cursor.u32();
  const info = cursor.u32();
  const align = cursor.word();
  const entrySize = cursor.word();
  return {
    nameOffset,
    section: { index, name: '', type, flags, address, offset, size, link, info, align, entrySize },
  };
}

/** The file contents of a section; empty for SHT_NOBITS, which has none. */
export function sectionBytes(source: ByteSource, section: Section): Uint8Array {
  if (section.type === SHT.NOBITS || section.type === SHT.NULL) return new Uint8Array(0);
  return source.read(section.offset, section.size, section.name || `section ${section.index}`);
}

/** The string table that a section holds. */
export function sectionStrings(source: ByteSource, section: Section): StringTable {
  return stringTable(sectionBytes(source, section), `section ${section.index}`, section.offset);
}
