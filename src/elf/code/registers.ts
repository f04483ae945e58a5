/**
 * A place whose address is known only when the code runs: in the frame of the function (0 is where the stack
 * pointer stands at its entry), or behind what the function is given as a parameter.
 */
export type LocalPlace =
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'parameter'; readonly index: number; readonly offset: number };

/**
 * What a register holds, as far as straight code tells: an address of the object or a local place, the word that
 * stands at one of either, a small number, or what the call at an address gave back.
 */
export type Value =
  | { readonly kind: 'address'; readonly address: number }
  | LocalPlace
  | { readonly kind: 'content'; readonly of: number }
  | { readonly kind: 'loaded'; readonly from: LocalPlace }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'result'; readonly of: number };

/** A variable of the object, or what stands behind a parameter. */
export type SharedPlace = Extract<Value, { kind: 'address' }> | Extract<LocalPlace, { kind: 'parameter' }>;

/** A slot of the global offset table, as far as the file decides what the loader puts there. */
export type ReadSlot = (address: number) => Value | undefined;

/** What the rules of calls say about the registers of a machine. */
export interface Conventions {
  readonly count: number;
  /** Registers of the arguments, in their order. */
  readonly args: readonly number[];
  readonly result: number;
  readonly stackPointer: number;
  /** Registers that a callee gives back as they were. */
  readonly kept: ReadonlySet<number>;
}

/** A callee that is handed a place of the frame may write a structure there; in bytes. */
const WRITTEN_BY_CALLEE = 256;

/**
 * The registers of a piece of code and the words of its frame, read from its beginning as if no jump led into it:
 * good enough to find the arguments of a call, which compilers set up right before it.
 */
export class Registers {
  private readonly values: (Value | undefined)[];
  /** What was written last to words of the frame; undefined for what is not known. */
  private readonly frame = new Map<number, Value | undefined>();
  private readonly readSlot: ReadSlot;
  private readonly conventions: Conventions;
  /** What the registers hold at targets that lie ahead, by the first jump there. */
  private readonly ahead = new Map<number, readonly (Value | undefined)[]>();
  /** The lowest place of the stack pointer so far. */
  private lowest = 0;
  private isBehindEnd = false;

  constructor(conventions: Conventions, readSlot: ReadSlot) {
    this.values = new Array<Value | undefined>(conventions.count).fill(undefined);
    this.conventions = conventions;
    this.readSlot = readSlot;
    for (const [index, register] of conventions.args.entries()) {
      this.values[register] = { kind: 'parameter', index, offset: 0 };
    }
    this.values[conventions.stackPointer] = { kind: 'frame', offset: 0 };
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
    this.set(to, this.values[from]);
  }

  /** The sum of an address and a constant; of anything else nothing is known. */
  add(to: number, from: number, addend: number): void {
    this.set(to, moved(this.values[from], addend));
  }

  /** The word at an address: what a relocation puts there, or only where it comes from. */
  loadAt(to: number, address: number): void {
    this.values[to] = this.contentOf(address);
  }

  load(to: number, from: number, offset: number): void {
    this.set(to, this.loaded(from, offset));
  }

  /** The word that stands so many bytes behind where a register points. */
  loaded(from: number, offset: number): Value | undefined {
    const place = moved(this.values[from], offset);
    return place?.kind === 'address' ? this.contentOf(place.address) : place && this.wordAt(place);
  }

  private contentOf(address: number): Value {
    return this.readSlot(address) ?? { kind: 'content', of: address };
  }

  /** Writes a register to a place; which it is, where others see it. */
  store(base: number, offset: number, value: Value | undefined): SharedPlace | undefined {
    const place = moved(this.values[base], offset);
    if (place?.kind !== 'frame') return place;
    this.frame.set(place.offset, value);
    return undefined;
  }

  /** What was written last to the word that begins at a local place. */
  private wordAt(place: LocalPlace): Value | undefined {
    const isWritten = place.kind === 'frame' && this.frame.has(place.offset);
    return isWritten ? this.frame.get(place.offset) : { kind: 'loaded', from: place };
  }

  /** The words that were written behind a place of the frame, by their offsets from it. */
  writtenFrom({ offset: from }: Extract<LocalPlace, { kind: 'frame' }>): ReadonlyMap<number, Value> {
    const found = new Map<number, Value>();
    for (const [offset, value] of this.frame) {
      const isBehind = offset >= from && offset < from + WRITTEN_BY_CALLEE;
      if (value !== undefined && isBehind) found.set(offset - from, value);
    }
    return found;
  }

  forget(register: number): void {
    // Instructions that are not read apart do not move the stack pointer in a way that matters.
    if (register !== this.conventions.stackPointer) this.values[register] = undefined;
  }

  /** After a call only those are still known that the callee gives back as they were, and that it came from there. */
  afterCall(at: number): void {
    const { args, kept, result } = this.conventions;
    for (const register of args) {
      const value = this.values[register];
      if (value?.kind === 'frame') this.forgetFrame(value.offset);
    }
    for (let register = 0; register < this.values.length; register++) {
      if (!kept.has(register)) this.values[register] = undefined;
    }
    this.values[result] = { kind: 'result', of: at };
  }

  /** A jump to an address of the function that lies ahead: the registers hold there what they hold here. */
  jump(target: number): void {
    if (!this.ahead.has(target)) this.ahead.set(target, this.values.slice());
  }

  /** Control does not go on at the next instruction. */
  end(): void {
    this.isBehindEnd = true;
  }

  /** The next instruction: behind the end of a way only jumps lead to it, or an exception. */
  begin(at: number): void {
    if (!this.isBehindEnd) return;
    this.isBehindEnd = false;
    const known = this.ahead.get(at);
    if (known === undefined) this.set(this.conventions.stackPointer, { kind: 'frame', offset: this.lowest });
    else for (const [register, value] of known.entries()) this.values[register] = value;
  }

  private set(register: number, value: Value | undefined): void {
    this.values[register] = value;
    if (register !== this.conventions.stackPointer) return;
    if (value?.kind === 'frame') this.lowest = Math.min(this.lowest, value.offset);
    else this.values[register] = { kind: 'frame', offset: this.lowest };
  }

  private forgetFrame(from: number): void {
    for (const offset of this.frame.keys()) {
      if (offset >= from && offset < from + WRITTEN_BY_CALLEE) this.frame.delete(offset);
    }
  }
}

/** A place that lies so many bytes behind another one. */
function moved(
  value: Value | undefined,
  by: number,
): Extract<Value, { kind: 'address' }> | LocalPlace | undefined {
  switch (value?.kind) {
    case 'address':
      return by === 0 ? value : { kind: 'address', address: value.address + by };
    case 'frame':
    case 'parameter':
      return by === 0 ? value : { ...value, offset: value.offset + by };
    default:
      return undefined;
  }
}
