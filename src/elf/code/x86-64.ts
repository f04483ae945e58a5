import { type ReadSlot, Registers } from './registers.ts';
import type { CodeSink, Sweep } from './sweep.ts';
import { decodeInstruction, type Instruction } from './x86-64-length.ts';

/** Registers of the first six arguments: rdi, rsi, rdx, rcx, r8, r9 (x86-64 psABI, Parameter Passing). */
export const X86_64_ARGUMENTS: readonly number[] = [7, 6, 2, 1, 8, 9];

/** rbx, rsp, rbp, r12 to r15 (x86-64 psABI, Registers). */
const KEPT: ReadonlySet<number> = new Set([3, 4, 5, 12, 13, 14, 15]);

const RETURN = 0xc3;
/** After 0F. */
const UD2 = 0x0b;

/** Reads code instruction by instruction from the beginning of a function. */
export const sweepX86: Sweep = (bytes, base, start, end, readSlot, sink) => {
  const registers = new Registers(16, readSlot);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const instruction = newInstruction();
  for (let at = start - base; at < end - base; at += instruction.length) {
    decodeInstruction(bytes, at, end - base, instruction);
    step(view, base, at, instruction, registers, readSlot, sink);
  }
};

function newInstruction(): Instruction {
  return {
    length: 1,
    map: 0,
    opcode: 0,
    rex: 0,
    operand16: false,
    modrm: -1,
    displacementAt: 0,
    displacementSize: 0,
    immediateAt: 0,
    immediateSize: 0,
  };
}

function step(
  view: DataView,
  base: number,
  at: number,
  instruction: Instruction,
  registers: Registers,
  readSlot: ReadSlot,
  sink: CodeSink,
): void {
  const { map, opcode, length, modrm, rex } = instruction;
  const here = base + at;
  const next = here + length;
  if (map === 1) {
    if (opcode >= 0x80 && opcode < 0x90) {
      sink.branch(here, next, next + view.getInt32(instruction.immediateAt, true), 'condition', registers);
    } else if (opcode === UD2) sink.stop(here);
    else forgetTargets(instruction, registers);
    return;
  }
  if (map !== 0) {
    forgetTargets(instruction, registers);
    return;
  }
  switch (opcode) {
    case 0xe8:
    case 0xe9: {
      const isCall = opcode === 0xe8;
      const target = next + view.getInt32(instruction.immediateAt, true);
      sink.branch(here, next, target, isCall ? 'call' : 'jump', registers);
      if (isCall) registers.forgetAllBut(KEPT);
      return;
    }
    case 0xeb:
      sink.branch(here, next, next + view.getInt8(instruction.immediateAt), 'jump', registers);
      return;
    case RETURN:
      sink.stop(here);
      return;
    case 0xff: {
      const operation = (modrm >> 3) & 7; // 2 is CALL, 4 is JMP (group 5)
      if (operation !== 2 && operation !== 4) {
        forgetTargets(instruction, registers);
        return;
      }
      const isCall = operation === 2;
      const slot = ripAddress(view, instruction, next);
      if (slot !== undefined) sink.through(here, slot, isCall, registers);
      else {
        const value = modrm >> 6 === 3 ? registers.get((modrm & 7) | ((rex & 1) << 3)) : undefined;
        sink.indirect(here, value, isCall, registers);
      }
      if (isCall) registers.forgetAllBut(KEPT);
      return;
    }
  }
  if (opcode >= 0x70 && opcode < 0x80) {
    sink.branch(here, next, next + view.getInt8(instruction.immediateAt), 'condition', registers);
    return;
  }
  move(view, here, next, instruction, registers, readSlot, sink);
}

