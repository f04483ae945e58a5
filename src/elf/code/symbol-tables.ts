import { FormatError } from '../../bytes/index.ts';
import type { ElfFile } from '../elf-file.ts';
import type { SymbolTable } from '../symbols.ts';

/** The tables whose symbols tell where functions begin. */
export function symbolTables(file: ElfFile, dynamicSymbols: SymbolTable): SymbolTable[] {
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
