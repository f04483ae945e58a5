/**
 * What `inspect` states about a file, as it stands in a report: addresses are hexadecimal strings, sizes and
 * counts numbers, codes the names that their specification gives them without its prefix (`FUNC` for
 * STT_FUNC); a code without a name is a hexadecimal string.
 */

import type { DlopenNote, GnuProperty } from '../../elf/index.ts';
import type { SymbolList } from './symbols.ts';

/** What sort of file it is, told from e_type, DF_1_PIE, PT_INTERP and what the file leaves out. */
export type ElfKind =
  | 'shared-object'
  | 'pie'
  | 'static-pie'
  | 'executable'
  | 'static-executable'
  | 'relocatable'
  | 'core'
  | 'debug-file'
  | 'other';

/** The ELF header (gABI, ELF Header). */
export interface HeaderFacts {
  readonly class: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  readonly type: string;
  readonly machine: string;
  readonly osAbi: string;
  readonly abiVersion: number;
  readonly flags: string;
  readonly entry: string;
}

/** What the notes say of the file, where it came from and what it asks of the machine. */
export interface NoteContentFacts {
  readonly buildId?: string;
  readonly abiTag?: { readonly os: string; readonly version: string };
  readonly properties: readonly GnuProperty[];
  readonly package?: Readonly<Record<string, unknown>>;
  readonly dlopen: readonly DlopenNote[];
  /** NT_GNU_GOLD_VERSION: the linker's own name and version. */
  readonly linker?: string;
}

export interface NoteFacts {
  readonly owner: string;
  readonly type: string;
  /** Bytes of the descriptor. */
  readonly size: number;
}

/** What is there to debug the file with. */
export interface DebugFacts {
  /** Whether there is no `.symtab`. */
  readonly stripped: boolean;
  /** `.debug_info`, compressed or not. */
  readonly dwarf: boolean;
  /** `.gnu_debugdata`: a compressed symbol table beside the dynamic one (GDB manual, MiniDebugInfo). */
  readonly miniDebugInfo: boolean;
  readonly debugLink?: { readonly file: string; readonly crc: string };
}

export interface DynamicEntryFacts {
  readonly tag: string;
  readonly value: string;
  /** The name that `value` points to, for the tags whose value is a string. */
  readonly text?: string;
}

export interface VersionDefinitionFacts {
  readonly name: string;
  readonly index: number;
  readonly base: boolean;
  readonly weak: boolean;
  readonly parents: readonly string[];
}

export interface VersionNeedFacts {
  readonly file: string;
  readonly versions: readonly { readonly name: string; readonly index: number; readonly weak: boolean }[];
}

/** A function that the loader calls; `name` where a symbol has this address. */
export interface FunctionFacts {
  readonly address: string;
  readonly name?: string;
}

/** The functions that run at start and end, each list in the file's order (gABI, Initialization Functions). */
export interface InitFiniFacts {
  readonly init?: FunctionFacts;
  readonly fini?: FunctionFacts;
  readonly preinitArray: readonly FunctionFacts[];
  readonly initArray: readonly FunctionFacts[];
  readonly finiArray: readonly FunctionFacts[];
}

export interface RelocationFacts {
  /** The dynamic tag or the section that names the table. */
  readonly table: string;
  /** Where the table stands in the file. */
  readonly offset: string;
  /** Entries of the table; for DT_RELR the words, which stand for more relocations. */
  readonly entries: number;
  /** Number of relocations by type. */
  readonly types: Readonly<Record<string, number>>;
}

/** The loader's view, from PT_DYNAMIC alone. */
export interface DynamicFacts {
  readonly soname?: string;
  readonly needed: readonly string[];
  readonly auxiliary: readonly string[];
  readonly filters: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly symbolic: boolean;
  readonly flags: readonly string[];
  readonly flags1: readonly string[];
  readonly entries: readonly DynamicEntryFacts[];
  readonly versionDefinitions: readonly VersionDefinitionFacts[];
  readonly versionNeeds: readonly VersionNeedFacts[];
  readonly relocations: readonly RelocationFacts[];
  /** All but the null symbol, in the file's order. */
  readonly symbols: SymbolList;
}

export interface HardeningFacts {
  readonly positionIndependent: boolean;
  readonly relro: 'none' | 'partial' | 'full';
  /** `unstated`: no PT_GNU_STACK, so the architecture decides; on most the stack then is executable. */
  readonly executableStack: 'yes' | 'no' | 'unstated';
  readonly bindNow: boolean;
  readonly textRelocations: boolean;
}

/** PT_TLS; sizes in bytes. */
export interface TlsFacts {
  readonly size: number;
  /** Of these, how many have an initial value in the file. */
  readonly initialized: number;
  readonly align: number;
  /** DF_STATIC_TLS: must be in the block that is set up when the process starts. */
  readonly staticTls: boolean;
}

export interface SegmentFacts {
  readonly type: string;
  readonly flags: string;
  readonly offset: string;
  readonly address: string;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

export interface SectionFacts {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly flags: readonly string[];
  readonly address: string;
  readonly offset: string;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entrySize: number;
}

/** A section group; `members` are section indexes. */
interface GroupFacts {
  readonly signature: string;
  readonly comdat: boolean;
  readonly members: readonly number[];
}

export interface ElfFacts {
  readonly path: string;
  readonly format: 'elf';
  /** Bytes. */
  readonly size: number;
  readonly kind: ElfKind;
  readonly header: HeaderFacts;
  readonly interpreter?: string;
  readonly content: NoteContentFacts;
  /** What compilers and linkers left in `.comment`. */
  readonly comments: readonly string[];
  readonly debug: DebugFacts;
  readonly notes: readonly NoteFacts[];
  readonly dynamic?: DynamicFacts;
  readonly initFini: InitFiniFacts;
  readonly tls?: TlsFacts;
  /** For what is loaded into a process. */
  readonly hardening?: HardeningFacts;
  readonly segments: readonly SegmentFacts[];
  readonly sections: readonly SectionFacts[];
  readonly groups: readonly GroupFacts[];
  /** Relocation sections that are no table of the dynamic section. */
  readonly sectionRelocations: readonly RelocationFacts[];
  /** `.symtab`; its symbols, without the null symbol, in an object file and where they were asked for. */
  readonly symbolTable?: { readonly count: number; readonly symbols?: SymbolList };
}

/** One member of an archive; without `elf` it is no ELF file, or could not be read. */
export interface MemberFacts {
  readonly name: string;
  /** File offset of the member's header. */
  readonly offset: string;
  /** Bytes. */
  readonly size: number;
  readonly elf?: ElfFacts;
}

export interface ArchiveFacts {
  readonly path: string;
  readonly format: 'archive';
  /** Bytes. */
  readonly size: number;
  readonly thin: boolean;
  /** Entries of the symbol index that ranlib writes; absent where there is none. */
  readonly indexEntries?: number;
  readonly members: readonly MemberFacts[];
}

export interface InspectFacts {
  readonly files: readonly (ElfFacts | ArchiveFacts)[];
}
