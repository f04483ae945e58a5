import { type ByteSource, FormatError } from '../bytes/index.ts';
import { type Decompressors, expandSection } from './compressed.ts';
import { ET, PT, SHT } from './constants/index.ts';
import { type DynamicView, readDynamicView } from './dynamic.ts';
import { type ElfHeader, readHeader } from './header.ts';
import { type Note, readNotes } from './notes.ts';
import type { RelocationTable } from './relocations.ts';
import {
  type DebugLink,
  readComments,
  readDebugLink,
  readGroups,
  readSectionNotes,
  readSectionRelocations,
  readSectionSymbols,
  type SectionGroup,
} from './section-tables.ts';
import { readSections, type Section, sectionBytes } from './sections.ts';
import { readSegments, type Segment } from './segments.ts';
import { decodeText } from './strings.ts';
import type { SymbolTable } from './symbols.ts';

/**
 * An ELF file: header and program headers are read at once, all else when it is first asked for, and may then
 * throw `FormatError`. `dynamic` is the loader's view, `sections` the tool's; neither uses the other.
 */
export class ElfFile {
  readonly source: ByteSource;
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  private dynamicCache: DynamicView | undefined;
  private sectionsCache: readonly Section[] | undefined;

  constructor(source: ByteSource) {
    this.source = source;
    this.header = readHeader(source);
    this.segments = readSegments(source, this.header);
  }

  /** The loader's view; undefined for a file without PT_DYNAMIC. */
  get dynamic(): DynamicView | undefined {
    this.dynamicCache ??= readDynamicView(this.source, this.header, this.segments);
    return this.dynamicCache;
  }

  /** The tool's view; empty for a file without section headers. */
  get sections(): readonly Section[] {
    this.sectionsCache ??= readSections(this.source, this.header);
    return this.sectionsCache;
  }

  /** PT_INTERP: the dynamic loader that a program asks for. */
  get interpreter(): string | undefined {
    const segment = this.segments.find(({ type }) => type === PT.INTERP);
    if (segment === undefined) return undefined;
    const bytes = this.source.read(segment.offset, segment.fileSize, 'PT_INTERP');
    const end = bytes.indexOf(0);
    return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** The notes of all PT_NOTE segments, those of the sections where there are no segments (object files). */
  get notes(): Note[] {
    const segments = this.segments.filter(({ type }) => type === PT.NOTE);
    if (segments.length === 0) return this.header.type === ET.REL ? readSectionNotes(this) : [];
    const total = segments.reduce((sum, { fileSize }) => sum + fileSize, 0);
    if (total > this.source.size) {
      throw new FormatError('bad-value', 'PT_NOTE', segments[0]!.offset, `notes of ${total} bytes overlap`);
    }
    return segments.flatMap(({ offset, fileSize, align }) =>
      readNotes(this.source.read(offset, fileSize, 'PT_NOTE'), this.header, align, offset),
    );
  }

  /** Notes by section headers: separate debug files keep notes that no segment covers any more. */
  get sectionNotes(): Note[] {
    return readSectionNotes(this);
  }

  /** `.symtab`; undefined in a stripped file. */
  get symbolTable(): SymbolTable | undefined {
    const section = this.sections.find(({ type }) => type === SHT.SYMTAB);
    return section && readSectionSymbols(this, section);
  }

  get groups(): SectionGroup[] {
    return readGroups(this);
  }

  get comments(): string[] {
    return readComments(this);
  }

  get debugLink(): DebugLink | undefined {
    return readDebugLink(this);
  }

  section(name: string): Section | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** Relocations of one SHT_REL or SHT_RELA section. */
  relocations(section: Section): RelocationTable {
    return readSectionRelocations(this, section);
  }

  /** A section's contents, decompressed where needed. */
  contents(section: Section, decompressors: Decompressors): Uint8Array {
    return expandSection(section, sectionBytes(this.source, section), this.header, decompressors);
  }
}
