import type { ExportedSymbol } from '../../model/index.ts';
import type { ExportIndex } from './export-index.ts';

/** A definition of OLD, and what a reference to it gets from NEW. */
export interface Kept {
  readonly old: ExportedSymbol;
  readonly new: ExportedSymbol;
}

/** What becomes of every export of OLD, and what NEW has beyond. */
export interface SymbolPairs {
  /** References to it are answered by a definition of NEW, of whatever version. */
  readonly kept: readonly Kept[];
  /** The name is still there, but only in versions that no reference to OLD takes. */
  readonly moved: readonly Kept[];
  /** The name is gone. */
  readonly removed: readonly ExportedSymbol[];
  /** The name is new. */
  readonly added: readonly ExportedSymbol[];
}

/** Follows the reference that a program has to each export of OLD, as it was linked against it, into NEW. */
export function pairSymbols(old: ExportIndex, recent: ExportIndex): SymbolPairs {
  const kept: Kept[] = [];
  const moved: Kept[] = [];
  const removed: ExportedSymbol[] = [];
  for (const symbol of old.symbols) {
    const found = recent.resolve(symbol);
    if (found !== undefined) kept.push({ old: symbol, new: found });
    else {
      const others = recent.named(symbol.name);
      const other = others.find(({ isDefault }) => isDefault) ?? others[0];
      if (other === undefined) removed.push(symbol);
      else moved.push({ old: symbol, new: other });
    }
  }
  const added = recent.symbols.filter(({ name }) => old.named(name).length === 0);
  return { kept, moved, removed, added };
}
