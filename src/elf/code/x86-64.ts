import { type Conventions, type ReadSlot, Registers, type SharedPlace, type Value } from './registers.ts';
import type { CodeSink, Sweep } from './sweep.ts';
import { decodeInstruction, type Instruction } from './x86-64-length.ts';

const STACK_POINTER = 4;
const FRAME_POINTER = 5;

/** x86-64 psABI, Registers, and Parameter Passing: rdi, rsi, rdx, rcx, r8, r9; rbx, rsp, rbp, r12 to r15 are kept. */
export const X86_64_CALLS: Conventions = {
  count: 16,
  args: [7, 6, 2, 1, 8, 9],
  result: 0,
  stackPointer: STACK_POINTER,
  kept: new Set([3, STACK_POINTER, FRAME_POINTER, 12, 13, 14, 15]),
};

const RETURN = 0xc3;
/** After 0F. */
const UD2 = 0x0b;
/** CMPXCHG of more than a byte: writes the register only where rax holds what stands there, and rax otherwise. */
const COMPARE_EXCHANGE = 0xb1;

/** Reads code instruction by instruction from the beginning of a function. */
export const sweepX86: Sweep = (bytes, base, start, end, readSlot, sink) => {
  const registers = new Registers(X86_64_CALLS, readSlot);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const instruction = newInstruction();
  for (let at = start - base; at < end - base; at += instruction.length) {
    decodeInstruction(bytes, at, end - base, instruction);
    registers.begin(base + at);
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
    } else if (opcode === UD2) {
      sink.stop(here);
      registers.end();
    } else if (opcode === COMPARE_EXCHANGE && modrm >> 6 !== 3) {
      const value = registers.get(((modrm >> 3) & 7) | ((rex & 4) << 1));
      const place = target(view, next, instruction, undefined, registers);
      if (place !== undefined && value !== undefined) sink.keep(here, value, place);
      registers.forget(X86_64_CALLS.result);
    } else forgetTargets(instruction, registers);
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
      if (isCall) registers.afterCall(here);
      else registers.end();
      return;
    }
    case 0xeb:
      sink.branch(here, next, next + view.getInt8(instruction.immediateAt), 'jump', registers);
      registers.end();
      return;
    case RETURN:
      sink.stop(here);
      registers.end();
      return;
    case 0xff: {
      const operation = (modrm >> 3) & 7; // 2 is CALL, 4 is JMP, 6 is PUSH (group 5)
      if (operation === 6) registers.add(STACK_POINTER, STACK_POINTER, -8);
      if (operation !== 2 && operation !== 4) {
        forgetTargets(instruction, registers);
        return;
      }
      const isCall = operation === 2;
      const slot = ripAddress(view, instruction, next);
      if (slot !== undefined) sink.through(here, slot, isCall, registers);
      else {
        const base = baseRegister(view, instruction);
        const value =
          modrm >> 6 === 3
            ? registers.get((modrm & 7) | ((rex & 1) << 3))
            : base === undefined
              ? undefined
              : registers.loaded(base, displacement(view, instruction));
        sink.indirect(here, value, isCall, registers);
      }
      if (isCall) registers.afterCall(here);
      else registers.end();
      return;
    }
  }
  if (opcode >= 0x70 && opcode < 0x80) {
    sink.branch(here, next, next + view.getInt8(instruction.immediateAt), 'condition', registers);
    return;
  }
  move(view, here, next, instruction, registers, readSlot, sink);
}

