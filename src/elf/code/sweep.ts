import type { ReadSlot, Registers, SharedPlace, Value } from './registers.ts';

/** How control goes on at a branch: back here later, only there, or one of both. */
type Branch = 'call' | 'jump' | 'condition';

/** What a piece of code does that others can see. Addresses are those of the file, as numbers. */
export interface CodeSink {
  /** A call or jump to an address; `next` is that of the instruction behind it. */
  branch(at: number, next: number, target: number, kind: Branch, registers: Registers): void;
  /** A call or jump through the word at an address: a slot of the global offset table. */
  through(at: number, slot: number, isCall: boolean, registers: Registers): void;
  /** A call or jump through a register, with what it holds. */
  indirect(at: number, target: Value | undefined, isCall: boolean, registers: Registers): void;
  /** Code that computes an address, or loads one that a relocation puts into a slot. */
  address(at: number, address: number): void;
  /** Code that loads a word that nothing in the object fills with an address of its own. */
  load(at: number, slot: number): void;
  /** The instruction at an address puts a value where others see it. */
  keep(at: number, value: Value, place: SharedPlace): void;
  /** A return or a trap: control does not go on behind it. */
  stop(at: number): void;
}

/** Reads the instructions from `start` to `end`, which `bytes` hold; `base` is the address of the first byte. */
export type Sweep = (
  bytes: Uint8Array,
  base: number,
  start: number,
  end: number,
  readSlot: ReadSlot,
  sink: CodeSink,
) => void;
