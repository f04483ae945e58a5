import {
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
const anySectionType = without('SHT_', sectionTypeName);
export const segmentType = without('PT_', segmentTypeName);

/** Every value of a field of few bits, so that a table of symbols asks an array and not a map. */
const table = (prefix: string, name: (code: number) => string, bits: number): readonly string[] =>
  Array.from({ length: 2 ** bits }, (_, code) => without(prefix, name)(code));

export const SYMBOL_TYPES = table('STT_', symbolTypeName, 4);
export const SYMBOL_BINDINGS = table('STB_', symbolBindingName, 4);
export const SYMBOL_VISIBILITIES = table('STV_', symbolVisibilityName, 2);

/** d_tag from DT_LOPROC to DT_HIPROC means something else on each architecture (its psABI supplement). */
const PROCESSOR_TAGS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [EM.X86_64]: { 1879048192: 'X86_64_PLT', 1879048193: 'X86_64_PLTSZ', 1879048195: 'X86_64_PLTENT' },
  [EM.AARCH64]: {
    1879048193: 'AARCH64_BTI_PLT',
    1879048195: 'AARCH64_PAC_PLT',
    1879048197: 'AARCH64_VARIANT_PCS',
  },
  [EM.RISCV]: { 1879048193: 'RISCV_VARIANT_CC' },
  [EM.PPC]: { 1879048192: 'PPC_GOT', 1879048193: 'PPC_OPT' },
  [EM.PPC64]: {
    1879048192: 'PPC64_GLINK',
    1879048193: 'PPC64_OPD',
    1879048194: 'PPC64_OPDSZ',
    1879048195: 'PPC64_OPT',
  },
  [EM.MIPS]: {
    1879048193: 'MIPS_RLD_VERSION',
    1879048197: 'MIPS_FLAGS',
    1879048198: 'MIPS_BASE_ADDRESS',
    1879048202: 'MIPS_LOCAL_GOTNO',
    1879048209: 'MIPS_SYMTABNO',
    1879048210: 'MIPS_UNREFEXTNO',
    1879048211: 'MIPS_GOTSYM',
    1879048214: 'MIPS_RLD_MAP',
    1879048242: 'MIPS_PLTGOT',
    1879048244: 'MIPS_RWPLT',
    1879048245: 'MIPS_RLD_MAP_REL',
    1879048246: 'MIPS_XHASH',
  },
};

/** The same holds for sh_type from SHT_LOPROC to SHT_HIPROC. */
const PROCESSOR_SECTIONS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [EM.X86_64]: { 1879048193: 'X86_64_UNWIND' },
  [EM.ARM]: { 1879048193: 'ARM_EXIDX', 1879048194: 'ARM_PREEMPTMAP', 1879048195: 'ARM_ATTRIBUTES' },
  [EM.AARCH64]: { 1879048195: 'AARCH64_ATTRIBUTES' },
  [EM.RISCV]: { 1879048195: 'RISCV_ATTRIBUTES' },
  [EM.MIPS]: { 1879048198: 'MIPS_REGINFO', 1879048205: 'MIPS_OPTIONS', 1879048234: 'MIPS_ABIFLAGS' },
};

export function sectionType(type: number, machineCode: number): string {
  return PROCESSOR_SECTIONS[machineCode]?.[type] ?? anySectionType(type);
}

/** And for the bits of SHF_MASKPROC. */
const PROCESSOR_FLAGS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [EM.X86_64]: { X86_64_LARGE: 0x10000000 },
  [EM.ARM]: { ARM_PURECODE: 0x20000000 },
  [EM.MIPS]: { MIPS_GPREL: 0x10000000 },
};

export function sectionFlags(flags: number, machineCode: number): string[] {
  return flagNames({ ...SHF, ...PROCESSOR_FLAGS[machineCode] }, flags);
}

export function dynamicTag(tag: number, machineCode: number): string {
  return PROCESSOR_TAGS[machineCode]?.[tag] ?? without('DT_', dynamicTagName)(tag);
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
