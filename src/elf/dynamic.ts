import { type ByteSource, Cursor, FormatError } from '../bytes/index.ts';
import { decodeAndroidRelocations } from './android-relocations.ts';
import { DF, DF_1, DT, dynamicTagName } from './constants/index.ts';
import { type DynamicEntries, nextTableAddress, readDynamicEntries } from './dynamic-entries.ts';
import { dynamicSymbolExtent, type SymbolExtent } from './dynamic-symbol-extent.ts';
import { bloomPlace, GNU_HASH_HEADER, gnuHash } from './hash.ts';
import type { ElfHeader } from './header.ts';
import {
  type AddressRange,
  decodeReferences,
  decodeRelocations,
  type RelocationLayout,
  type RelocationSurvey,
  type RelocationTable,
  type SymbolReferences,
  surveyDecoded,
  surveyRelocations,
} from './relocations.ts';
import { countRelr } from './relr.ts';
import { type Image, imageOf, type Segment } from './segments.ts';
import { decodeText, type StringTable, stringTable } from './strings.ts';
import { decodeSymbols, type SymbolTable, symbolEntrySize } from './symbols.ts';
import { readVersionDefinitions, readVersionNeeds, type Versions, versionsByIndex } from './versions.ts';

/** Longer than the names of libraries and search paths mostly are. */
const NAME_WINDOW = 256;

/** One of the relocation tables that the dynamic section names, in the order in which glibc applies them. */
export interface DynamicRelocations {
  /** The tag that names the table: DT_REL, DT_RELA, DT_JMPREL, DT_ANDROID_REL or DT_ANDROID_RELA. */
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly layout: RelocationLayout;
  readonly offset: number;
}

/** Functions and arrays of functions that run when the object is loaded and unloaded; addresses. */
export interface InitFini {
  readonly init: bigint | undefined;
  readonly fini: bigint | undefined;
  readonly preinitArray: BigUint64Array;
  readonly initArray: BigUint64Array;
  readonly finiArray: BigUint64Array;
}

/**
 * The loader's view of a file: everything is reached through PT_DYNAMIC and PT_LOAD, so it reads the same with
 * and without section headers. Tables are decoded when they are first asked for, and may then throw
 * `FormatError`.
 */
export class DynamicView {
  readonly entries: DynamicEntries;
  readonly header: ElfHeader;
  private readonly source: ByteSource;
  private readonly image: Image;
  private stringsCache: StringTable | undefined;
  private symbolExtentCache: SymbolExtent | undefined;
  private symbolsCache: SymbolTable | undefined;
  private versionsCache: Versions | undefined;
  private relocationTablesCache: readonly DynamicRelocations[] | undefined;

  constructor(source: ByteSource, header: ElfHeader, segments: readonly Segment[], entries: DynamicEntries) {
    this.source = source;
    this.header = header;
    this.image = imageOf(segments);
    this.entries = entries;
  }

  /** DT_STRTAB, `DT_STRSZ` bytes long. */
  get strings(): StringTable {
    this.stringsCache ??= this.readStrings();
    return this.stringsCache;
  }

  /**
   * One name of DT_STRTAB. As long as nobody wants the whole table only the name's surroundings are read: what
   * a library needs are a few names of a table of megabytes.
   */
  string(offset: number): string {
    const address = this.entries.get(DT.STRTAB);
    const left = Number(this.entries.get(DT.STRSZ) ?? 0n) - offset;
    if (this.stringsCache === undefined && address !== undefined && left > 0) {
      const start = address + BigInt(offset);
      const { bytes } = this.readTable(DT.STRTAB, start, Math.min(left, NAME_WINDOW));
      const end = bytes.indexOf(0);
      if (end >= 0) return decodeText(bytes.subarray(0, end));
    }
    return this.strings.at(offset);
  }

  get soname(): string | undefined {
    return this.text(DT.SONAME);
  }

  /** DT_NEEDED names in the file's order. */
  get needed(): string[] {
    return this.texts(DT.NEEDED);
  }

