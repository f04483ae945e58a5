import { nameLookup } from './names.ts';

/** Types of notes whose owner is `GNU` (Linux ABI supplement to the gABI). */
export const NT_GNU = { ABI_TAG: 1, HWCAP: 2, BUILD_ID: 3, GOLD_VERSION: 4, PROPERTY_TYPE_0: 5 } as const;
export const gnuNoteName = nameLookup('NT_GNU_', NT_GNU);

/** Types of notes whose owner is `FDO` (UAPI Group: Package Metadata, and ELF dlopen Metadata). */
export const NT_FDO = { PACKAGING_METADATA: 0xcafe1a7e, DLOPEN_METADATA: 0x407c0c0a } as const;
export const fdoNoteName = nameLookup('NT_FDO_', NT_FDO);

/** Operating system word of NT_GNU_ABI_TAG (Linux ABI supplement to the gABI). */
export const ELF_NOTE_OS = { LINUX: 0, GNU: 1, SOLARIS2: 2, FREEBSD: 3 } as const;
export const noteOsName = nameLookup('', {
  Linux: ELF_NOTE_OS.LINUX,
  'GNU Hurd': ELF_NOTE_OS.GNU,
  Solaris: ELF_NOTE_OS.SOLARIS2,
  FreeBSD: ELF_NOTE_OS.FREEBSD,
});

/** pr_type of program properties (Linux ABI supplement to the gABI, Program Property). */
export const GNU_PROPERTY = {
  STACK_SIZE: 1,
  NO_COPY_ON_PROTECTED: 2,
  MEMORY_SEAL: 3,
  '1_NEEDED': 0xb0008000,
  AARCH64_FEATURE_1_AND: 0xc0000000,
  X86_FEATURE_1_AND: 0xc0000002,
  X86_FEATURE_2_NEEDED: 0xc0008001,
  X86_ISA_1_NEEDED: 0xc0008002,
  X86_FEATURE_2_USED: 0xc0010001,
  X86_ISA_1_USED: 0xc0010002,
} as const;

export const GNU_PROPERTY_X86_FEATURE_1 = { IBT: 1, SHSTK: 2, LAM_U48: 4, LAM_U57: 8 } as const;
export const GNU_PROPERTY_AARCH64_FEATURE_1 = { BTI: 1, PAC: 2, GCS: 4 } as const;
export const GNU_PROPERTY_X86_ISA_1 = {
  'x86-64-baseline': 1,
  'x86-64-v2': 2,
  'x86-64-v3': 4,
  'x86-64-v4': 8,
} as const;
