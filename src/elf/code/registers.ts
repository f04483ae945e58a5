/**
 * What a register holds, as far as straight code tells: an address of the object, the word that stands at one,
 * or a small number.
 */
export type Value =
  | { readonly kind: 'address'; readonly address: number }
  | { readonly kind: 'content'; readonly of: number }
  | { readonly kind: 'number'; readonly number: number };

/** A slot of the global offset table, as far as the file decides what the loader puts there. */
export type ReadSlot = (address: number) => Value | undefined;

/**
 * The registers of a piece of code, read from its beginning as if no jump led into it: good enough to find the
 * arguments of a call, which compilers set up right before it.
 */
export class Registers {
  private readonly values: (Value | undefined)[];
  private readonly readSlot: ReadSlot;

  constructor(count: number, readSlot: ReadSlot) {
    this.values = new Array<Value | undefined>(count).fill(undefined);
    this.readSlot = readSlot;
  }

  get(register: number): Value | undefined {
    return this.values[register];
  }

  setAddress(register: number, address: number): void {
    this.values[register] = { kind: 'address', address };
  }

  setNumber(register: number, number: number): void {
    this.values[register] = { kind: 'number', number };
  }

  copy(to: number, from: number): void {
    this.values[to] = this.values[from];
  }

  /** The sum of an address and a constant; of anything else nothing is known. */
  add(to: number, from: number, addend: number): void {
    const value = this.values[from];
    this.values[to] =
      value?.kind === 'address' ? { kind: 'address', address: value.address + addend } : undefined;
  }

  /** The word at an address: what a relocation puts there, or only where it comes from. */
  loadAt(to: number, address: number): void {
    this.values[to] = this.readSlot(address) ?? { kind: 'content', of: address };
  }

  load(to: number, from: number, offset: number): void {
    const value = this.values[from];
    if (value?.kind === 'address') this.loadAt(to, value.address + offset);
    else this.values[to] = undefined;
  }

  forget(register: number): void {
    this.values[register] = undefined;
  }

  /** After a call only those are still known that the callee gives back as they were. */
  forgetAllBut(kept: ReadonlySet<number>): void {
    for (let register = 0; register < this.values.length; register++) {
      if (!kept.has(register)) this.values[register] = undefined;
    }
  }
}
