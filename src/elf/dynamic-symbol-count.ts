import { DT, EM } from './constants/index.ts';
import type { DynamicView } from './dynamic.ts';
import { nextTableAddress } from './dynamic-entries.ts';
import { gnuHashExtent, sysvHashExtent } from './hash.ts';
import { symbolEntrySize } from './symbols.ts';

/** MIPS states the count (MIPS psABI supplement, Dynamic Section). */
const DT_MIPS_SYMTABNO = 0x70000011;

/**
 * Number of entries of DT_SYMTAB, the null symbol included. The dynamic section does not state it: DT_HASH
 * does (nchain), and DT_GNU_HASH does for the symbols that it lists. A file that exports nothing has an empty
 * DT_GNU_HASH, which says nothing about its undefined symbols; then the table ends where the next one begins.
 */
export function dynamicSymbolCount(view: DynamicView): number {
  if (view.entries.get(DT.SYMTAB) === undefined) return 0;
  const sysv = view.tableCursor(DT.HASH);
  if (sysv) return sysvHashExtent(sysv, view.header.machine).symbols;
  const mips = view.header.machine === EM.MIPS ? view.entries.get(DT_MIPS_SYMTABNO) : undefined;
  if (mips !== undefined) return Number(mips);
  const gnu = view.tableCursor(DT.GNU_HASH);
  const extent = gnu && gnuHashExtent(gnu);
  if (extent?.hashed) return extent.symbols;
  return Math.max(extent?.symbols ?? 0, countToNextTable(view));
}

function countToNextTable(view: DynamicView): number {
  const start = view.entries.get(DT.SYMTAB)!;
  const next = nextTableAddress(view.entries, start);
  return next === undefined ? 0 : Number((next - start) / BigInt(symbolEntrySize(view.header)));
}
