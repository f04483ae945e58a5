import { SHN, STB, STV, symbolBinding, symbolVisibility } from '../../elf/index.ts';
import { sortByName } from './sort-by-name.ts';
import type { SymbolList } from './symbols.ts';

/** Some symbols of a list, and what a table of them has to make room for. */
export interface SymbolSelection {
  readonly symbols: SymbolList;
  /** Indexes of the symbol table. */
  readonly indexes: Uint32Array;
  /** Each combination of binding and type that occurs, as st_info. */
  readonly infos: readonly number[];
}

/** In which order selected symbols stand: by name, or as the file has them. */
export type SymbolOrder = 'name' | 'table';

/** The definitions that other objects can bind to: not local, and not hidden (gABI, Symbol Table). */
export function exportsOf(symbols: SymbolList, order: SymbolOrder): SymbolSelection {
  const { info, other, section } = symbols.table;
  return selectInOrder(symbols, order, (index) => {
    if (section[index] === SHN.UNDEF || symbolBinding(info[index]!) === STB.LOCAL) return false;
    const visibility = symbolVisibility(other[index]!);
    return visibility === STV.DEFAULT || visibility === STV.PROTECTED;
  });
}

/** The references that are looked up in other objects. */
export function importsOf(symbols: SymbolList, order: SymbolOrder): SymbolSelection {
  const { info, section, nameOffset } = symbols.table;
  return selectInOrder(symbols, order, (index) => {
    return (
      section[index] === SHN.UNDEF && symbolBinding(info[index]!) !== STB.LOCAL && nameOffset[index] !== 0
    );
  });
}

/** Every symbol, in the table's order. */
export function allOf(symbols: SymbolList): SymbolSelection {
  return select(symbols, () => true);
}

function selectInOrder(
  symbols: SymbolList,
  order: SymbolOrder,
  wanted: (index: number) => boolean,
): SymbolSelection {
  const selection = select(symbols, wanted);
  if (order === 'name') sortByName(selection.indexes, symbols);
  return selection;
}

function select(symbols: SymbolList, wanted: (index: number) => boolean): SymbolSelection {
  const { count, info } = symbols.table;
  const found = new Uint32Array(count);
  const seen = new Uint8Array(256);
  let length = 0;
  for (let index = 1; index < count; index++) {
    if (!wanted(index)) continue;
    found[length++] = index;
    seen[info[index]!] = 1;
  }
  const infos = [...seen.keys()].filter((code) => seen[code] === 1);
  return { symbols, indexes: found.subarray(0, length), infos };
}
