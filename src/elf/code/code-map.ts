import { FormatError } from '../../bytes/index.ts';
import { DT, EM } from '../constants/index.ts';
import type { DynamicView } from '../dynamic.ts';
import type { ElfFile } from '../elf-file.ts';
import { imageOf } from '../segments.ts';
import { AARCH64_CALLS, exchangesAarch64, pltSlotAarch64, sweepAarch64 } from './aarch64.ts';
import type { CodeFunction, CodeMap, ImportCall, IsWanted, OwnCall } from './code-facts.ts';
import { Flow } from './flow.ts';
import { functionStarts, isCode, lowerBound } from './function-starts.ts';
import type { Conventions, ReadSlot, Registers, SharedPlace, Value } from './registers.ts';
import { readSlots, type Slots } from './slots.ts';
import type { CodeSink, Sweep } from './sweep.ts';
import { symbolTables } from './symbol-tables.ts';
import { pltSlotX86, sweepX86, X86_64_CALLS } from './x86-64.ts';

interface Machine {
  readonly sweep: Sweep;
  readonly calls: Conventions;
  pltSlot(bytes: Uint8Array, base: number, address: number): number | undefined;
  /** Whether a function puts its second argument where the third one points. */
  exchanges(bytes: Uint8Array, base: number, start: number, end: number): boolean;
}

