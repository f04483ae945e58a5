import {
  allOf,
  exportsOf,
  importsOf,
  type SymbolFacts,
  type SymbolList,
  type SymbolSelection,
  versionedName,
} from '../../model/inspection/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';

/** Where text goes, in pieces of any size. */
export type Write = (text: string) => void;

/** Lines are handed on in pieces of about this many characters. */
const CHUNK = 1 << 16;

/** What a symbol is, in few letters: `func`, `weak func`, `unique object`. */
function kindOf({ type, binding }: Pick<SymbolFacts, 'type' | 'binding'>): string {
  const kind = type.toLowerCase().replace('gnu_', '');
  return binding === 'GLOBAL' ? kind : `${binding.toLowerCase().replace('gnu_', '')} ${kind}`;
}

/** The words of all kinds that occur, padded to one width. */
function kindColumn({ kinds }: SymbolSelection): { readonly width: number; of(symbol: SymbolFacts): string } {
  const words = new Map<string, Map<string, string>>();
  const width = Math.max(4, ...kinds.map((kind) => kindOf(kind).length));
  for (const kind of kinds) {
    const byType = words.get(kind.binding) ?? new Map<string, string>();
    words.set(kind.binding, byType.set(kind.type, kindOf(kind).padEnd(width)));
  }
  return { width, of: ({ binding, type }) => words.get(binding)?.get(type) ?? '' };
}

/**
 * A table with the name last, so that names of thousands of characters need no width: `line` makes what stands
 * in one line.
 */
function writeTable(
  { symbols, indexes }: SymbolSelection,
  title: string,
  heading: string,
  line: (symbol: SymbolFacts) => string,
  write: Write,
  style: Style,
): void {
  let pending = `\n${style.bold(`${title} (${indexes.length})`)}\n  ${style.dim(heading)}\n`;
  for (const index of indexes) {
    pending += `  ${line(symbols.at(index))}\n`;
    if (pending.length < CHUNK) continue;
    write(pending);
    pending = '';
  }
  write(pending);
}

/** The definitions that others can bind to. */
export function writeExports(symbols: SymbolList, title: string, write: Write, style: Style): void {
  const selection = exportsOf(symbols);
  if (selection.indexes.length === 0) return;
  const kinds = kindColumn(selection);
  const addressWidth = Math.max(7, selection.highestValue.toString(16).length + 2);
  const sizeWidth = Math.max(4, String(selection.largestSize).length);
  const heading = `${'ADDRESS'.padStart(addressWidth)}  ${'SIZE'.padStart(sizeWidth)}  ${'TYPE'.padEnd(kinds.width)}  SYMBOL`;
  const line = (symbol: SymbolFacts) => {
    const place = `${symbol.value.padStart(addressWidth)}  ${String(symbol.size).padStart(sizeWidth)}`;
    const remark = symbol.visibility === 'PROTECTED' ? '  [protected]' : '';
    return `${place}  ${kinds.of(symbol)}  ${printable(versionedName(symbol))}${remark}`;
  };
  writeTable(selection, title, heading, line, write, style);
}

/** The references to what others define, with the file that a version is needed of. */
export function writeImports(symbols: SymbolList, title: string, write: Write, style: Style): void {
  const selection = importsOf(symbols);
  if (selection.indexes.length === 0) return;
  const kinds = kindColumn(selection);
  const line = (symbol: SymbolFacts) => {
    const file = symbol.file === undefined ? '' : ` (${printable(symbol.file)})`;
    return `${kinds.of(symbol)}  ${printable(versionedName(symbol))}${file}`;
  };
  writeTable(selection, title, `${'TYPE'.padEnd(kinds.width)}  SYMBOL`, line, write, style);
}

/** Every symbol of `.symtab`, in the file's order. */
export function writeSymbolTable(symbols: SymbolList, write: Write, style: Style): void {
  const selection = allOf(symbols);
  const kinds = kindColumn(selection);
  const addressWidth = Math.max(7, selection.highestValue.toString(16).length + 2);
  const sizeWidth = Math.max(4, String(selection.largestSize).length);
  const heading = `${'ADDRESS'.padStart(addressWidth)}  ${'SIZE'.padStart(sizeWidth)}  SECTION  ${'TYPE'.padEnd(kinds.width)}  SYMBOL`;
  const line = (symbol: SymbolFacts) => {
    const place = `${symbol.value.padStart(addressWidth)}  ${String(symbol.size).padStart(sizeWidth)}`;
    return `${place}  ${String(symbol.section).padStart(7)}  ${kinds.of(symbol)}  ${printable(symbol.name)}`;
  };
  writeTable(selection, 'symbol table', heading, line, write, style);
}