  get auxiliary(): string[] {
    return this.texts(DT.AUXILIARY);
  }

  get filters(): string[] {
    return this.texts(DT.FILTER);
  }

  get rpath(): string | undefined {
    return this.text(DT.RPATH);
  }

  get runpath(): string | undefined {
    return this.text(DT.RUNPATH);
  }

  get flags(): number {
    return Number(BigInt.asUintN(32, this.entries.get(DT.FLAGS) ?? 0n));
  }

  get flags1(): number {
    return Number(BigInt.asUintN(32, this.entries.get(DT.FLAGS_1) ?? 0n));
  }

  /** DT_SYMBOLIC or DF_SYMBOLIC: the object looks into itself first. */
  get symbolic(): boolean {
    return this.entries.get(DT.SYMBOLIC) !== undefined || (this.flags & DF.SYMBOLIC) !== 0;
  }

  get bindNow(): boolean {
    const tag = this.entries.get(DT.BIND_NOW) !== undefined;
    return tag || (this.flags & DF.BIND_NOW) !== 0 || (this.flags1 & DF_1.NOW) !== 0;
  }

  get textRelocations(): boolean {
    return this.entries.get(DT.TEXTREL) !== undefined || (this.flags & DF.TEXTREL) !== 0;
  }

  /** DT_SYMTAB, as many entries as the hash tables vouch for; empty where there is none. */
  get symbols(): SymbolTable {
    this.symbolsCache ??= this.readSymbols();
    return this.symbolsCache;
  }

  /** First symbol that the loader can find by name; `symbols.count` when it can find none. */
  get firstHashedSymbol(): number {
    return this.symbolExtent.firstHashed;
  }

  /** DT_VERNEED, DT_VERDEF and DT_VERSYM. */
  get versions(): Versions {
    this.versionsCache ??= this.readVersions();
    return this.versionsCache;
  }

  /** The tables with symbols to look up, in glibc's order: DT_REL(A), then DT_JMPREL (elf/do-rel.h). */
  get relocationTables(): readonly DynamicRelocations[] {
    this.relocationTablesCache ??= this.readRelocationTables();
    return this.relocationTablesCache;
  }

  /** All relocations of one table. */
  relocations(table: DynamicRelocations): RelocationTable {
    if (isAndroid(table.tag)) return this.unpack(table);
    return decodeRelocations(table.bytes, table.layout);
  }

  /** Only what the loader looks up. */
  references(table: DynamicRelocations): SymbolReferences {
    if (!isAndroid(table.tag)) return decodeReferences(table.bytes, table.layout);
    const { symbol, type } = this.unpack(table);
    const named = (_: number, index: number) => symbol[index] !== 0;
    return { type: type.filter(named), symbol: symbol.filter(named) };
  }

  /** How often each type occurs in one table, and its relocations in `range`. */
  survey(table: DynamicRelocations, range: AddressRange): RelocationSurvey {
    if (isAndroid(table.tag)) return surveyDecoded(this.relocations(table), range);
    return surveyRelocations(table.bytes, table.layout, range);
  }

  /** DT_RELR (or DT_ANDROID_RELR): its file offset, its words, and how many relative relocations they stand for. */
  get relr(): { readonly offset: number; readonly words: number; readonly relocations: number } | undefined {
    const android = this.entries.get(DT.ANDROID_RELR) !== undefined;
    const address = this.entries.get(android ? DT.ANDROID_RELR : DT.RELR);
    const size = this.entries.get(android ? DT.ANDROID_RELRSZ : DT.RELRSZ);
    if (address === undefined || !size) return undefined;
    const { bytes, offset } = this.readTable(DT.RELR, address, Number(size));
    const word = this.header.is64 ? 8 : 4;
    return { offset, words: Math.floor(bytes.length / word), relocations: countRelr(bytes, this.encoding) };
  }

