import type { Cursor } from '../bytes/index.ts';
import { DT, EM } from './constants/index.ts';
import { type DynamicEntries, nextTableAddress } from './dynamic-entries.ts';
import { gnuHashExtent, sysvHashExtent } from './hash.ts';
import type { ElfHeader } from './header.ts';
import { symbolEntrySize } from './symbols.ts';

/** MIPS states the count (MIPS psABI supplement, Dynamic Section). */
const DT_MIPS_SYMTABNO = 0x70000011;

/** The part of the loader's view that tells how many symbols there are. */
interface HashedTables {
  readonly header: ElfHeader;
  readonly entries: DynamicEntries;
  tableCursor(tag: number): Cursor | undefined;
}

/** How many symbols there are, and which of them a look-up can find. */
export interface SymbolExtent {
  /** Number of entries of DT_SYMTAB, the null symbol included. */
  readonly count: number;
  /** First symbol that the hash tables list; `count` when they list none. */
  readonly firstHashed: number;
}

/**
 * The dynamic section does not state how many symbols there are: DT_HASH does (nchain), and DT_GNU_HASH does
 * for the symbols that it lists. A file that exports nothing has an empty DT_GNU_HASH, which says nothing
 * about its undefined symbols; then the table ends where the next one begins. Where both hash tables stand,
 * glibc looks into DT_GNU_HASH only (elf/dl-setup_hash.c).
 */
export function dynamicSymbolExtent(view: HashedTables): SymbolExtent {
  if (view.entries.get(DT.SYMTAB) === undefined) return { count: 0, firstHashed: 0 };
  const sysvCursor = view.tableCursor(DT.HASH);
  const sysv = sysvCursor && sysvHashExtent(sysvCursor, view.header.machine);
  const gnuCursor = view.tableCursor(DT.GNU_HASH);
  const gnu = gnuCursor && gnuHashExtent(gnuCursor);
  const mips = view.header.machine === EM.MIPS ? view.entries.get(DT_MIPS_SYMTABNO) : undefined;
  const count =
    sysv?.symbols ??
    (mips === undefined ? undefined : Number(mips)) ??
    (gnu?.hashed ? gnu.symbols : Math.max(gnu?.symbols ?? 0, countToNextTable(view)));
  const table = gnu ?? sysv;
  return { count, firstHashed: table?.hashed ? Math.min(table.first, count) : count };
}

function countToNextTable(view: HashedTables): number {
  const start = view.entries.get(DT.SYMTAB)!;
  const next = nextTableAddress(view.entries, start);
  return next === undefined ? 0 : Number((next - start) / BigInt(symbolEntrySize(view.header)));
}
