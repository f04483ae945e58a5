import {
  type CodeTable,
  DT,
  dynamicTagName,
  EM,
  elfTypeName,
  flagNames,
  machineName,
  osAbiName,
  SHF,
  sectionTypeName,
  segmentTypeName,
  symbolBindingName,
  symbolTypeName,
  symbolVisibilityName,
} from '../../elf/index.ts';

/** A name as the specification spells it, without the prefix that says which field it is for. */
const without = (prefix: string, name: (code: number) => string) => (code: number) => {
  const found = name(code);
  return found.startsWith(prefix) ? found.slice(prefix.length) : found;
};

export const elfType = without('ET_', elfTypeName);
export const machine = without('EM_', machineName);
export const osAbi = without('ELFOSABI_', osAbiName);

/** Every value of a field of few bits, so that a table of symbols asks an array and not a map. */
const table = (prefix: string, name: (code: number) => string, bits: number): readonly string[] =>
  Array.from({ length: 2 ** bits }, (_, code) => without(prefix, name)(code));

export const SYMBOL_TYPES = table('STT_', symbolTypeName, 4);
export const SYMBOL_BINDINGS = table('STB_', symbolBindingName, 4);
export const SYMBOL_VISIBILITIES = table('STV_', symbolVisibilityName, 2);

/** Codes from 0x70000000 to 0x7fffffff mean something else on each architecture (its psABI supplement). */
interface ProcessorCodes {
  /** d_tag, as far as the dynamic linker has a use for it. */
  readonly dynamic?: CodeTable;
  readonly section?: CodeTable;
  readonly segment?: CodeTable;
}

const ARC: ProcessorCodes = { section: { ARC_ATTRIBUTES: 0x70000001 } };

const PROCESSORS: Readonly<Record<number, ProcessorCodes>> = {
  [EM.X86_64]: {
    dynamic: { X86_64_PLT: 0x70000000, X86_64_PLTSZ: 0x70000001, X86_64_PLTENT: 0x70000003 },
    section: { X86_64_UNWIND: 0x70000001 },
  },
  [EM.AARCH64]: {
    dynamic: {
      AARCH64_BTI_PLT: 0x70000001,
      AARCH64_PAC_PLT: 0x70000003,
      AARCH64_VARIANT_PCS: 0x70000005,
    },
    section: { AARCH64_ATTRIBUTES: 0x70000003 },
    segment: { AARCH64_ARCHEXT: 0x70000000, AARCH64_MEMTAG_MTE: 0x70000002 },
  },
  [EM.ARM]: {
    section: { ARM_EXIDX: 0x70000001, ARM_PREEMPTMAP: 0x70000002, ARM_ATTRIBUTES: 0x70000003 },
    segment: { ARM_ARCHEXT: 0x70000000, ARM_EXIDX: 0x70000001 },
  },
  [EM.RISCV]: {
    dynamic: { RISCV_VARIANT_CC: 0x70000001 },
    section: { RISCV_ATTRIBUTES: 0x70000003 },
    segment: { RISCV_ATTRIBUTES: 0x70000003 },
  },
  [EM.ARC_COMPACT]: ARC,
  [EM.ARC_COMPACT2]: ARC,
  [EM.PPC]: { dynamic: { PPC_GOT: 0x70000000, PPC_OPT: 0x70000001 } },
  [EM.PPC64]: {
    dynamic: {
      PPC64_GLINK: 0x70000000,
      PPC64_OPD: 0x70000001,
      PPC64_OPDSZ: 0x70000002,
      PPC64_OPT: 0x70000003,
    },
  },
  [EM.MIPS]: {
    dynamic: {
      MIPS_RLD_VERSION: 0x70000001,
      MIPS_FLAGS: 0x70000005,
      MIPS_BASE_ADDRESS: 0x70000006,
      MIPS_LOCAL_GOTNO: 0x7000000a,
      MIPS_SYMTABNO: 0x70000011,
      MIPS_UNREFEXTNO: 0x70000012,
      MIPS_GOTSYM: 0x70000013,
      MIPS_RLD_MAP: 0x70000016,
      MIPS_PLTGOT: 0x70000032,
      MIPS_RWPLT: 0x70000034,
      MIPS_RLD_MAP_REL: 0x70000035,
      MIPS_XHASH: 0x70000036,
    },
    section: {
      MIPS_REGINFO: 0x70000006,
      MIPS_OPTIONS: 0x7000000d,
      MIPS_DWARF: 0x7000001e,
      MIPS_ABIFLAGS: 0x7000002a,
    },
    segment: {
      MIPS_REGINFO: 0x70000000,
      MIPS_RTPROC: 0x70000001,
      MIPS_OPTIONS: 0x70000002,
      MIPS_ABIFLAGS: 0x70000003,
    },
  },
};

const LOWEST_PROCESSOR_CODE = 0x70000000;

/** The architecture's own name of a code, else the one that it has everywhere. */
const named =
  (field: keyof ProcessorCodes, generic: (code: number) => string) => (code: number, machineCode: number) => {
    const table = code < LOWEST_PROCESSOR_CODE ? undefined : PROCESSORS[machineCode]?.[field];
    const found = table && Object.keys(table).find((name) => table[name] === code);
    return found ?? generic(code);
  };

export const dynamicTag = named('dynamic', without('DT_', dynamicTagName));
export const sectionType = named('section', without('SHT_', sectionTypeName));
export const segmentType = named('segment', without('PT_', segmentTypeName));

/** The same holds for the bits of SHF_MASKPROC. */
const PROCESSOR_FLAGS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [EM.X86_64]: { X86_64_LARGE: 0x10000000 },
  [EM.ARM]: { ARM_PURECODE: 0x20000000 },
  [EM.MIPS]: { MIPS_NOSTRIP: 0x8000000, MIPS_GPREL: 0x10000000 },
};

export function sectionFlags(flags: number, machineCode: number): string[] {
  return flagNames({ ...SHF, ...PROCESSOR_FLAGS[machineCode] }, flags);
}

/** The tags whose value is an offset into DT_STRTAB (gABI, Dynamic Section; GNU and Solaris extensions). */
export const STRING_TAGS: ReadonlySet<number> = new Set([
  DT.NEEDED,
  DT.SONAME,
  DT.RPATH,
  DT.RUNPATH,
  DT.AUXILIARY,
  DT.FILTER,
  DT.AUDIT,
  DT.DEPAUDIT,
  DT.CONFIG,
]);
