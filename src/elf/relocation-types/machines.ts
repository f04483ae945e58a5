import { EM } from '../constants/index.ts';
import { AARCH64_CLASSES, AARCH64_RELOCATIONS } from './aarch64.ts';
import { ARM_CLASSES, ARM_RELOCATIONS } from './arm.ts';
import { I386_CLASSES, I386_RELOCATIONS } from './i386.ts';
import { LOONGARCH_CLASSES, LOONGARCH_RELOCATIONS } from './loongarch.ts';
import { MIPS_CLASSES, MIPS_RELOCATIONS } from './mips.ts';
import { PPC64_CLASSES, PPC64_RELOCATIONS } from './ppc64.ts';
import type { RelocationClass, RelocationNames } from './relocation-class.ts';
import { RISCV_CLASSES, RISCV_RELOCATIONS } from './riscv.ts';
import { S390_CLASSES, S390_RELOCATIONS } from './s390.ts';
import { X86_64_CLASSES, X86_64_RELOCATIONS } from './x86-64.ts';

interface Machine {
  readonly names: RelocationNames;
  readonly classes: ReadonlyMap<number, RelocationClass>;
}

function machine(names: RelocationNames, classes: Readonly<Record<string, RelocationClass>>): Machine {
  const byCode = new Map<number, RelocationClass>();
  for (const [code, name] of Object.entries(names)) {
    const found = classes[name];
    if (found !== undefined) byCode.set(Number(code), found);
  }
  return { names, classes: byCode };
}

const MACHINES: ReadonlyMap<number, Machine> = new Map([
  [EM['386'], machine(I386_RELOCATIONS, I386_CLASSES)],
  [EM.MIPS, machine(MIPS_RELOCATIONS, MIPS_CLASSES)],
  [EM.PPC64, machine(PPC64_RELOCATIONS, PPC64_CLASSES)],
  [EM.S390, machine(S390_RELOCATIONS, S390_CLASSES)],
  [EM.ARM, machine(ARM_RELOCATIONS, ARM_CLASSES)],
  [EM.X86_64, machine(X86_64_RELOCATIONS, X86_64_CLASSES)],
  [EM.AARCH64, machine(AARCH64_RELOCATIONS, AARCH64_CLASSES)],
  [EM.RISCV, machine(RISCV_RELOCATIONS, RISCV_CLASSES)],
  [EM.LOONGARCH, machine(LOONGARCH_RELOCATIONS, LOONGARCH_CLASSES)],
]);

/**
 * The name of relocation type `type` on e_machine `machine`: `R_X86_64_JUMP_SLOT`. A type or machine without
 * a table keeps its number: `unknown (0x1234)`.
 */
export function relocationTypeName(machine: number, type: number): string {
  return MACHINES.get(machine)?.names[type] ?? `unknown (0x${type.toString(16)})`;
}

/** What relocation type `type` on e_machine `machine` asks of the dynamic linker. */
export function relocationClass(machine: number, type: number): RelocationClass {
  return MACHINES.get(machine)?.classes.get(type) ?? 'other';
}
