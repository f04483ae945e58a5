import { type Conventions, Registers } from './registers.ts';
import type { CodeSink, Sweep } from './sweep.ts';

/** As base of an address and in sums; elsewhere the same number is the register that is always zero. */
const STACK_POINTER = 31;
const ZERO_REGISTER = 31;

/** AAPCS64, Parameter passing, and General-purpose registers: x19 to x28, and the frame pointer, are kept. */
export const AARCH64_CALLS: Conventions = {
  count: 32,
  args: [0, 1, 2, 3, 4, 5, 6, 7],
  result: 0,
  stackPointer: STACK_POINTER,
  kept: new Set([19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, STACK_POINTER]),
};

/** Reads code word by word (Arm Architecture Reference Manual, A64 instruction set encoding). */
export const sweepAarch64: Sweep = (bytes, base, start, end, readSlot, sink) => {
  const registers = new Registers(AARCH64_CALLS, readSlot);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = Math.min(end - base, bytes.length) - 4;
  for (let at = start - base; at <= last; at += 4) {
    registers.begin(base + at);
    step(view.getUint32(at, true), base + at, registers, sink);
  }
};

/** `bits` bits of a word from `from` upwards as a signed number. */
const signed = (word: number, from: number, bits: number) => (word << (32 - from - bits)) >> (32 - bits);

function step(word: number, here: number, registers: Registers, sink: CodeSink): void {
  const next = here + 4;
  const rd = word & 31;
  const rn = (word >>> 5) & 31;
  if (word >>> 26 === 0b100101 || word >>> 26 === 0b000101) {
    const isCall = word >>> 31 === 1;
    sink.branch(here, next, here + 4 * signed(word, 0, 26), isCall ? 'call' : 'jump', registers);
    if (isCall) registers.afterCall(here);
    else registers.end();
  } else if ((word & 0xff000010) >>> 0 === 0x54000000 || (word & 0x7e000000) === 0x34000000) {
    // B.cond, CBZ and CBNZ
    sink.branch(here, next, here + 4 * signed(word, 5, 19), 'condition', registers);
  } else if ((word & 0x7e000000) === 0x36000000) {
    // TBZ and TBNZ
    sink.branch(here, next, here + 4 * signed(word, 5, 14), 'condition', registers);
  } else if ((word & 0xfffffc1f) >>> 0 === 0xd63f0000 || (word & 0xfffffc1f) >>> 0 === 0xd61f0000) {
    const isCall = (word & 0x00200000) !== 0;
    sink.indirect(here, registers.get(rn), isCall, registers);
    if (isCall) registers.afterCall(here);
    else registers.end();
  } else if ((word & 0xfffffc1f) >>> 0 === 0xd65f0000) {
    sink.stop(here);
    registers.end();
  } else if ((word & 0x1f000000) === 0x10000000) {
    const immediate = (signed(word, 5, 19) * 4) | ((word >>> 29) & 3);
    if (word >>> 31 === 1) registers.setAddress(rd, Math.floor(here / 4096) * 4096 + immediate * 4096);
    else {
      registers.setAddress(rd, here + immediate);
      sink.address(here, here + immediate);
    }
  } else if ((word & 0xff800000) >>> 0 === 0x91000000) {
    const shift = (word & 0x400000) !== 0 ? 4096 : 1;
    registers.add(rd, rn, ((word >>> 10) & 0xfff) * shift);
    tell(rd, here, registers, sink);
  } else if ((word & 0xff800000) >>> 0 === 0xd1000000) {
    const shift = (word & 0x400000) !== 0 ? 4096 : 1;
    registers.add(rd, rn, -((word >>> 10) & 0xfff) * shift);
  } else if ((word & 0xbfc00000) >>> 0 === 0xb9400000) {
    const size = (word & 0x40000000) !== 0 ? 8 : 4;
    load(rd, rn, ((word >>> 10) & 0xfff) * size, registers);
    tell(rd, here, registers, sink);
  } else if ((word & 0xbfe00c00) >>> 0 === 0xb8400000) {
    // LDUR
    load(rd, rn, signed(word, 12, 9), registers);
    tell(rd, here, registers, sink);
  } else if ((word & 0xbfc00000) >>> 0 === 0xb9000000) {
    const size = (word & 0x40000000) !== 0 ? 8 : 4;
    store(rd, rn, ((word >>> 10) & 0xfff) * size, here, registers, sink);
  } else if ((word & 0xbfe00c00) >>> 0 === 0xb8000000) {
    // STUR
    store(rd, rn, signed(word, 12, 9), here, registers, sink);
  } else if ((word & 0x3f000000) === 0x08000000) {
    synchronise(word, here, registers, sink);
  } else if ((word & 0x7fe0ffe0) === 0x2a0003e0) {
    moveRegister(rd, (word >>> 16) & 31, registers);
  } else if ((word & 0x7f800000) === 0x52800000) {
    registers.setNumber(rd, ((word >>> 5) & 0xffff) * 2 ** (16 * ((word >>> 21) & 3)));
  } else forgetTargets(word, registers);
}