  get initFini(): InitFini {
    return {
      init: this.entries.get(DT.INIT),
      fini: this.entries.get(DT.FINI),
      preinitArray: this.addresses(DT.PREINIT_ARRAY, DT.PREINIT_ARRAYSZ),
      initArray: this.addresses(DT.INIT_ARRAY, DT.INIT_ARRAYSZ),
      finiArray: this.addresses(DT.FINI_ARRAY, DT.FINI_ARRAYSZ),
    };
  }

  /**
   * False where no symbol of that name can be found in the file: the bloom filter of DT_GNU_HASH says so, of which
   * no more than one word is read. True where it is not ruled out.
   */
  mayDefine(name: string): boolean {
    const address = this.entries.get(DT.GNU_HASH);
    if (address === undefined) return true;
    const cursorAt = (offset: number, size: number) => {
      const table = this.readTable(DT.GNU_HASH, address + BigInt(offset), size);
      return new Cursor(table.bytes, this.encoding, dynamicTagName(DT.GNU_HASH), table.offset);
    };
    const place = bloomPlace(cursorAt(0, GNU_HASH_HEADER), gnuHash(name));
    if (place === undefined) return true;
    const word = cursorAt(place.offset, this.header.is64 ? 8 : 4);
    const bits = word.address();
    return place.bits.every((bit) => (bits >> BigInt(bit)) & 1n);
  }

  /**
   * A cursor over a table whose size the dynamic section does not state (DT_HASH, DT_GNU_HASH, DT_VERNEED,
   * DT_VERDEF): up to where the next table begins.
   */
  tableCursor(tag: number): Cursor | undefined {
    const address = this.entries.get(tag);
    if (address === undefined) return undefined;
    const { bytes, offset } = this.readTable(tag, address, undefined);
    return new Cursor(bytes, this.encoding, dynamicTagName(tag), offset);
  }

  private get encoding() {
    return { littleEndian: this.header.littleEndian, is64: this.header.is64 };
  }

  private fail(tag: number, detail: string): never {
    throw new FormatError('bad-value', dynamicTagName(tag), this.entries.offset, detail);
  }

  /** The bytes at an address; up to the next table's start when `size` is undefined. */
  private readTable(tag: number, address: bigint, size: number | undefined) {
    const place = this.image.locate(address);
    if (place === undefined) this.fail(tag, `address 0x${address.toString(16)} is not in the file`);
    const { offset, available } = place;
    const name = dynamicTagName(tag);
    if (size === undefined) {
      const next = nextTableAddress(this.entries, address);
      const distance = next === undefined ? available : Number(next - address);
      // A segment may claim more than the file holds: what is there is there.
      const length = Math.min(distance, available, Math.max(0, this.source.size - offset));
      return { bytes: this.source.read(offset, length, name), offset };
    }
    if (size > available) this.fail(tag, `${size} bytes leave the segment at 0x${address.toString(16)}`);
    return { bytes: this.source.read(offset, size, name), offset };
  }

  private readRelocationTables(): DynamicRelocations[] {
    const tables: DynamicRelocations[] = [];
    const add = (tag: number, sizeTag: number, hasAddend: boolean) => {
      const address = this.entries.get(tag);
      const size = this.entries.get(sizeTag);
      if (address === undefined || !size) return;
      const { bytes, offset } = this.readTable(tag, address, Number(size));
      tables.push({
        tag,
        bytes,
        offset,
        layout: { ...this.encoding, machine: this.header.machine, hasAddend },
      });
    };
    add(DT.REL, DT.RELSZ, false);
    add(DT.RELA, DT.RELASZ, true);
    add(DT.ANDROID_REL, DT.ANDROID_RELSZ, false);
    add(DT.ANDROID_RELA, DT.ANDROID_RELASZ, true);
    add(DT.JMPREL, DT.PLTRELSZ, Number(this.entries.get(DT.PLTREL) ?? BigInt(DT.RELA)) === DT.RELA);
    return withoutOverlap(tables);
  }

  private readStrings(): StringTable {
    const address = this.entries.get(DT.STRTAB);
    const size = this.entries.get(DT.STRSZ);
    if (address === undefined || size === undefined) return stringTable(new Uint8Array(0), 'DT_STRTAB', 0);
    const { bytes, offset } = this.readTable(DT.STRTAB, address, Number(size));
    return stringTable(bytes, 'DT_STRTAB', offset);
  }

