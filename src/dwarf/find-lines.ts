import { FormatError } from '../bytes/index.ts';
import { type LineSections, linePrograms } from './line-header.ts';
import { type LineRow, lineRows } from './line-program.ts';

/** A place in a source file. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/**
 * The source lines of the instructions at these addresses, as the file numbers addresses. Those that no line is
 * told for are left out, and so is all behind the point at which the section is damaged.
 */
export function findLines(sections: LineSections, addresses: readonly number[]): Map<number, SourceLine> {
  const wanted = [...new Set(addresses)].sort((a, b) => a - b);
  const found = new Map<number, SourceLine>();
  const take = (from: LineRow, to: LineRow): void => {
    if (from.isEnd || from.line === 0 || to.address <= from.address) return;
    for (let at = firstFrom(wanted, from.address); at < wanted.length && wanted[at]! < to.address; at++) {
      // A linker leaves the lines of code that it dropped at address 0, where they overlap with others.
      if (!found.has(wanted[at]!)) found.set(wanted[at]!, { file: from.file, line: from.line });
    }
  };
  try {
    for (const program of linePrograms(sections)) {
      let last: LineRow | undefined;
      for (const row of lineRows(program)) {
        if (last !== undefined) take(last, row);
        last = row;
      }
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return found;
}

/** Index of the first number that is not below `least`. */
function firstFrom(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