/** LEA, MOV and XOR, by which compilers prepare arguments. */
function move(
  view: DataView,
  here: number,
  next: number,
  instruction: Instruction,
  registers: Registers,
  readSlot: ReadSlot,
  sink: CodeSink,
): void {
  const { opcode, modrm, rex } = instruction;
  const reg = ((modrm >> 3) & 7) | ((rex & 4) << 1);
  const rm = (modrm & 7) | ((rex & 1) << 3);
  switch (opcode) {
    case 0x8d: {
      const address = ripAddress(view, instruction, next);
      if (address === undefined) registers.forget(reg);
      else {
        registers.setAddress(reg, address);
        sink.address(here, address);
      }
      return;
    }
    case 0x8b: {
      const slot = ripAddress(view, instruction, next);
      if (slot !== undefined) {
        registers.loadAt(reg, slot);
        const value = readSlot(slot);
        if (value?.kind === 'address') sink.address(here, value.address);
      } else if (modrm >> 6 === 3) registers.copy(reg, rm);
      else if ((modrm & 7) !== 4) registers.load(reg, rm, displacement(view, instruction));
      else registers.forget(reg);
      return;
    }
    case 0x89:
      if (modrm >> 6 === 3) registers.copy(rm, reg);
      return;
    case 0x31:
    case 0x33:
      // XOR of a register with itself is how it is set to zero.
      if (modrm >> 6 === 3 && rm === reg) registers.setNumber(reg, 0);
      else forgetTargets(instruction, registers);
      return;
    // CMP, TEST and PUSH write no register.
    case 0x38:
    case 0x39:
    case 0x3a:
    case 0x3b:
    case 0x3c:
    case 0x3d:
    case 0x84:
    case 0x85:
    case 0xa8:
    case 0xa9:
      return;
    case 0x83:
    case 0x81:
      // Of this group CMP is the one that writes nothing.
      if (((modrm >> 3) & 7) !== 7 && modrm >> 6 === 3) registers.forget(rm);
      return;
    case 0xc7:
      if (modrm >> 6 === 3) registers.setNumber(rm, view.getInt32(instruction.immediateAt, true));
      return;
  }
  if (opcode >= 0xb8 && opcode < 0xc0) {
    const register = (opcode & 7) | ((rex & 1) << 3);
    if (instruction.immediateSize === 4) {
      registers.setNumber(register, view.getInt32(instruction.immediateAt, true));
    } else registers.forget(register);
    return;
  }
  if (opcode >= 0x50 && opcode < 0x58) return;
  forgetTargets(instruction, registers);
}

/** What any other instruction may write: both of its operands, or what its opcode names. */
function forgetTargets({ map, opcode, modrm, rex }: Instruction, registers: Registers): void {
  if (modrm >= 0) {
    registers.forget(((modrm >> 3) & 7) | ((rex & 4) << 1));
    if (modrm >> 6 === 3) registers.forget((modrm & 7) | ((rex & 1) << 3));
    // Multiplication and division write rax and rdx.
    if (map === 0 && (opcode === 0xf6 || opcode === 0xf7))
      for (const register of [0, 2]) registers.forget(register);
    return;
  }
  // POP and XCHG name a register in the opcode; the rest writes rax, rdx, and as a string instruction rcx, rsi, rdi.
  const named = map === 0 && (opcode & 0xf8) === 0x58;
  for (const register of named ? [(opcode & 7) | ((rex & 1) << 3)] : [0, 1, 2, 6, 7])
    registers.forget(register);
}

function displacement(view: DataView, { displacementAt, displacementSize }: Instruction): number {
  if (displacementSize === 0) return 0;
  return displacementSize === 1 ? view.getInt8(displacementAt) : view.getInt32(displacementAt, true);
}

/** The address that an operand relative to the instruction pointer names. */
function ripAddress(view: DataView, instruction: Instruction, next: number): number | undefined {
  if ((instruction.modrm & 0xc7) !== 5) return undefined;
  return next + view.getInt32(instruction.displacementAt, true);
}

/** After `endbr64` and `bnd`, a jump through a slot of the global offset table: what a PLT entry begins with. */
export function pltSlotX86(bytes: Uint8Array, base: number, address: number): number | undefined {
  let at = address - base;
  const byte = (offset: number) => bytes[at + offset];
  if (byte(0) === 0xf3 && byte(1) === 0x0f && byte(2) === 0x1e && byte(3) === 0xfa) at += 4;
  if (byte(0) === 0xf2) at += 1;
  if (byte(0) !== 0xff || byte(1) !== 0x25 || at + 6 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return base + at + 6 + view.getInt32(at + 2, true);
}