/** LEA, MOV, XOR, PUSH, POP and sums with constants, by which compilers prepare frames and arguments. */
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
      const base = baseRegister(view, instruction);
      if (address !== undefined) {
        registers.setAddress(reg, address);
        sink.address(here, address);
      } else if (base !== undefined) {
        registers.add(reg, base, displacement(view, instruction));
        tell(reg, here, registers, sink);
      } else registers.forget(reg);
      return;
    }
    case 0x8b: {
      const slot = ripAddress(view, instruction, next);
      const base = baseRegister(view, instruction);
      if (slot !== undefined) {
        registers.loadAt(reg, slot);
        const value = readSlot(slot);
        if (value?.kind === 'address') sink.address(here, value.address);
        else sink.load(here, slot);
      } else if (modrm >> 6 === 3) registers.copy(reg, rm);
      else if (base !== undefined) registers.load(reg, base, displacement(view, instruction));
      else registers.forget(reg);
      return;
    }
    case 0x89:
      if (modrm >> 6 === 3) registers.copy(rm, reg);
      else store(view, here, next, instruction, registers.get(reg), registers, sink);
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
      if (modrm >> 6 === 3) sum((modrm >> 3) & 7, rm, immediate(view, instruction), here, registers, sink);
      return;
    case 0xc7: {
      const number = immediate(view, instruction);
      if (modrm >> 6 === 3) registers.setNumber(rm, number);
      else store(view, here, next, instruction, { kind: 'number', number }, registers, sink);
      return;
    }
    case 0x68:
    case 0x6a:
      registers.add(STACK_POINTER, STACK_POINTER, -8);
      return;
    case 0xc9: // LEAVE
      registers.add(STACK_POINTER, FRAME_POINTER, 8);
      registers.forget(FRAME_POINTER);
      return;
  }
  if (opcode >= 0xb8 && opcode < 0xc0) {
    const register = (opcode & 7) | ((rex & 1) << 3);
    if (instruction.immediateSize === 4) {
      registers.setNumber(register, view.getInt32(instruction.immediateAt, true));
    } else registers.forget(register);
    return;
  }
  const named = (opcode & 7) | ((rex & 1) << 3);
  if (opcode >= 0x50 && opcode < 0x58) {
    registers.add(STACK_POINTER, STACK_POINTER, -8);
    registers.store(STACK_POINTER, 0, registers.get(named));
  } else if (opcode >= 0x58 && opcode < 0x60) {
    registers.load(named, STACK_POINTER, 0);
    registers.add(STACK_POINTER, STACK_POINTER, 8);
  } else if (opcode >= 0xb0 && opcode < 0xb8) {
    // MOV of a byte: without REX the upper four are the second bytes of the lower four.
    registers.forget(rex === 0 ? opcode & 3 : named);
  } else forgetTargets(instruction, registers);
}

/** What ADD, SUB and others do to a register: of this group CMP (7) is the one that writes nothing. */
function sum(
  operation: number,
  register: number,
  constant: number,
  here: number,
  registers: Registers,
  sink: CodeSink,
): void {
  if (operation === 7) return;
  if (operation === 0) registers.add(register, register, constant);
  else if (operation === 5) registers.add(register, register, -constant);
  else registers.forget(register);
  tell(register, here, registers, sink);
}

function tell(register: number, here: number, registers: Registers, sink: CodeSink): void {
  const value = registers.get(register);
  if (value?.kind === 'address') sink.address(here, value.address);
}

function store(
  view: DataView,
  here: number,
  next: number,
  instruction: Instruction,
  value: Value | undefined,
  registers: Registers,
  sink: CodeSink,
): void {
  const place = target(view, next, instruction, value, registers);
  if (place !== undefined && value !== undefined) sink.keep(here, value, place);
}

/** Notes down what is written to an operand in memory; which place it is, where others see it. */
function target(
  view: DataView,
  next: number,
  instruction: Instruction,
  value: Value | undefined,
  registers: Registers,
): SharedPlace | undefined {
  const address = ripAddress(view, instruction, next);
  if (address !== undefined) return { kind: 'address', address };
  const base = baseRegister(view, instruction);
  return base === undefined ? undefined : registers.store(base, displacement(view, instruction), value);
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
  for (const register of (map === 0 ? WRITTEN_BY[opcode] : undefined) ?? WRITTEN_UNNAMED) {
    registers.forget(register);
  }
}

/** What instructions write that name no register: NOP nothing, CDQE rax, CQO rdx, MOVS rcx, rsi and rdi, STOS rcx and rdi. */
const WRITTEN_BY: Readonly<Record<number, readonly number[]>> = {
  144: [],
  152: [0],
  153: [2],
  164: [1, 6, 7],
  165: [1, 6, 7],
  170: [1, 7],
  171: [1, 7],
};

/** The rest: rax, rdx, and as a string instruction rcx, rsi, rdi. */
const WRITTEN_UNNAMED: readonly number[] = [0, 1, 2, 6, 7];

/** The register of an operand in memory that has one and no index. */
function baseRegister(view: DataView, { modrm, rex, displacementAt }: Instruction): number | undefined {
  if (modrm < 0 || modrm >> 6 === 3 || (modrm & 0xc7) === 5) return undefined;
  if ((modrm & 7) !== 4) return (modrm & 7) | ((rex & 1) << 3);
  const sib = view.getUint8(displacementAt - 1);
  const hasIndex = (sib & 0x38) !== 0x20 || (rex & 2) !== 0;
  const hasBase = (sib & 7) !== 5 || modrm >> 6 !== 0;
  return hasIndex || !hasBase ? undefined : (sib & 7) | ((rex & 1) << 3);
}

function immediate(view: DataView, { immediateAt, immediateSize }: Instruction): number {
  switch (immediateSize) {
    case 1:
      return view.getInt8(immediateAt);
    case 2:
      return view.getInt16(immediateAt, true);
    default:
      return view.getInt32(immediateAt, true);
  }
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
