import { Cursor, type Encoding } from '../bytes/index.ts';
import { decodeText, type StringTable } from '../elf/index.ts';
import { DW_FORM, DW_LNCT } from './constants.ts';
import { inlineString, safe, sectionOffset, ulebNumber, unitLength } from './numbers.ts';

/** The sections that line tables stand in; absent ones are empty. */
export interface LineSections {
  readonly encoding: Encoding;
  /** `.debug_line`, with its file offset for messages. */
  readonly line: Uint8Array;
  readonly offset: number;
  readonly strings: StringTable;
  readonly lineStrings: StringTable;
}

/** The header of one line number program (DWARF 5, 6.2.4), and the program. */
export interface LineProgram {
  readonly version: number;
  readonly minimumInstructionLength: number;
  readonly maximumOperations: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** How many operands each standard opcode has, by opcode - 1. */
  readonly operandCounts: readonly number[];
  /** Paths as the program numbers them: from 1 on before version 5, from 0 on since then. */
  readonly files: readonly string[];
  readonly program: Cursor;
}

const OLDEST = 2;
const NEWEST = 5;

/** All programs of the section, each when it is asked for. */
export function* linePrograms(sections: LineSections): Generator<LineProgram> {
  const cursor = new Cursor(sections.line, sections.encoding, '.debug_line', sections.offset);
  while (cursor.remaining > 0) {
    const { length, is64 } = unitLength(cursor);
    const start = cursor.pos;
    const unit = new Cursor(cursor.bytes(length), sections.encoding, '.debug_line', sections.offset + start);
    yield readProgram(unit, is64, sections);
  }
}

function readProgram(unit: Cursor, is64: boolean, sections: LineSections): LineProgram {
  const version = unit.u16();
  if (version < OLDEST || version > NEWEST) unit.fail('unsupported', `line table of version ${version}`, 0);
  // Size of an address, and of a segment selector.
  if (version >= 5) unit.skip(2);
  const headerLength = sectionOffset(unit, is64);
  const programAt = unit.pos + headerLength;
  const minimumInstructionLength = unit.u8();
  const maximumOperations = version >= 4 ? unit.u8() : 1;
  if (maximumOperations === 0) unit.fail('bad-value', 'no operation in an instruction');
  unit.skip(1);
  const lineBase = (unit.u8() << 24) >> 24;
  const lineRange = unit.u8();
  if (lineRange === 0) unit.fail('bad-value', 'line_range of 0');
  const opcodeBase = unit.u8();
  if (opcodeBase === 0) unit.fail('bad-value', 'opcode_base of 0');
  const operandCounts = Array.from(unit.bytes(opcodeBase - 1));
  const files = version >= 5 ? readTables(unit, is64, sections) : readOldTables(unit);
  const program = new Cursor(
    unit.seek(programAt).bytes(unit.remaining),
    sections.encoding,
    '.debug_line',
    unit.base + programAt,
  );
  return {
    version,
    minimumInstructionLength,
    maximumOperations,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    files,
    program,
  };
}

/** Versions 2 to 4. Directory 0 is that of the compilation, which stands elsewhere. */
function readOldTables(unit: Cursor): string[] {
  const directories = [''];
  for (let name = inlineString(unit); name.length > 0; name = inlineString(unit)) {
    directories.push(decodeText(name));
  }
  const files = [''];
  for (let name = inlineString(unit); name.length > 0; name = inlineString(unit)) {
    files.push(joined(directories[ulebNumber(unit)], decodeText(name)));
    ulebNumber(unit); // time of modification
    ulebNumber(unit); // size
  }
  return files;
}

interface TableEntry {
  readonly path: string;
  readonly directory: number;
}

/** Version 5. Directory 0 is that of the compilation; others may be relative to it. */
function readTables(unit: Cursor, is64: boolean, sections: LineSections): string[] {
  const [compilation, ...others] = readTable(unit, is64, sections).map(({ path }) => path);
  const directories = [compilation, ...others.map((path) => joined(compilation, path))];
  return readTable(unit, is64, sections).map(({ path, directory }) => joined(directories[directory], path));
}

function readTable(unit: Cursor, is64: boolean, sections: LineSections): TableEntry[] {
  const format = Array.from({ length: unit.u8() }, () => ({
    content: ulebNumber(unit),
    form: ulebNumber(unit),
  }));
  const entries: TableEntry[] = [];
  const count = ulebNumber(unit);
  // An entry without fields takes no byte, so that nothing would end a large count.
  if (format.length === 0 && count > 0) unit.fail('bad-value', `${count} entries without fields`);
  for (let left = count; left > 0; left--) {
    let path = '';
    let directory = 0;
    for (const { content, form } of format) {
      const value = readForm(unit, form, is64, sections);
      if (content === DW_LNCT.path) path = String(value);
      else if (content === DW_LNCT.directory_index) directory = Number(value);
    }
    entries.push({ path, directory });
  }
  return entries;
}

/** Blocks, which hold checksums, are skipped. */
function readForm(unit: Cursor, form: number, is64: boolean, sections: LineSections): string | number {
  switch (form) {
    case DW_FORM.string:
      return decodeText(inlineString(unit));
    case DW_FORM.line_strp:
      return sections.lineStrings.at(sectionOffset(unit, is64));
    case DW_FORM.strp:
      return sections.strings.at(sectionOffset(unit, is64));
    case DW_FORM.udata:
      return ulebNumber(unit);
    case DW_FORM.data1:
      return unit.u8();
    case DW_FORM.data2:
      return unit.u16();
    case DW_FORM.data4:
      return unit.u32();
    case DW_FORM.data8:
      return safe(unit, unit.u64());
    case DW_FORM.data16:
      unit.skip(16);
      return 0;
    case DW_FORM.block:
      unit.skip(ulebNumber(unit));
      return 0;
    default:
      return unit.fail('unsupported', `form 0x${form.toString(16)} in a line table`);
  }
}

function joined(directory: string | undefined, name: string): string {
  return name.startsWith('/') || directory === undefined || directory === '' ? name : `${directory}/${name}`;
}
