import type { Encoding } from '../../../src/bytes/index.ts';
import type { Value } from './writer.ts';

/** One symbol. Without `value` it is given a place of `size` bytes in its section. */
export interface SymbolSpec {
  readonly name: string;
  /** A section's name, `UND`, `ABS`, `COMMON`, or a raw st_shndx; `.text` by default. */
  readonly section?: string | number;
  /** STT code; by default what fits the section. */
  readonly type?: number;
  /** STB code; STB_GLOBAL by default. */
  readonly binding?: number;
  /** All of st_other; STV_DEFAULT by default. */
  readonly other?: number;
  readonly value?: Value;
  readonly size?: number;
  /** Version defined here (defined symbols) or needed of `from` (undefined ones). */
  readonly version?: string;
  /** `name@version` in place of the default `name@@version`. */
  readonly hidden?: boolean;
  /** DT_NEEDED name of the file of which `version` is needed. */
  readonly from?: string;
}

export interface VersionDefinitionSpec {
  readonly name: string;
  readonly parents?: readonly string[];
  /** VER_FLG bits; VER_FLG_BASE for the one that names the file. */
  readonly flags?: number;
  readonly index?: number;
}

interface VersionNeedSpec {
  readonly file: string;
  readonly versions: readonly {
    readonly name: string;
    readonly flags?: number;
    /** All of vna_other; counted up by default. */
    readonly other?: number;
  }[];
}

/** One relocation. Without `offset` it fills a slot of its own in `.got` (`.got.plt` for `jmprel`). */
export interface RelocationSpec {
  readonly type: number;
  /** A symbol's name, `name@version` where one name has several, or a raw index. */
  readonly symbol?: string | number;
  readonly offset?: Value;
  readonly addend?: Value;
}

/** A group of Android's packed relocations: what is given here is shared, what is given in an entry is not. */
export interface PackedGroupSpec {
  readonly offsetDelta?: Value;
  readonly info?: Value;
  readonly addendDelta?: Value;
  /** Whether the entries have addends at all; true where one is given. */
  readonly hasAddend?: boolean;
  readonly entries: readonly {
    readonly offsetDelta?: Value;
    readonly info?: Value;
    readonly addendDelta?: Value;
  }[];
}

export interface PackedSpec {
  readonly firstOffset: Value;
  readonly groups: readonly PackedGroupSpec[];
}

export interface NoteSpec {
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
  /** Name of its section; `.note.N` by default. */
  readonly section?: string;
  /** Padding of name and descriptor, 4 or 8; 4 by default. */
  readonly align?: 4 | 8;
}

export interface SectionSpec {
  readonly name: string;
  readonly type: number;
  readonly flags?: number;
  readonly contents?: Uint8Array | ((encoding: Encoding) => Uint8Array);
  /** For SHT_NOBITS. */
  readonly memorySize?: number;
  /** Section names, or raw numbers. */
  readonly link?: string | number;
  readonly info?: string | number;
  readonly align?: number;
  readonly entrySize?: number;
}

export interface SegmentSpec {
  readonly type: number;
  readonly flags?: number;
  readonly align?: number;
  /** First and last section that it covers, or the raw numbers. */
  readonly cover?: readonly [first: string, last: string];
  readonly offset?: Value;
  readonly vaddr?: Value;
  readonly fileSize?: Value;
  readonly memorySize?: Value;
}

interface GroupSpec {
  /** Name of a symbol of `symtab`. */
  readonly signature: string;
  readonly comdat?: boolean;
  readonly members: readonly string[];
}

/** An ELF file. All is optional: `assemble({})` is a little-endian x86-64 library without symbols. */
export interface ElfSpec {
  readonly class?: 32 | 64;
  readonly littleEndian?: boolean;
  /** EM code; EM_X86_64 by default. */
  readonly machine?: number;
  /** ET code; ET_DYN by default. An ET_REL file has no segments and no dynamic section. */
  readonly type?: number;
  readonly osabi?: number;
  readonly flags?: number;
  readonly entry?: Value;

  readonly interpreter?: string;
  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  /** DT_FLAGS and DT_FLAGS_1. */
  readonly dynamicFlags?: number;
  readonly dynamicFlags1?: number;
  /** Further dynamic entries; text goes into DT_STRTAB. */
  readonly dynamic?: readonly { readonly tag: number; readonly value: Value | string }[];
  /** Leave PT_DYNAMIC out: a static program. */
  readonly static?: boolean;

  /** The dynamic symbols; the order is that of the hash table. */
  readonly symbols?: readonly SymbolSpec[];
  /** `.symtab`, in the given order (local ones must come first). */
  readonly symtab?: readonly SymbolSpec[];
  /** Write st_shndx of `.symtab` as SHN_XINDEX beside SHT_SYMTAB_SHNDX. */
  readonly extendedSymbolSections?: boolean;
  /** `gnu` by default. */
  readonly hash?: 'gnu' | 'sysv' | 'both' | 'none';
  readonly gnuBuckets?: number;
  /** Definitions beyond those that symbols name, or with parents and flags; the base one is added. */
  readonly versionDefinitions?: readonly VersionDefinitionSpec[];
  /** Needs beyond those that symbols name. */
  readonly versionNeeds?: readonly VersionNeedSpec[];

  readonly rel?: readonly RelocationSpec[];
  readonly rela?: readonly RelocationSpec[];
  readonly jmprel?: readonly RelocationSpec[];
  /** Whether `jmprel` holds addends; by default as the machine's psABI has it. */
  readonly jmprelHasAddend?: boolean;
  /** Offsets into `.data` of words to relocate, ascending. */
  readonly relr?: readonly number[];
  readonly androidRel?: PackedSpec;
  readonly androidRela?: PackedSpec;

  /** Functions by symbol name or address. */
  readonly init?: string | Value;
  readonly fini?: string | Value;
  readonly preinitArray?: readonly (string | Value)[];
  readonly initArray?: readonly (string | Value)[];
  readonly finiArray?: readonly (string | Value)[];

  /** At least so many bytes, besides what the symbols take. */
  readonly textSize?: number;
  readonly dataSize?: number;
  readonly bssSize?: number;
  readonly tdataSize?: number;
  readonly tbssSize?: number;

  readonly notes?: readonly NoteSpec[];
  readonly comments?: readonly string[];
  readonly debugLink?: { readonly file: string; readonly crc: number };
  readonly sections?: readonly SectionSpec[];
  readonly segments?: readonly SegmentSpec[];
  readonly groups?: readonly GroupSpec[];
  /** Relocations of an object file, by the section they belong to. */
  readonly sectionRelocations?: readonly {
    readonly section: string;
    readonly hasAddend: boolean;
    readonly entries: readonly RelocationSpec[];
  }[];

  /** False for a file stripped of its section headers. */
  readonly sectionHeaders?: boolean;
  /** Keep counts in section header 0: e_shnum 0 and e_shstrndx SHN_XINDEX, e_phnum PN_XNUM. */
  readonly extendedNumbering?: { readonly sections?: boolean; readonly segments?: boolean };

  /** Raw values for fields, by label, when all is laid out: `{ 'ehdr.e_shnum': 0xffff }`. */
  readonly set?: Readonly<Record<string, Value>>;
}