  /** Found by walking the hash table's buckets: once is enough. */
  private get symbolExtent(): SymbolExtent {
    this.symbolExtentCache ??= dynamicSymbolExtent(this);
    return this.symbolExtentCache;
  }

  private readSymbols(): SymbolTable {
    const entrySize = symbolEntrySize(this.header);
    const { count } = this.symbolExtent;
    const address = this.entries.get(DT.SYMTAB);
    if (count === 0 || address === undefined)
      return decodeSymbols(new Uint8Array(0), this.encoding, this.strings);
    const { bytes } = this.readTable(DT.SYMTAB, address, count * entrySize);
    return decodeSymbols(bytes, this.encoding, this.strings);
  }

  private readVersions(): Versions {
    const need = this.tableCursor(DT.VERNEED);
    const definition = this.tableCursor(DT.VERDEF);
    const needs = need ? readVersionNeeds(need, this.strings, this.count(DT.VERNEEDNUM)) : [];
    const definitions = definition
      ? readVersionDefinitions(definition, this.strings, this.count(DT.VERDEFNUM))
      : [];
    const address = this.entries.get(DT.VERSYM);
    const symbols = this.symbols.count;
    let versym: Uint16Array | undefined;
    if (address !== undefined) {
      const { bytes } = this.readTable(DT.VERSYM, address, symbols * 2);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      versym = new Uint16Array(symbols);
      for (let index = 0; index < symbols; index++) {
        versym[index] = view.getUint16(index * 2, this.header.littleEndian);
      }
    }
    return { needs, definitions, byIndex: versionsByIndex(needs, definitions), versym };
  }

  /** Each relocation changes at least four bytes of its own, and only bytes of the file need to be relocated. */
  private unpack({ bytes, layout, offset }: DynamicRelocations): RelocationTable {
    return decodeAndroidRelocations(bytes, layout, offset, Math.floor(this.source.size / 4));
  }

  private count(tag: number): number {
    return Number(this.entries.get(tag) ?? 0n);
  }

  private addresses(tag: number, sizeTag: number): BigUint64Array {
    const address = this.entries.get(tag);
    const size = Number(this.entries.get(sizeTag) ?? 0n);
    if (address === undefined || size === 0) return new BigUint64Array(0);
    const { bytes, offset } = this.readTable(tag, address, size);
    const cursor = new Cursor(bytes, this.encoding, dynamicTagName(tag), offset);
    return BigUint64Array.from({ length: Math.floor(size / (this.header.is64 ? 8 : 4)) }, () =>
      cursor.address(),
    );
  }

  private text(tag: number): string | undefined {
    const offset = this.entries.get(tag);
    return offset === undefined ? undefined : this.string(Number(offset));
  }

  private texts(tag: number): string[] {
    return this.entries.list
      .filter((entry) => entry.tag === tag)
      .map(({ value }) => this.string(Number(value)));
  }
}

const isAndroid = (tag: number) => tag === DT.ANDROID_REL || tag === DT.ANDROID_RELA;

/**
 * Some linkers let DT_RELASZ cover the PLT's table too. glibc then takes the PLT's part from DT_JMPREL only
 * (elf/dynamic-link.h, _ELF_DYNAMIC_DO_RELOC), and so do we.
 */
function withoutOverlap(tables: DynamicRelocations[]): DynamicRelocations[] {
  const plt = tables.find(({ tag }) => tag === DT.JMPREL);
  if (plt === undefined) return tables;
  return tables.map((table) => {
    const into = plt.offset - table.offset;
    const covers = table !== plt && into >= 0 && into + plt.bytes.length === table.bytes.length;
    return covers ? { ...table, bytes: table.bytes.subarray(0, into) } : table;
  });
}

export function readDynamicView(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
): DynamicView | undefined {
  const entries = readDynamicEntries(source, header, segments);
  return entries && new DynamicView(source, header, segments, entries);
}
