import { nameLookup } from './names.ts';

/** e_type: what kind of file this is (gABI, ELF Header). */
export const ET = { NONE: 0, REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;
export const elfTypeName = nameLookup('ET_', ET);

/** EI_OSABI (gABI, ELF Identification, and the psABI supplements for 64 and up). */
export const ELFOSABI = {
  NONE: 0,
  HPUX: 1,
  NETBSD: 2,
  GNU: 3,
  SOLARIS: 6,
  AIX: 7,
  IRIX: 8,
  FREEBSD: 9,
  TRU64: 10,
  MODESTO: 11,
  OPENBSD: 12,
  OPENVMS: 13,
  NSK: 14,
  AROS: 15,
  FENIXOS: 16,
  CLOUDABI: 17,
  OPENVOS: 18,
  ARM_AEABI: 64,
  ARM: 97,
  STANDALONE: 255,
} as const;
export const osAbiName = nameLookup('ELFOSABI_', ELFOSABI);

/** e_machine: the architectures that solder names (gABI, ELF Header, and the registry of machine codes). */
export const EM = {
  NONE: 0,
  SPARC: 2,
  '386': 3,
  '68K': 4,
  IAMCU: 6,
  MIPS: 8,
  PARISC: 15,
  SPARC32PLUS: 18,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  ARM: 40,
  SH: 42,
  SPARCV9: 43,
  ARC: 45,
  IA_64: 50,
  X86_64: 62,
  OPENRISC: 92,
  ARC_COMPACT: 93,
  XTENSA: 94,
  MICROBLAZE: 189,
  ALTERA_NIOS2: 113,
  AARCH64: 183,
  AVR: 83,
  MSP430: 105,
  HEXAGON: 164,
  CUDA: 190,
  ARC_COMPACT2: 195,
  AMDGPU: 224,
  RISCV: 243,
  BPF: 247,
  CSKY: 252,
  ARC_COMPACT3_64: 253,
  ARC_COMPACT3: 255,
  LOONGARCH: 258,
  ALPHA: 0x9026,
} as const;
export const machineName = nameLookup('EM_', EM);
