import { Cursor } from '../../bytes/index.ts';
import {
  type Decompressors,
  DT,
  type DynamicView,
  ET,
  type RelocationTable,
  relocationClass,
  type Section,
  SHN,
  SHT,
  sectionBytes,
  symbolName,
} from '../../elf/index.ts';
import type { FunctionFacts, InitFiniFacts } from './facts.ts';
import { functionNames } from './function-names.ts';
import { hex } from './hex.ts';
import type { Attempt, Views } from './views.ts';

/** A slot of an array, or DT_INIT or DT_FINI: where the function is, and its name if a relocation says it. */
interface Slot {
  readonly address: bigint;
  readonly name?: string;
}

interface Slots {
  readonly init?: Slot;
  readonly fini?: Slot;
  readonly preinitArray: readonly Slot[];
  readonly initArray: readonly Slot[];
  readonly finiArray: readonly Slot[];
}

const NONE: Slots = { preinitArray: [], initArray: [], finiArray: [] };

/** The functions that run when the file is loaded and unloaded, with the names of those that have one. */
export function initFiniFacts(
  views: Views,
  relocations: readonly RelocationTable[],
  attempt: Attempt,
  decompressors?: Decompressors,
): InitFiniFacts {
  const slots = attempt(() => readSlots(views, relocations), NONE);
  const { init, fini, preinitArray, initArray, finiArray } = slots;
  const all = [init, fini, ...preinitArray, ...initArray, ...finiArray];
  const unnamed = all
    .filter((slot) => slot !== undefined)
    .filter(({ name, address }) => !name && address !== 0n);
  const addresses = new Set(unnamed.map(({ address }) => address));
  const names: ReadonlyMap<bigint, string> =
    addresses.size === 0
      ? new Map()
      : attempt(() => functionNames(views, addresses, decompressors), new Map());
  const facts = (slot: Slot): FunctionFacts => {
    const name = slot.name ?? names.get(slot.address);
    return { address: hex(slot.address), ...(name === undefined ? {} : { name }) };
  };
  return {
    ...(init === undefined ? {} : { init: facts(init) }),
    ...(fini === undefined ? {} : { fini: facts(fini) }),
    preinitArray: preinitArray.map(facts),
    initArray: initArray.map(facts),
    finiArray: finiArray.map(facts),
  };
}

function readSlots(views: Views, relocations: readonly RelocationTable[]): Slots {
  const { dynamic } = views;
  if (dynamic === undefined) return views.file.header.type === ET.EXEC ? staticSlots(views) : NONE;
  const { init, fini, preinitArray, initArray, finiArray } = dynamic.initFini;
  return {
    ...(init === undefined ? {} : { init: { address: init } }),
    ...(fini === undefined ? {} : { fini: { address: fini } }),
    preinitArray: relocated(dynamic, relocations, DT.PREINIT_ARRAY, preinitArray),
    initArray: relocated(dynamic, relocations, DT.INIT_ARRAY, initArray),
    finiArray: relocated(dynamic, relocations, DT.FINI_ARRAY, finiArray),
  };
}

/**
 * An array's slots as the loader leaves them: a table with addends says what goes into a slot, and the bytes of
 * the file may say nothing (psABI, Relocation). Relative relocations without addend keep the slot's bytes.
 */
function relocated(
  view: DynamicView,
  relocations: readonly RelocationTable[],
  tag: number,
  contents: BigUint64Array,
): Slot[] {
  const slots: Slot[] = Array.from(contents, (address) => ({ address }));
  const start = view.entries.get(tag);
  if (start === undefined || slots.length === 0) return slots;
  const word = view.header.is64 ? 8n : 4n;
  const bits = view.header.is64 ? 64 : 32;
  for (const { count, offset, addend, symbol, type } of relocations) {
    for (let index = 0; index < count; index++) {
      const at = Number((offset[index]! - start) / word);
      if (offset[index]! < start || at >= slots.length) continue;
      const added = addend?.[index] ?? contents[at]!;
      const target = symbol[index]!;
      const kind = relocationClass(view.header.machine, type[index]!);
      if (kind === 'relative') slots[at] = { address: BigInt.asUintN(bits, added) };
      else if (target !== 0 && target < view.symbols.count) slots[at] = symbolic(view, target, added, bits);
    }
  }
  return slots;
}

function symbolic({ symbols }: DynamicView, index: number, addend: bigint, bits: number): Slot {
  const isDefined = symbols.section[index] !== SHN.UNDEF;
  const address = isDefined ? BigInt.asUintN(bits, symbols.value[index]! + addend) : 0n;
  return { address, name: symbolName(symbols, index) };
}

/** A static program walks the arrays between symbols that the link editor sets around these sections. */
function staticSlots({ file, sections }: Views): Slots {
  const slots = (wanted: number): Slot[] =>
    sections.filter(({ type }) => type === wanted).flatMap((section) => addresses(section));
  const addresses = (section: Section): Slot[] => {
    const cursor = new Cursor(sectionBytes(file.source, section), file.header, section.name, section.offset);
    const count = Math.floor(cursor.end / (file.header.is64 ? 8 : 4));
    return Array.from({ length: count }, () => ({ address: cursor.address() }));
  };
  return {
    preinitArray: slots(SHT.PREINIT_ARRAY),
    initArray: slots(SHT.INIT_ARRAY),
    finiArray: slots(SHT.FINI_ARRAY),
  };
}
