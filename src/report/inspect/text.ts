import type {
  ArchiveFacts,
  ElfFacts,
  FunctionFacts,
  MemberFacts,
  SymbolOrder,
} from '../../model/inspection/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';
import type { Write } from './lines.ts';
import {
  counted,
  describeKind,
  functionText,
  renderEntries,
  SHORT_ARRAY,
  summaryEntries,
} from './summary.ts';
import { writeExports, writeImports, writeSymbolTable } from './symbol-table.ts';

export interface InspectTextOptions {
  readonly style: Style;
  /** How symbol names are shown. */
  readonly showNames: ShowNames;
  /** The order of exports and imports. */
  readonly order: SymbolOrder;
  /** Also list segments, sections, section groups and the entries of the dynamic section. */
  readonly layout: boolean;
  /** Also list `.symtab`. */
  readonly symbolTable: boolean;
}

/** One ELF file for people; ends with an empty line when `more` is to follow. */
export function writeElfText(facts: ElfFacts, write: Write, options: InspectTextOptions): void {
  const { style, layout, symbolTable, showNames } = options;
  write(`${style.bold(printable(facts.path))}\n${renderEntries(summaryEntries(facts, showNames), style)}`);
  writeFunctions('functions at start', facts.initFini.preinitArray, facts.initFini.initArray, write, options);
  writeFunctions('functions at end', facts.initFini.finiArray, [], write, options);
  if (layout) writeLayout(facts, write, style);
  writeSymbols(facts, write, options);
  if (symbolTable && facts.symbolTable?.symbols !== undefined)
    writeSymbolTable(facts.symbolTable.symbols, write, options);
}

/** Dynamic symbols; in an object file, which has none, those that the link editor resolves. */
function writeSymbols(
  { kind, dynamic, symbolTable }: ElfFacts,
  write: Write,
  options: InspectTextOptions,
): void {
  if (kind === 'relocatable') {
    if (symbolTable?.symbols === undefined) return;
    writeExports(symbolTable.symbols, 'definitions', write, options);
    writeImports(symbolTable.symbols, 'references', write, options);
  } else if (dynamic !== undefined) {
    writeExports(dynamic.symbols, 'exports', write, options);
    writeImports(dynamic.symbols, 'imports', write, options);
  }
}

/** The arrays that are too long for the summary. */
function writeFunctions(
  title: string,
  first: readonly FunctionFacts[],
  second: readonly FunctionFacts[],
  write: Write,
  { style, showNames }: InspectTextOptions,
): void {
  const long = [first, second].filter(({ length }) => length > SHORT_ARRAY).flat();
  if (long.length === 0) return;
  const lines = long.map((one) => `  ${printable(functionText(one, showNames))}\n`);
  write(`\n${style.bold(`${title} (${long.length})`)}\n${lines.join('')}`);
}

function writeLayout({ segments, sections, groups, dynamic }: ElfFacts, write: Write, style: Style): void {
  const table = (title: string, columns: string, rows: readonly (readonly (string | number)[])[]) => {
    if (rows.length === 0) return;
    const lines = alignRows([columns.split(' '), ...rows.map((row) => row.map(String))]);
    write(`\n${style.bold(`${title} (${rows.length})`)}\n  ${style.dim(lines[0]!)}\n`);
    write(
      lines
        .slice(1)
        .map((line) => `  ${printable(line)}\n`)
        .join(''),
    );
  };
  table(
    'segments',
    'OFFSET ADDRESS FILESIZE MEMSIZE ALIGN FLAGS TYPE',
    segments.map((one) => [
      one.offset,
      one.address,
      one.fileSize,
      one.memorySize,
      one.align,
      one.flags,
      one.type,
    ]),
  );
  table(
    'sections',
    'INDEX ADDRESS OFFSET SIZE ALIGN TYPE FLAGS NAME',
    sections.map((one) => {
      return [
        one.index,
        one.address,
        one.offset,
        one.size,
        one.align,
        one.type,
        one.flags.join('+') || '-',
        one.name,
      ];
    }),
  );
  table(
    'section groups',
    'COMDAT SECTIONS SIGNATURE',
    groups.map(({ comdat, members, signature }) => [comdat ? 'yes' : 'no', members.length, signature]),
  );
  table(
    'dynamic section',
    'VALUE TAG',
    (dynamic?.entries ?? []).map(({ value, tag, text }) => {
      return [value, text === undefined ? tag : `${tag} ${text}`];
    }),
  );
}

/** Columns of ASCII text set to the right, the last one, which may be any name, to the left. */
function alignRows(rows: readonly (readonly string[])[]): string[] {
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === last ? cell : cell.padStart(widths[column]!))).join('  '),
  );
}

/** What an archive is, above its members. */
export function writeArchiveText(
  facts: Omit<ArchiveFacts, 'members'>,
  count: number,
  write: Write,
  style: Style,
): void {
  const { path, thin, size, indexEntries } = facts;
  const index =
    indexEntries === undefined
      ? 'no symbol index'
      : `a symbol index of ${counted(indexEntries, 'entry', 'entries')}`;
  const entries = [
    ['type', `${thin ? 'thin archive' : 'archive'}, ${size} bytes`],
    ['holds', `${counted(count, 'member')} and ${index}`],
  ] as const;
  write(`${style.bold(printable(path))}\n${renderEntries(entries, style)}`);
}

/** One member: what it is, then its symbols. */
export function writeMemberText(
  { name, size, elf }: MemberFacts,
  write: Write,
  options: InspectTextOptions,
): void {
  const what = elf === undefined ? 'no ELF file' : describeKind(elf);
  write(`\n${options.style.bold(printable(name))}: ${what}, ${size} bytes\n`);
  if (elf === undefined) return;
  if (options.layout) writeLayout(elf, write, options.style);
  writeSymbols(elf, write, options);
  if (options.symbolTable && elf.symbolTable?.symbols !== undefined) {
    writeSymbolTable(elf.symbolTable.symbols, write, options);
  }
}
