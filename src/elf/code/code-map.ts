import { FormatError } from '../../bytes/index.ts';
import { EM } from '../constants/index.ts';
import type { ElfFile } from '../elf-file.ts';
import type { SymbolTable } from '../symbols.ts';
import { AARCH64_ARGUMENTS, pltSlotAarch64, sweepAarch64 } from './aarch64.ts';
import { Flow } from './flow.ts';
import { functionStarts, isCode, lowerBound } from './function-starts.ts';
import type { ReadSlot, Registers, Value } from './registers.ts';
import { readSlots, type Slots } from './slots.ts';
import type { CodeSink, Sweep } from './sweep.ts';
import { pltSlotX86, sweepX86, X86_64_ARGUMENTS } from './x86-64.ts';

/** A call, or a jump in place of one, of a function that another object defines. */
export interface ImportCall {
  /** Address of the instruction. */
  readonly at: number;
  readonly name: string;
  /** The first four arguments, as far as the code before the call tells. */
  readonly args: readonly (Value | undefined)[];
  /** Control comes back to the call without leaving the function. */
  readonly inLoop: boolean;
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
}

/** Who calls whom in an object. Addresses are those of the file, as numbers: shared objects begin at 0. */
export interface CodeMap {
  /** By their first address, ascending. */
  readonly functions: ReadonlyMap<number, CodeFunction>;
  readonly slots: Slots;
  /** The start of the function that an address lies in. */
  functionAt(address: number): number | undefined;
}

/** What makes a call of an import worth remembering. */
export type IsWanted = (name: string, passesFunction: boolean) => boolean;

interface Machine {
  readonly sweep: Sweep;
  readonly args: readonly number[];
  pltSlot(bytes: Uint8Array, base: number, address: number): number | undefined;
}

const MACHINES: ReadonlyMap<number, Machine> = new Map([
  [EM.X86_64, { sweep: sweepX86, args: X86_64_ARGUMENTS, pltSlot: pltSlotX86 }],
  [EM.AARCH64, { sweep: sweepAarch64, args: AARCH64_ARGUMENTS, pltSlot: pltSlotAarch64 }],
]);

const ARGUMENTS = 4;

/** Longest table of addresses that a reference to its beginning stands for. */
const TABLE_LIMIT = 4096;

/**
 * Reads the machine code of an x86-64 or AArch64 file and finds who calls whom; undefined for another machine
 * or a file that is not linked dynamically. Needs no section headers. Throws `FormatError`.
 */
export function readCodeMap(file: ElfFile, isWanted: IsWanted): CodeMap | undefined {
  const machine = MACHINES.get(file.header.machine);
  const { dynamic } = file;
  if (machine === undefined || dynamic === undefined || !file.header.is64 || !file.header.littleEndian) {
    return undefined;
  }
  const slots = readSlots(file, dynamic);
  const { init, fini, initArray, finiArray } = dynamic.initFini;
  const entries = [...initArray, ...finiArray, ...(init ? [init] : []), ...(fini ? [fini] : [])].map(Number);
  const tables = symbolTables(file, dynamic.symbols);
  const starts = functionStarts(file, tables, entries);
  return new Builder(file, machine, slots, starts, isWanted).build();
}

function symbolTables(file: ElfFile, dynamicSymbols: SymbolTable): SymbolTable[] {
  const symtab = readableSymbolTable(file);
  return symtab === undefined ? [dynamicSymbols] : [dynamicSymbols, symtab];
}