const MACHINES: ReadonlyMap<number, Machine> = new Map([
  [EM.X86_64, { sweep: sweepX86, calls: X86_64_CALLS, pltSlot: pltSlotX86, exchanges: () => false }],
  [
    EM.AARCH64,
    { sweep: sweepAarch64, calls: AARCH64_CALLS, pltSlot: pltSlotAarch64, exchanges: exchangesAarch64 },
  ],
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
  const tables = symbolTables(file, dynamic.symbols);
  const starts = functionStarts(file, tables, entryPoints(dynamic, slots));
  return new Builder(file, machine, slots, starts, isWanted).build();
}

/** DT_INIT and DT_FINI, and the arrays as the loader leaves them: what a relocation puts into a slot stands in no file. */
function* entryPoints({ entries, initFini }: DynamicView, { own }: Slots): Generator<number> {
  const { init, fini, initArray, finiArray } = initFini;
  if (init !== undefined) yield Number(init);
  if (fini !== undefined) yield Number(fini);
  for (const [tag, contents] of [
    [DT.INIT_ARRAY, initArray],
    [DT.FINI_ARRAY, finiArray],
  ] as const) {
    const start = Number(entries.get(tag) ?? 0n);
    for (const [index, value] of contents.entries()) yield own.get(start + 8 * index) ?? Number(value);
  }
}

/** No name that code hands out is longer. */
const TEXT_LIMIT = 4096;

function textAt({ segments, source }: ElfFile, address: number): string | undefined {
  const place = imageOf(segments).locate(BigInt(address));
  if (place === undefined) return undefined;
  const size = Math.min(place.available, TEXT_LIMIT, source.size - place.offset);
  const bytes = source.read(place.offset, size, 'text');
  const end = bytes.indexOf(0);
  return end < 0 ? undefined : new TextDecoder().decode(bytes.subarray(0, end));
}

/** A piece of code in memory. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly base: number;
}

interface OwnCallDraft extends Pick<OwnCall, 'at' | 'args'> {
  readonly target: number;
}

/** The calls of own functions in a function, and what tells of them. */
interface OwnCalls extends Pick<Draft, 'flow' | 'kept'> {
  readonly own: readonly OwnCallDraft[];
}

interface Draft {
  readonly start: number;
  readonly end: number;
  readonly calls: Set<number>;
  readonly refers: Set<number>;
  readonly imports: Omit<ImportCall, 'inLoop' | 'isAlways' | 'keptIn'>[];
  /** Collected when they are asked for. */
  readonly own: OwnCallDraft[] | undefined;
  /** Variables that results are put into, by the addresses of the calls. */
  readonly kept: Map<number, number>;
  /** By the offsets of words of the frame, where they are first put where others see them. */
  readonly keptWords: Map<number, { readonly at: number; readonly place: SharedPlace }>;
  /** Addresses of imports that were loaded and not called yet, by their slots. */
  readonly taken: Map<number, number>;
  readonly flow: Flow;
}

/** Notes down where what a call gave back, or a word of the frame, is put first. */
function keep({ kept, keptWords }: Draft, at: number, value: Value, place: SharedPlace): void {
  const isResult = value.kind === 'result' && place.kind === 'address';
  if (isResult && !kept.has(value.of)) kept.set(value.of, place.address);
  if (value.kind !== 'loaded' || value.from.kind !== 'frame') return;
  const { offset } = value.from;
  if (!keptWords.has(offset)) keptWords.set(offset, { at, place });
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
  /** Functions whose calls of own functions were asked for. */
  private readonly callers = new Map<number, OwnCalls>();
  private readonly readSlot: ReadSlot;
  private readonly textAt: (address: number) => string | undefined;

  constructor(file: ElfFile, machine: Machine, slots: Slots, starts: Float64Array, isWanted: IsWanted) {
    this.machine = machine;
    this.slots = slots;
    this.starts = starts;
    this.isStart = new Set(starts);
    this.isWanted = isWanted;
    this.textAt = (address) => textAt(file, address);
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
    return {
      functions,
      slots: this.slots,
      functionAt: (address) => this.functionAt(address),
      ownCalls: (caller, target) => this.ownCalls(caller, target),
    };
  }

  private readFunction(bytes: Uint8Array, base: number, start: number, end: number): CodeFunction {
    const draft = this.draft(bytes, base, start, end);
    const { calls, refers, flow, kept, keptWords } = draft;
    // Code asks whether a weak symbol is there before it calls it.
    const called = new Set(draft.imports.flatMap(({ name, isTaken }) => (isTaken ? [] : [name])));
    const found = draft.imports.filter(({ name, isTaken }) => !isTaken || !called.has(name));
    const imports = found.map(
      (call): ImportCall => ({
        ...call,
        inLoop: flow.comesBackTo(call.at),
        isAlways: flow.isPassedBy(start, call.at),
        keptIn: kept.get(call.at),
      }),
    );
    const followedBy = (offset: number, from: number) =>
      imports.flatMap(({ at, args: [first] }) => {
        const isGiven =
          first?.kind === 'loaded' && first.from.kind === 'frame' && first.from.offset === offset;
        return isGiven && flow.isPassedBy(from, at) ? [at] : [];
      });
    return {
      start,
      end,
      calls,
      refers,
      imports,
      keptWords: new Map(
        [...keptWords].map(([offset, { at, place }]) => [
          offset,
          { place, followedBy: followedBy(offset, at) },
        ]),
      ),
    };
  }

  private draft(bytes: Uint8Array, base: number, start: number, end: number, own?: OwnCallDraft[]): Draft {
    const draft: Draft = {
      start,
      end,
      calls: new Set(),
      refers: new Set(),
      imports: [],
      own,
      kept: new Map(),
      keptWords: new Map(),
      taken: new Map(),
      flow: new Flow(),
    };
    this.machine.sweep(bytes, base, start, end, this.readSlot, this.sinkFor(draft));
    for (const [slot, at] of draft.taken) this.take(draft, at, this.slots.imports.get(slot));
    return draft;
  }

  private ownCalls(start: number, target: number): OwnCall[] {
    const found = this.callers.get(start) ?? this.readOwnCalls(start);
    if (found === undefined) return [];
    this.callers.set(start, found);
    const { own, flow, kept } = found;
    return own
      .filter((call) => call.target === target)
      .map(({ at, args }) => ({
        at,
        args,
        inLoop: flow.comesBackTo(at),
        isAlways: flow.isPassedBy(start, at),
        keptIn: kept.get(at),
      }));
  }

  private readOwnCalls(start: number): OwnCalls | undefined {
    const piece = this.pieceAt(start);
    if (piece === undefined || !this.isStart.has(start)) return undefined;
    const last = piece.base + piece.bytes.length;
    const end = Math.min(this.starts[lowerBound(this.starts, start + 1)] ?? last, last);
    const own: OwnCallDraft[] = [];
    const { flow, kept } = this.draft(piece.bytes, piece.base, start, end, own);
    return { own, flow, kept };
  }

  private sinkFor(draft: Draft): CodeSink {
    return {
      branch: (at, next, target, kind, registers) => {
        const isInside = target >= draft.start && target < draft.end;
        if (kind !== 'call')
          draft.flow.jump(at, isInside ? target : undefined, kind === 'condition' ? next : undefined);
        if (isInside && kind !== 'call') {
          if (target > at) registers.jump(target);
          return;
        }
        const slot = this.stubSlot(target);
        if (slot === undefined) this.callOwn(draft, at, target, registers);
        else this.callThrough(draft, at, slot, registers);
      },
      through: (at, slot, isCall, registers) => {
        if (!isCall) draft.flow.jump(at, undefined, undefined);
        if (isCall || !this.slots.jumpSlots.has(slot)) this.callThrough(draft, at, slot, registers);
      },
      indirect: (at, target, isCall, registers) => {
        if (!isCall) draft.flow.jump(at, undefined, undefined);
        if (target?.kind === 'address') this.callOwn(draft, at, target.address, registers);
        else if (target?.kind === 'content' && (isCall || !this.slots.jumpSlots.has(target.of))) {
          this.callThrough(draft, at, target.of, registers);
        }
      },
      address: (at, address) => this.refer(draft, at, address),
      load: (at, slot) => {
        const { imports, weakImports, jumpSlots } = this.slots;
        if (imports.has(slot) && !weakImports.has(slot) && !jumpSlots.has(slot)) draft.taken.set(slot, at);
      },
      keep: (at, value, place) => keep(draft, at, value, place),
      stop: (at) => draft.flow.jump(at, undefined, undefined),
    };
  }

  /** The slot that a PLT entry at an address jumps through. */
  private stubSlot(address: number): number | undefined {
    let known = this.stubs.get(address);
    if (known === undefined) {
      const piece = this.pieceAt(address);
      known = { slot: piece && this.machine.pltSlot(piece.bytes, piece.base, address) };
      this.stubs.set(address, known);
    }
    return known.slot;
  }

  private callThrough(draft: Draft, at: number, slot: number, registers: Registers): void {
    draft.taken.delete(slot);
    const own = this.slots.own.get(slot);
    if (own !== undefined) this.callOwn(draft, at, own, registers);
    const name = this.slots.imports.get(slot);
    // Functions are read again, without the file, for their own calls alone.
    if (own !== undefined || name === undefined || draft.own !== undefined) return;
    const args = this.argumentsIn(registers);
    const [, text] = args;
    if (name === 'dlsym' && text?.kind === 'address') this.take(draft, at, this.textAt(text.address));
    const passes = args.some((value) => value?.kind === 'address' && this.isStart.has(value.address));
    if (!this.isWanted(name, passes)) return;
    const written = args.some((value) => value?.kind === 'frame')
      ? args.map((value) => (value?.kind === 'frame' ? registers.writtenFrom(value) : undefined))
      : [];
    draft.imports.push({ at, name, args, isTaken: false, written });
  }

  private argumentsIn(registers: Registers): (Value | undefined)[] {
    return this.machine.calls.args.slice(0, ARGUMENTS).map((register) => registers.get(register));
  }

  /** The address of an import, from which it may be called by anybody. */
  private take(draft: Draft, at: number, name: string | undefined): void {
    if (name === undefined || !this.isWanted(name, false)) return;
    if (draft.imports.some((call) => call.name === name)) return;
    draft.imports.push({ at, name, args: [], isTaken: true, written: [] });
  }

  private callOwn(draft: Draft, at: number, address: number, registers: Registers): void {
    const target = this.functionAt(address);
    if (target === undefined || target === draft.start) return;
    draft.calls.add(target);
    const args = this.argumentsIn(registers);
    draft.own?.push({ at, target, args });
    const [, value, place] = args;
    if (
      value?.kind === 'loaded' &&
      (place?.kind === 'address' || place?.kind === 'parameter') &&
      this.exchanges(target)
    ) {
      keep(draft, at, value, place);
    }
  }

  private exchanges(start: number): boolean {
    const piece = this.pieceAt(start);
    const end = this.starts[lowerBound(this.starts, start + 1)] ?? Number.POSITIVE_INFINITY;
    return piece !== undefined && this.machine.exchanges(piece.bytes, piece.base, start, end);
  }

  /** The address of a function, or of a table of them: virtual tables, lists of callbacks. */
  private refer(draft: Draft, at: number, address: number): void {
    if (this.isStart.has(address)) {
      draft.refers.add(address);
      return;
    }
    for (let index = 0; index < TABLE_LIMIT; index++) {
      const entry = this.slots.own.get(address + 8 * index);
      const name = this.slots.imports.get(address + 8 * index);
      // Entries of the PLT compute the address of their slot.
      if ((entry === undefined && name === undefined) || this.slots.jumpSlots.has(address + 8 * index))
        return;
      this.take(draft, at, name);
      if (entry !== undefined && this.isStart.has(entry)) draft.refers.add(entry);
    }
  }

  private functionAt(address: number): number | undefined {
    const index = lowerBound(this.starts, address + 1) - 1;
    if (index < 0) return undefined;
    const start = this.starts[index]!;
    const piece = this.pieceAt(address);
    return piece !== undefined && start >= piece.base ? start : undefined;
  }

  private pieceAt(address: number): Piece | undefined {
    return this.pieces.find(({ bytes, base }) => address >= base && address < base + bytes.length);
  }
}
