import { nameLookup } from './names.ts';

/** sh_type (gABI, Sections; the GNU and LLVM extensions from their linkers' manuals). */
export const SHT = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  RELA: 4,
  HASH: 5,
  DYNAMIC: 6,
  NOTE: 7,
  NOBITS: 8,
  REL: 9,
  SHLIB: 10,
  DYNSYM: 11,
  INIT_ARRAY: 14,
  FINI_ARRAY: 15,
  PREINIT_ARRAY: 16,
  GROUP: 17,
  SYMTAB_SHNDX: 18,
  RELR: 19,
  ANDROID_REL: 0x60000001,
  ANDROID_RELA: 0x60000002,
  LLVM_ODRTAB: 0x6fff4c00,
  LLVM_LINKER_OPTIONS: 0x6fff4c01,
  LLVM_ADDRSIG: 0x6fff4c03,
  LLVM_DEPENDENT_LIBRARIES: 0x6fff4c04,
  LLVM_SYMPART: 0x6fff4c05,
  LLVM_PART_EHDR: 0x6fff4c06,
  LLVM_PART_PHDR: 0x6fff4c07,
  LLVM_BB_ADDR_MAP_V0: 0x6fff4c08,
  LLVM_CALL_GRAPH_PROFILE: 0x6fff4c09,
  LLVM_BB_ADDR_MAP: 0x6fff4c0a,
  LLVM_OFFLOADING: 0x6fff4c0b,
  LLVM_LTO: 0x6fff4c0c,
  ANDROID_RELR: 0x6fffff00,
  GNU_ATTRIBUTES: 0x6ffffff5,
  GNU_HASH: 0x6ffffff6,
  GNU_LIBLIST: 0x6ffffff7,
  GNU_verdef: 0x6ffffffd,
  GNU_verneed: 0x6ffffffe,
  GNU_versym: 0x6fffffff,
} as const;
export const sectionTypeName = nameLookup('SHT_', SHT);

/** sh_flags (gABI, Sections). */
export const SHF = {
  WRITE: 0x1,
  ALLOC: 0x2,
  EXECINSTR: 0x4,
  MERGE: 0x10,
  STRINGS: 0x20,
  INFO_LINK: 0x40,
  LINK_ORDER: 0x80,
  OS_NONCONFORMING: 0x100,
  GROUP: 0x200,
  TLS: 0x400,
  COMPRESSED: 0x800,
  GNU_RETAIN: 0x200000,
  EXCLUDE: 0x80000000,
} as const;

/** Special section indexes (gABI, Sections). */
export const SHN = { UNDEF: 0, LORESERVE: 0xff00, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;

/** First word of an SHT_GROUP section (gABI, Section Groups). */
export const GRP = { COMDAT: 1 } as const;

/** ch_type of a compressed section (gABI, Compressed Sections). */
export const ELFCOMPRESS = { ZLIB: 1, ZSTD: 2 } as const;
export const compressionName = nameLookup('ELFCOMPRESS_', ELFCOMPRESS);