/** `.symtab`, which no loader needs: a file whose section headers are damaged has none. */
export function readableSymbolTable(file: ElfFile): SymbolTable | undefined {
  try {
    return file.symbolTable;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** A piece of code in memory. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly base: number;
}

interface Draft {
  readonly start: number;
  readonly end: number;
  readonly calls: Set<number>;
  readonly refers: Set<number>;
  readonly imports: { at: number; name: string; args: readonly (Value | undefined)[] }[];
  readonly flow: Flow;
}

class Builder {
  private readonly machine: Machine;
  private readonly slots: Slots;
  private readonly starts: Float64Array;
  private readonly isStart: ReadonlySet<number>;
  private readonly isWanted: IsWanted;
  private readonly pieces: readonly Piece[];
  /** What stands at the targets of branches: an entry of the PLT, or code. */
  private readonly stubs = new Map<number, { readonly slot: number | undefined }>();
  private readonly readSlot: ReadSlot;

  constructor(file: ElfFile, machine: Machine, slots: Slots, starts: Float64Array, isWanted: IsWanted) {
    this.machine = machine;
    this.slots = slots;
    this.starts = starts;
    this.isStart = new Set(starts);
    this.isWanted = isWanted;
    const code = file.segments.filter(isCode);
    if (code.reduce((sum, { fileSize }) => sum + fileSize, 0) > file.source.size) {
      throw new FormatError('bad-value', 'program headers', file.header.phoff, 'segments of code overlap');
    }
    this.pieces = code.map(({ offset, fileSize, vaddr }) => ({
      bytes: file.source.read(offset, fileSize, 'code'),
      base: Number(vaddr),
    }));
    this.readSlot = (address) => {
      const own = slots.own.get(address);
      return own === undefined ? undefined : { kind: 'address', address: own };
    };
  }

  build(): CodeMap {
    const functions = new Map<number, CodeFunction>();
    const { starts } = this;
    for (const { bytes, base } of this.pieces) {
      const last = base + bytes.length;
      for (let index = lowerBound(starts, base); index < starts.length && starts[index]! < last; index++) {
        const start = starts[index]!;
        const end = Math.min(starts[index + 1] ?? last, last);
        functions.set(start, this.readFunction(bytes, base, start, end));
      }
    }
    return { functions, slots: this.slots, functionAt: (address) => this.functionAt(address) };
  }

  private readFunction(bytes: Uint8Array, base: number, start: number, end: number): CodeFunction {
    const draft: Draft = { start, end, calls: new Set(), refers: new Set(), imports: [], flow: new Flow() };
    this.machine.sweep(bytes, base, start, end, this.readSlot, this.sinkFor(draft));
    const { calls, refers, flow } = draft;
    const imports = draft.imports.map((call) => ({ ...call, inLoop: flow.comesBackTo(call.at) }));
    return { start, end, calls, refers, imports };
  }

  private sinkFor(draft: Draft): CodeSink {
    return {
      branch: (at, next, target, kind, registers) => {
        const isInside = target >= draft.start && target < draft.end;
        if (kind !== 'call')
          draft.flow.jump(at, isInside ? target : undefined, kind === 'condition' ? next : undefined);
        if (isInside && kind !== 'call') return;
        const slot = this.stubSlot(target);
        if (slot === undefined) this.callOwn(draft, target);
        else this.callThrough(draft, at, slot, registers);
      },
      through: (at, slot, isCall, registers) => {
        if (!isCall) draft.flow.jump(at, undefined, undefined);
        if (isCall || !this.slots.jumpSlots.has(slot)) this.callThrough(draft, at, slot, registers);
      },
      indirect: (at, target, isCall, registers) => {
        if (!isCall) draft.flow.jump(at, undefined, undefined);
        if (target?.kind === 'address') this.callOwn(draft, target.address);
        else if (target?.kind === 'content' && (isCall || !this.slots.jumpSlots.has(target.of))) {
          this.callThrough(draft, at, target.of, registers);
        }
      },
      address: (_, address) => this.refer(draft, address),
      stop: (at) => draft.flow.jump(at, undefined, undefined),
    };
  }

  /** The slot that a PLT entry at an address jumps through. */
  private stubSlot(address: number): number | undefined {
    let known = this.stubs.get(address);
    if (known === undefined) {
      const piece = this.pieces.find(({ bytes, base }) => address >= base && address < base + bytes.length);
      known = { slot: piece && this.machine.pltSlot(piece.bytes, piece.base, address) };
      this.stubs.set(address, known);
    }
    return known.slot;
  }

  private callThrough(draft: Draft, at: number, slot: number, registers: Registers): void {
    const own = this.slots.own.get(slot);
    if (own !== undefined) this.callOwn(draft, own);
    const name = this.slots.imports.get(slot);
    if (own !== undefined || name === undefined) return;
    const args = this.machine.args.slice(0, ARGUMENTS).map((register) => registers.get(register));
    const passes = args.some((value) => value?.kind === 'address' && this.isStart.has(value.address));
    if (this.isWanted(name, passes)) draft.imports.push({ at, name, args });
  }

  private callOwn(draft: Draft, target: number): void {
    const callee = this.functionAt(target);
    if (callee !== undefined && callee !== draft.start) draft.calls.add(callee);
  }

  /** The address of a function, or of a table of them: virtual tables, lists of callbacks. */
  private refer(draft: Draft, address: number): void {
    if (this.isStart.has(address)) {
      draft.refers.add(address);
      return;
    }
    for (let index = 0; index < TABLE_LIMIT; index++) {
      const entry = this.slots.own.get(address + 8 * index);
      if (entry === undefined && !this.slots.imports.has(address + 8 * index)) return;
      if (entry !== undefined && this.isStart.has(entry)) draft.refers.add(entry);
    }
  }

  private functionAt(address: number): number | undefined {
    const index = lowerBound(this.starts, address + 1) - 1;
    if (index < 0) return undefined;
    const piece = this.pieces.find(({ bytes, base }) => address >= base && address < base + bytes.length);
    const start = this.starts[index]!;
    return piece !== undefined && start >= piece.base ? start : undefined;
  }
}
