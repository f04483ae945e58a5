import { SHN, STB } from '../constants/index.ts';
import type { DynamicView } from '../dynamic.ts';
import type { ElfFile } from '../elf-file.ts';
import { relocationClass } from '../relocation-types/index.ts';
import { imageOf } from '../segments.ts';
import { symbolBinding, symbolName } from '../symbols.ts';

/** What the loader puts into words of memory. Addresses are those of the file, as numbers. */
export interface Slots {
  /** Words that hold an address of the object itself. */
  readonly own: ReadonlyMap<number, number>;
  /** Words that hold the address of a symbol that another object defines. */
  readonly imports: ReadonlyMap<number, string>;
  /** Those of them that stay 0 when nobody defines the symbol (STB_WEAK): code may ask whether it is there. */
  readonly weakImports: ReadonlySet<number>;
  /** Words that only entries of the PLT jump through (R_*_JUMP_SLOT). */
  readonly jumpSlots: ReadonlySet<number>;
}

/** Every word that a relocation fills with an address: in the global offset table, in tables of pointers. */
export function readSlots(file: ElfFile, dynamic: DynamicView): Slots {
  const own = new Map<number, number>();
  const imports = new Map<number, string>();
  const weakImports = new Set<number>();
  const jumpSlots = new Set<number>();
  const word = wordReader(file);
  const { symbols } = dynamic;
  for (const table of dynamic.relocationTables) {
    const { count, offset, type, symbol, addend } = dynamic.relocations(table);
    for (let index = 0; index < count; index++) {
      const kind = relocationClass(file.header.machine, type[index]!);
      if (kind === 'none' || kind === 'tls' || kind === 'copy') continue;
      const at = Number(offset[index]!);
      const target = symbol[index]!;
      if (kind === 'jump-slot') jumpSlots.add(at);
      if (kind === 'relative' || kind === 'irelative') {
        own.set(at, addend === undefined ? (word(at) ?? 0) : Number(addend[index]!));
      } else if (target !== 0 && target < symbols.count) {
        const added = addend === undefined ? 0 : Number(addend[index]!);
        if (symbols.section[target] === SHN.UNDEF) {
          imports.set(at, symbolName(symbols, target));
          if (symbolBinding(symbols.info[target]!) === STB.WEAK) weakImports.add(at);
        } else own.set(at, Number(symbols.value[target]!) + added);
      }
    }
  }
  for (const at of relrAddresses(file, dynamic)) {
    const value = word(at);
    if (value === undefined) break;
    own.set(at, value);
  }
  return { own, imports, weakImports, jumpSlots };
}

/** Reads words of the image; undefined outside the file. */
function wordReader(file: ElfFile): (address: number) => number | undefined {
  const image = imageOf(file.segments);
  const { is64, littleEndian } = file.header;
  const size = is64 ? 8 : 4;
  return (address) => {
    const place = image.locate(BigInt(address));
    if (place === undefined || place.available < size || place.offset + size > file.source.size) {
      return undefined;
    }
    const bytes = file.source.read(place.offset, size, 'relocated word');
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    return is64 ? Number(view.getBigUint64(0, littleEndian)) : view.getUint32(0, littleEndian);
  };
}

/** The words that DT_RELR relocates (gABI, Relative Relocation Table). */
function* relrAddresses({ source, header }: ElfFile, dynamic: DynamicView): Generator<number> {
  const { relr } = dynamic;
  if (relr === undefined) return;
  const { is64, littleEndian } = header;
  const size = is64 ? 8 : 4;
  const bytes = source.read(relr.offset, relr.words * size, 'DT_RELR');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next = 0;
  for (let at = 0; at < bytes.length; at += size) {
    const entry = is64 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
    if ((entry & 1n) === 0n) {
      yield Number(entry);
      next = Number(entry) + size;
      continue;
    }
    for (let bit = 1; bit < 8 * size; bit++) {
      if ((entry >> BigInt(bit)) & 1n) yield next + (bit - 1) * size;
    }
    next += (8 * size - 1) * size;
  }
}
