import { decodeText } from '../elf/index.ts';
import { DW_LNE, DW_LNS } from './constants.ts';
import type { LineProgram } from './line-header.ts';
import { inlineString, safe, slebNumber, ulebNumber } from './numbers.ts';

/** One row of a line table; it holds from its address to that of the next row. */
export interface LineRow {
  readonly address: number;
  readonly file: string;
  /** 0: code that no line stands for. */
  readonly line: number;
  /** The first address behind a sequence: there is no code there. */
  readonly isEnd: boolean;
}

/**
 * Runs a line number program (DWARF 5, 6.2.5) and gives its rows, sequence by sequence; within one, addresses
 * do not fall. A program that changes its header's file table (DW_LNE_define_file) does so for itself.
 */
export function* lineRows(header: LineProgram): Generator<LineRow> {
  const { program, minimumInstructionLength, maximumOperations, lineBase, lineRange, opcodeBase } = header;
  const files = [...header.files];
  program.seek(0);
  let address = 0;
  let operation = 0;
  let file = 1;
  let line = 1;
  const row = (isEnd = false): LineRow => ({ address, file: files[file] ?? '', line, isEnd });
  const reset = (): void => {
    address = 0;
    operation = 0;
    file = 1;
    line = 1;
  };
  const advance = (operations: number): void => {
    const sum = operation + operations;
    address += minimumInstructionLength * Math.floor(sum / maximumOperations);
    operation = sum % maximumOperations;
  };
  while (program.remaining > 0) {
    const opcode = program.u8();
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase;
      advance(Math.floor(adjusted / lineRange));
      line += lineBase + (adjusted % lineRange);
      yield row();
      continue;
    }
    switch (opcode) {
      case DW_LNS.extended: {
        const length = ulebNumber(program);
        const end = program.pos + length;
        if (length === 0) break;
        const extended = program.u8();
        if (extended === DW_LNE.end_sequence) {
          yield row(true);
          reset();
        } else if (extended === DW_LNE.set_address) {
          address = length === 5 ? program.u32() : safe(program, program.u64());
          operation = 0;
        } else if (extended === DW_LNE.define_file) {
          files.push(decodeText(inlineString(program)));
        }
        program.seek(end);
        break;
      }
      case DW_LNS.copy:
        yield row();
        break;
      case DW_LNS.advance_pc:
        advance(ulebNumber(program));
        break;
      case DW_LNS.advance_line:
        line += slebNumber(program);
        break;
      case DW_LNS.set_file:
        file = ulebNumber(program);
        break;
      case DW_LNS.const_add_pc:
        advance(Math.floor((255 - opcodeBase) / lineRange));
        break;
      case DW_LNS.fixed_advance_pc:
        address += program.u16();
        operation = 0;
        break;
      default:
        // Its meaning does not matter here, or is not known: the header tells how many operands to skip.
        for (let left = header.operandCounts[opcode - 1]!; left > 0; left--) ulebNumber(program);
    }
  }
}
