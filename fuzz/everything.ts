import { type ByteSource, FormatError } from '../src/bytes/index.ts';
import {
  DT,
  type DynamicView,
  ElfFile,
  noteContent,
  SHT,
  type SymbolTable,
  symbolAt,
} from '../src/elf/index.ts';
import { decompressors } from '../src/host/decompressors.ts';

/** Runs one step; bad input ends it with `FormatError`, and any other error is a fault that goes on. */
export function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Asks an object for all that its class can tell without being told more: a new getter needs no line here. */
function everyGetter(view: object): void {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(view)));
  for (const [, { get }] of properties) {
    if (get) attempt(() => get.call(view));
  }
}

/** Opens a file and asks for all that there is to know, each part on its own so that none hides another. */
export function everything(source: ByteSource): void {
  const file = attempt(() => new ElfFile(source));
  if (file === undefined) return;
  everyGetter(file);
  for (const notes of [attempt(() => file.notes), attempt(() => file.sectionNotes)]) {
    for (const note of notes ?? []) attempt(() => noteContent(note, file.header, file.header.machine));
  }
  const table = attempt(() => file.symbolTable);
  if (table) everySymbol(table);
  for (const section of attempt(() => file.sections) ?? []) {
    if (section.type === SHT.REL || section.type === SHT.RELA) attempt(() => file.relocations(section));
    attempt(() => file.contents(section, decompressors));
  }
  const dynamic = attempt(() => file.dynamic);
  if (dynamic) everyDynamicTable(dynamic);
}

function everyDynamicTable(view: DynamicView): void {
  everyGetter(view);
  for (const tag of [DT.HASH, DT.GNU_HASH, DT.VERNEED, DT.VERDEF]) attempt(() => view.tableCursor(tag));
  const symbols = attempt(() => view.symbols);
  if (symbols) everySymbol(symbols);
  for (const table of attempt(() => view.relocationTables) ?? []) {
    attempt(() => view.relocations(table));
    attempt(() => view.references(table));
    attempt(() => view.survey(table, { start: 0n, end: 1n << 63n }));
  }
}

function everySymbol(table: SymbolTable): void {
  for (let index = 0; index < table.count; index++) attempt(() => symbolAt(table, index));
  attempt(() => symbolAt(table, table.count));
}