/** Loads and stores that are exclusive or ordered, and compare and swap: none of them moves its base. */
function synchronise(word: number, here: number, registers: Registers, sink: CodeSink): void {
  const [status, rt2, rn, rt] = [16, 10, 5, 0].map((from) => (word >>> from) & 31) as Four;
  const isLoad = (word & 0x400000) !== 0;
  const isOrdered = (word & 0x800000) !== 0;
  const isPairOrSwap = (word & 0x200000) !== 0;
  if (isOrdered && isPairOrSwap) {
    // CAS: the first register is given what stood there
    store(rt, rn, 0, here, registers, sink);
    registers.forget(status);
  } else if (isLoad || isPairOrSwap) {
    for (const register of [status, rt2, rt]) registers.forget(register);
  } else {
    store(rt, rn, 0, here, registers, sink);
    if (!isOrdered) registers.forget(status);
  }
}

type Four = [number, number, number, number];

/** A function that only compares and exchanges is a dozen instructions; in bytes. */
const OUTLINE_LIMIT = 64;

/**
 * Whether code from `start` to `end` has `CAS w1, [x2]`: the functions of libgcc and compiler-rt that compilers call
 * for atomic operations (-moutline-atomics) put their second argument where the third one points.
 */
export function exchangesAarch64(bytes: Uint8Array, base: number, start: number, end: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = Math.min(end - base, start - base + OUTLINE_LIMIT, bytes.length) - 4;
  for (let at = start - base; at <= last; at += 4) {
    const word = view.getUint32(at, true);
    if ((word & 0x3fa07fff) === (0x08a07c00 | (2 << 5) | 1)) return true;
  }
  return false;
}

/** What any other instruction may write: its first register, of pairs the second, and a base with writeback. */
function forgetTargets(word: number, registers: Registers): void {
  registers.forget(word & 31);
  const isLoadOrStore = (word & 0x0a000000) === 0x08000000;
  if (!isLoadOrStore) return;
  const base = (word >>> 5) & 31;
  if (base === STACK_POINTER) registers.add(base, base, writeback(word));
  else registers.forget(base);
  if ((word & 0x3a000000) === 0x28000000) registers.forget((word >>> 10) & 31);
}

/** By how much a load or store moves its base: pairs and single registers, before or after the access. */
function writeback(word: number): number {
  if ((word & 0x3a800000) === 0x28800000) return signed(word, 15, 7) * (word >>> 31 === 1 ? 8 : 4);
  if ((word & 0x3b200400) === 0x38000400) return signed(word, 12, 9);
  return 0;
}

function load(rd: number, rn: number, offset: number, registers: Registers): void {
  if (rd !== ZERO_REGISTER) registers.load(rd, rn, offset);
}

function store(
  rd: number,
  rn: number,
  offset: number,
  here: number,
  registers: Registers,
  sink: CodeSink,
): void {
  const value = rd === ZERO_REGISTER ? ({ kind: 'number', number: 0 } as const) : registers.get(rd);
  const place = registers.store(rn, offset, value);
  if (place !== undefined && value !== undefined) sink.keep(here, value, place);
}

function moveRegister(to: number, from: number, registers: Registers): void {
  if (to === ZERO_REGISTER) return;
  if (from === ZERO_REGISTER) registers.setNumber(to, 0);
  else registers.copy(to, from);
}

function tell(register: number, here: number, registers: Registers, sink: CodeSink): void {
  const value = registers.get(register);
  if (value?.kind === 'address') sink.address(here, value.address);
  else if (value?.kind === 'content') sink.load(here, value.of);
}

/** `bti c`, then ADRP x16, LDR x17, [x16, #…]: what a PLT entry begins with (AAELF64, Procedure Linkage Table). */
export function pltSlotAarch64(bytes: Uint8Array, base: number, address: number): number | undefined {
  let at = address - base;
  if (at < 0 || at % 4 !== 0 || at + 16 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at, true) === 0xd503245f) at += 4;
  const adrp = view.getUint32(at, true);
  const ldr = view.getUint32(at + 4, true);
  if ((adrp & 0x9f00001f) >>> 0 !== 0x90000010 || (ldr & 0xffc003ff) >>> 0 !== 0xf9400211) return undefined;
  const pages = (signed(adrp, 5, 19) * 4) | ((adrp >>> 29) & 3);
  const page = Math.floor((base + at) / 4096) * 4096 + pages * 4096;
  return page + ((ldr >>> 10) & 0xfff) * 8;
}
