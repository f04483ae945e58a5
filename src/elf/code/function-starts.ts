import { type ByteSource, Cursor, type Encoding } from '../../bytes/index.ts';
import { PF, PT, SHN, STT } from '../constants/index.ts';
import type { ElfFile } from '../elf-file.ts';
import type { Segment } from '../segments.ts';
import { type SymbolTable, symbolType } from '../symbols.ts';

/** DW_EH_PE_udata4, and DW_EH_PE_datarel | DW_EH_PE_sdata4: what linkers write (LSB, .eh_frame_hdr). */
const UDATA4 = 0x03;
const DATAREL_SDATA4 = 0x3b;
/** The low half of an encoding is its format: this one takes four bytes, as UDATA4 does. */
const SDATA4 = 0x0b;

/** Longer gaps between functions hold code that no table tells of: start files, assembler. */
const LARGEST_PADDING = 15;

/**
 * Where functions begin, ascending: by the unwinder's table, which a stripped file keeps, by symbols, and by
 * what else is known (`more`); a gap behind a function that the unwinder knows counts as one more. Addresses are
 * those of the file, as numbers; only code counts.
 */
export function functionStarts(
  file: ElfFile,
  tables: readonly SymbolTable[],
  more: Iterable<number>,
): Float64Array {
  const code = file.segments.filter(isCode);
  const starts = new Set<number>();
  const ends: number[] = [];
  const isInCode = (address: number) => code.some((segment) => contains(segment, address));
  const add = (address: number) => {
    if (isInCode(address)) starts.add(address);
  };
  for (const { start, end } of unwindRanges(file)) {
    add(start);
    if (end !== undefined && isInCode(end)) ends.push(end);
  }
  for (const { count, info, section, value } of tables) {
    for (let index = 1; index < count; index++) {
      const type = symbolType(info[index]!);
      if ((type === STT.FUNC || type === STT.GNU_IFUNC) && section[index] !== SHN.UNDEF) {
        add(Number(value[index]!));
      }
    }
  }
  for (const address of more) add(address);
  const sorted = Float64Array.from(starts).sort();
  const gaps = ends.filter((end) => {
    const next = sorted[lowerBound(sorted, end)];
    return next === undefined || next - end > LARGEST_PADDING;
  });
  return Float64Array.from(new Set([...sorted, ...gaps])).sort();
}

/** Index of the first entry that is not below `value`. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A segment of machine code that the file holds. */
export const isCode = ({ type, flags, fileSize }: Segment): boolean =>
  type === PT.LOAD && (flags & PF.X) !== 0 && fileSize > 0;

const contains = ({ vaddr, fileSize }: Segment, address: number) =>
  address >= Number(vaddr) && address < Number(vaddr) + fileSize;

/** A function that the unwinder knows; `end` where its entry in .eh_frame is of the usual form. */
interface UnwindRange {
  readonly start: number;
  readonly end: number | undefined;
}

/** The functions that PT_GNU_EH_FRAME lists; none where it is missing or written in an unusual encoding. */
function* unwindRanges({ source, segments, header }: ElfFile): Generator<UnwindRange> {
  const segment = segments.find(({ type }) => type === PT.GNU_EH_FRAME);
  if (segment === undefined || segment.fileSize < 12) return;
  const bytes = source.read(segment.offset, segment.fileSize, 'PT_GNU_EH_FRAME');
  const cursor = new Cursor(bytes, header, 'PT_GNU_EH_FRAME', segment.offset);
  const [version, pointer, count, table] = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8()];
  if (version !== 1 || count !== UDATA4 || table !== DATAREL_SDATA4) return;
  if ((pointer & 0x0f) !== SDATA4 && (pointer & 0x0f) !== UDATA4) return;
  cursor.skip(4);
  const base = Number(segment.vaddr);
  const entries = Math.min(cursor.u32(), Math.floor(cursor.remaining / 8));
  const frames = frameReader(source, segments, header);
  for (let index = 0; index < entries; index++) {
    const start = base + cursor.i32();
    yield { start, end: frames(base + cursor.i32(), start) };
  }
}

/**
 * The end of the function at `start` by its frame description entry: length, CIE, then start and size of the
 * function, both of four bytes, the start relative to its own place (LSB, .eh_frame; DW_EH_PE_pcrel | sdata4).
 */
function frameReader(source: ByteSource, segments: readonly Segment[], encoding: Encoding) {
  let segment: { readonly start: number; readonly cursor: Cursor } | undefined;
  return (entry: number, start: number): number | undefined => {
    if (segment === undefined || entry < segment.start || entry >= segment.start + segment.cursor.end) {
      const found = segments.find((one) => one.type === PT.LOAD && contains(one, entry));
      if (found === undefined) return undefined;
      const bytes = source.read(found.offset, found.fileSize, '.eh_frame');
      segment = {
        start: Number(found.vaddr),
        cursor: new Cursor(bytes, encoding, '.eh_frame', found.offset),
      };
    }
    const at = entry - segment.start + 8;
    if (at + 8 > segment.cursor.end) return undefined;
    const { cursor } = segment;
    const begin = entry + 8 + cursor.seek(at).i32();
    return begin === start ? start + cursor.u32() : undefined;
  };
}
