import {
  allOf,
  exportsOf,
  importsOf,
  SYMBOL_BINDINGS,
  SYMBOL_TYPES,
  type SymbolList,
  type SymbolOrder,
  type SymbolSelection,
  versionedName,
} from '../../model/inspection/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { MANGLED, type ShowNames } from '../symbol-names.ts';
import { encode, Lines, type Write } from './lines.ts';

/** How tables are written. */
interface Manner {
  readonly style: Style;
  readonly showNames: ShowNames;
  readonly order: SymbolOrder;
}

const HEX = encode('0x');
const NO_PREFIX = encode('');
const PROTECTED = encode('  [protected]');

/** The definitions that others can bind to. */
export function writeExports(
  symbols: SymbolList,
  title: string,
  write: Write,
  { style, showNames, order }: Manner,
): void {
  const selection = exportsOf(symbols, order);
  const { place, kind } = columnsOf(selection);
  const version = versionColumn(symbols);
  const { other } = symbols.table;
  const heading = `${place.heading}  ${kind.heading}  SYMBOL`;
  writeTable(selection, title, heading, write, style, (lines, index) => {
    place.put(lines, index);
    kind.put(lines, index);
    putName(lines, symbols, index, showNames);
    version(lines, index);
    if ((other[index]! & 3) === 3) lines.bytes(PROTECTED);
  });
}

/** The references to what others define, with the file that a version is needed of. */
export function writeImports(
  symbols: SymbolList,
  title: string,
  write: Write,
  { style, showNames, order }: Manner,
): void {
  const selection = importsOf(symbols, order);
  const { kind } = columnsOf(selection);
  const version = versionColumn(symbols);
  writeTable(selection, title, `${kind.heading}  SYMBOL`, write, style, (lines, index) => {
    kind.put(lines, index);
    putName(lines, symbols, index, showNames);
    version(lines, index);
  });
}

/** Every symbol of `.symtab`, in the file's order. */
export function writeSymbolTable(symbols: SymbolList, write: Write, { style, showNames }: Manner): void {
  const selection = allOf(symbols);
  const { place, kind } = columnsOf(selection);
  const sections = new Map<number, Uint8Array>();
  const { section } = symbols.table;
  const heading = `${place.heading}  SECTION  ${kind.heading}  SYMBOL`;
  writeTable(selection, 'symbol table', heading, write, style, (lines, index) => {
    place.put(lines, index);
    const bytes = cached(
      sections,
      section[index]!,
      () => `${String(symbols.at(index).section).padStart(7)}  `,
    );
    lines.bytes(bytes);
    kind.put(lines, index);
    putName(lines, symbols, index, showNames);
  });
}

/** The name stands last, so that names of thousands of characters need no width. */
function writeTable(
  { indexes }: SymbolSelection,
  title: string,
  heading: string,
  write: Write,
  style: Style,
  put: (lines: Lines, index: number) => void,
): void {
  if (indexes.length === 0) return;
  const lines = new Lines(write);
  const margin = encode('  ');
  lines.text(`\n${style.bold(`${title} (${indexes.length})`)}\n  ${style.dim(heading)}\n`);
  for (let at = 0; at < indexes.length; at++) {
    lines.bytes(margin);
    put(lines, indexes[at]!);
    lines.newline();
  }
  lines.flush();
}

interface Column {
  readonly heading: string;
  put(lines: Lines, index: number): void;
}

/** Address and size, and the kind in words: `func`, `weak func`, `unique object`. */
function columnsOf(selection: SymbolSelection): { readonly place: Column; readonly kind: Column } {
  const { symbols, indexes, infos } = selection;
  const addressWidth = Math.max(7, symbols.highestValue(indexes).toString(16).length + HEX.length);
  const sizeWidth = Math.max(4, String(symbols.largestSize(indexes)).length);
  const gap = encode('  ');
  const place: Column = {
    heading: `${'ADDRESS'.padStart(addressWidth)}  ${'SIZE'.padStart(sizeWidth)}`,
    put(lines, index) {
      lines.number(symbols.valueAt(index), 16, HEX, addressWidth);
      lines.bytes(gap);
      lines.number(symbols.sizeAt(index), 10, NO_PREFIX, sizeWidth);
      lines.bytes(gap);
    },
  };
  const kindWidth = Math.max(4, ...infos.map((info) => kindWords(info).length));
  const kinds: Uint8Array[] = [];
  for (const info of infos) kinds[info] = encode(`${kindWords(info).padEnd(kindWidth)}  `);
  const { info } = symbols.table;
  const kind: Column = {
    heading: 'TYPE'.padEnd(kindWidth),
    put: (lines, index) => lines.bytes(kinds[info[index]!]!),
  };
  return { place, kind };
}

function kindWords(info: number): string {
  const word = (name: string) => name.toLowerCase().replace('gnu_', '');
  const binding = SYMBOL_BINDINGS[info >> 4]!;
  const type = word(SYMBOL_TYPES[info & 0xf]!);
  return binding === 'GLOBAL' ? type : `${word(binding)} ${type}`;
}

/** `@@VER`, `@VER` or, for a version of another file, `@VER (file)`: made once for each entry of DT_VERSYM that occurs. */
function versionColumn(symbols: SymbolList): (lines: Lines, index: number) => void {
  const known = new Map<number, Uint8Array>();
  const { versym } = symbols.versions;
  if (versym === undefined) return () => {};
  const { section } = symbols.table;
  const textOf = (index: number) => {
    const symbol = symbols.at(index);
    const file = symbol.file === undefined ? '' : ` (${printable(symbol.file)})`;
    return `${printable(versionedName({ ...symbol, name: '' }))}${file}`;
  };
  let lastKey = -1;
  let last = NO_PREFIX;
  return (lines, index) => {
    const key = versym[index]! * 2 + (section[index] === 0 ? 1 : 0);
    // Neighbours mostly have the same version.
    if (key !== lastKey) last = cached(known, (lastKey = key), () => textOf(index));
    lines.bytes(last);
  };
}

function cached(known: Map<number, Uint8Array>, key: number, text: () => string): Uint8Array {
  let bytes = known.get(key);
  if (bytes === undefined) known.set(key, (bytes = encode(text())));
  return bytes;
}

const UNDERSCORE = 0x5f;

function putName(lines: Lines, symbols: SymbolList, index: number, show: ShowNames): void {
  const { names, nameOffset } = symbols.table;
  const offset = nameOffset[index]!;
  const asItIs = show === MANGLED || names.bytes[offset] !== UNDERSCORE;
  if (asItIs && lines.plainName(names.bytes, offset)) return;
  lines.text(printable(show(names.at(offset))));
}
