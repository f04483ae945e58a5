import { EM } from '../constants/index.ts';
import { relocationClass } from './machines.ts';

/**
 * How the symbol look-up for a relocation is narrowed (glibc, ELF_RTYPE_CLASS_*):
 * - `plt`: an undefined symbol of the executable with a value, which is its canonical PLT entry, is no
 *   definition;
 * - `copy`: the executable is left out, since it holds the copy;
 * - `any`: both count.
 */
export type LookupClass = 'plt' | 'copy' | 'any';

/** e_flags of 64-bit PowerPC: the ABI version; 2 is ELFv2 (Power ELFv2 psABI, ELF Header). */
const EF_PPC64_ABI = 3;

/** The 64-bit PowerPC types of thread-local storage, from first to last. */
const PPC64_TLS_RANGES = [
  [67, 106], // R_PPC64_TLS to R_PPC64_DTPREL16_HIGHESTA
  [112, 115], // R_PPC64_TPREL16_HIGH to R_PPC64_DTPREL16_HIGHA
] as const;
const R_PPC64_ADDR24 = 2;

/**
 * The rule of each architecture's `elf_machine_type_class` in glibc. Most put thread-local types beside jump
 * slots; MIPS and LoongArch do not. On 64-bit PowerPC `flags` (e_flags) decides: under ELFv1, which has no
 * canonical PLT entries, every type is `plt`.
 */
export function lookupClass(machine: number, type: number, flags: number): LookupClass {
  const relocation = relocationClass(machine, type);
  if (relocation === 'copy') return 'copy';
  if (relocation === 'jump-slot') return 'plt';
  switch (machine) {
    case EM.MIPS:
    case EM.LOONGARCH:
      return 'any';
    case EM.PPC64:
      if ((flags & EF_PPC64_ABI) !== 2 || type === R_PPC64_ADDR24) return 'plt';
      return PPC64_TLS_RANGES.some(([first, last]) => type >= first && type <= last) ? 'plt' : 'any';
    default:
      return relocation === 'tls' ? 'plt' : 'any';
  }
}
