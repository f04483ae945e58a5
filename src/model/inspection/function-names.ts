import { memorySource } from '../../bytes/index.ts';
import {
  type Decompressors,
  ElfFile,
  SHN,
  STB,
  STT,
  type SymbolTable,
  sectionBytes,
  symbolBinding,
  symbolName,
  symbolType,
} from '../../elf/index.ts';
import { numberAt, wordsOf } from './hex.ts';
import type { Views } from './views.ts';

/** Largest symbol table that is unpacked to name a few functions. */
const MINI_DEBUG_INFO_LIMIT = 256 * 1024 * 1024;

/**
 * Names of the functions at some addresses: out of `.symtab`, else out of the dynamic symbols, else out of
 * `.gnu_debugdata`, which lists what a stripped file's dynamic symbols do not. A global name is better than a
 * local one; otherwise the first counts.
 */
export function functionNames(
  views: Views,
  addresses: ReadonlySet<bigint>,
  decompressors: Decompressors | undefined,
): Map<bigint, string> {
  const names = new Map<bigint, string>();
  const missing = new Map<number, bigint>();
  for (const address of addresses) missing.set(Number(address), address);
  for (const table of symbolTables(views, decompressors)) {
    if (missing.size === 0) break;
    for (const [address, name] of namesIn(table, missing)) {
      names.set(missing.get(address)!, name);
      missing.delete(address);
    }
  }
  return names;
}

/** From the best to the worst; the later ones are read only when they are asked for. */
function* symbolTables(
  { file, sections, dynamic }: Views,
  decompressors?: Decompressors,
): Generator<SymbolTable> {
  const symtab = sections.length === 0 ? undefined : file.symbolTable;
  if (symtab !== undefined) yield symtab;
  if (dynamic !== undefined) yield dynamic.symbols;
  const packed = sections.find(({ name }) => name === '.gnu_debugdata');
  if (symtab !== undefined || packed === undefined || decompressors === undefined) return;
  const bytes = decompressors.xz(sectionBytes(file.source, packed), MINI_DEBUG_INFO_LIMIT);
  const table = new ElfFile(memorySource(bytes)).symbolTable;
  if (table !== undefined) yield table;
}

function namesIn(table: SymbolTable, wanted: ReadonlyMap<number, bigint>): Map<number, string> {
  const values = wordsOf(table.value);
  const best = new Map<number, number>();
  for (let index = 1; index < table.count; index++) {
    const type = symbolType(table.info[index]!);
    if ((type !== STT.FUNC && type !== STT.GNU_IFUNC) || table.section[index] === SHN.UNDEF) continue;
    const address = numberAt(values, index);
    if (!wanted.has(address)) continue;
    const rival = best.get(address);
    const isLocal = (at: number) => symbolBinding(table.info[at]!) === STB.LOCAL;
    if (rival === undefined || (isLocal(rival) && !isLocal(index))) best.set(address, index);
  }
  return new Map([...best].map(([address, index]) => [address, symbolName(table, index)]));
}
