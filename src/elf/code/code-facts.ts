import type { SharedPlace, Value } from './registers.ts';
import type { Slots } from './slots.ts';

/** A call, or a jump in place of one, of a function that another object defines. */
export interface ImportCall {
  /** Address of the instruction. */
  readonly at: number;
  readonly name: string;
  /** The first four arguments, as far as the code before the call tells. */
  readonly args: readonly (Value | undefined)[];
  /** Control comes back to the call without leaving the function. */
  readonly inLoop: boolean;
  /** Every way through the function passes it. */
  readonly isAlways: boolean;
  /** The variable of the object that its result is put into. */
  readonly keptIn: number | undefined;
  /**
   * Nothing is called here: the code takes the address of the function, by itself, in a table of them, or by its
   * name (`dlsym`).
   */
  readonly isTaken: boolean;
  /** For each argument that is an address of the frame: the words that the code has put there, by their offsets. */
  readonly written: readonly (ReadonlyMap<number, Value> | undefined)[];
}

/** A call of a function of the same object. */
export interface OwnCall {
  readonly at: number;
  readonly args: readonly (Value | undefined)[];
  readonly inLoop: boolean;
  readonly isAlways: boolean;
  readonly keptIn: number | undefined;
}

/** One function, by the address at which it begins. */
export interface CodeFunction {
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  /** Functions of the object that it calls or goes on in. */
  readonly calls: ReadonlySet<number>;
  /** Functions of the object whose address it takes, alone or through a table of addresses. */
  readonly refers: ReadonlySet<number>;
  /** What it calls of other objects, as far as `isWanted` asks for it. */
  readonly imports: readonly ImportCall[];
  /** Words of the frame that are put where others see them, by their offsets. */
  readonly keptWords: ReadonlyMap<number, KeptWord>;
}

/** A word that others have written, and that is then put into a variable, or behind a parameter. */
export interface KeptWord {
  readonly place: SharedPlace;
  /** Calls of imports that are given the word first, by their addresses, and that every way from there comes to. */
  readonly followedBy: readonly number[];
}

/** Who calls whom in an object. Addresses are those of the file, as numbers: shared objects begin at 0. */
export interface CodeMap {
  /** By their first address, ascending. */
  readonly functions: ReadonlyMap<number, CodeFunction>;
  readonly slots: Slots;
  /** The start of the function that an address lies in. */
  functionAt(address: number): number | undefined;
  /** The calls of one function by another one of the object, in the order of the code. */
  ownCalls(caller: number, target: number): OwnCall[];
}

/** What makes a call of an import worth remembering. */
export type IsWanted = (name: string, passesFunction: boolean) => boolean;
