import { Cursor, FormatError } from '../bytes/index.ts';
import { utf8 } from './member-name.ts';

/** The symbol index as it stands in the file: which header offset each name points to. */
export interface RawSymbolIndex {
  readonly count: number;
  /** Per entry, the file offset of the member's header. */
  readonly headerOffsets: Float64Array;
  /** Per entry, where its name starts in `strings`; names end with a NUL. */
  readonly nameOffsets: Uint32Array;
  readonly strings: Uint8Array;
}

/**
 * The GNU index `/` (`wordSize` 4) or `/SYM64/` (8): a count, so many header offsets, all big-endian whatever
 * the target, and then the names in the same order.
 */
export function parseGnuIndex(bytes: Uint8Array, wordSize: 4 | 8, base: number): RawSymbolIndex {
  const section = wordSize === 8 ? '/SYM64/' : '/';
  const cursor = new Cursor(bytes, { littleEndian: false, is64: wordSize === 8 }, section, base);
  const count = cursor.word();
  // Each entry takes an offset and at least the NUL of its name.
  if (count > cursor.remaining / (wordSize + 1)) {
    cursor.fail('truncated', `${count} entries do not fit into ${cursor.remaining} bytes`, 0);
  }
  const headerOffsets = new Float64Array(count);
  for (let entry = 0; entry < count; entry++) headerOffsets[entry] = cursor.word();
  const strings = cursor.bytes(cursor.remaining);
  const nameOffsets = new Uint32Array(count);
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    const end = strings.indexOf(0, at);
    if (end === -1) {
      cursor.fail('truncated', `the names end at entry ${entry} of ${count}`, bytes.length);
    }
    nameOffsets[entry] = at;
    at = end + 1;
  }
  return { count, headerOffsets, nameOffsets, strings };
}

/**
 * The BSD index `__.SYMDEF` (`wordSize` 4) or `__.SYMDEF_64` (8), sorted or not (ranlib(5) of BSD): bytes of
 * the entries, the entries (name offset, header offset), bytes of the names, the names. The byte order is
 * the target's and is not recorded: it is the one in which both sizes fit.
 */
export function parseBsdIndex(bytes: Uint8Array, wordSize: 4 | 8, base: number): RawSymbolIndex {
  const section = wordSize === 8 ? '__.SYMDEF_64' : '__.SYMDEF';
  for (const littleEndian of [true, false]) {
    const index = bsdIndex(bytes, littleEndian, wordSize, section, base);
    if (index) return index;
  }
  throw new FormatError('bad-value', section, base, `the sizes do not fit into ${bytes.length} bytes`);
}

/** The index in one byte order, or undefined when the sizes cannot be right in it. */
function bsdIndex(
  bytes: Uint8Array,
  littleEndian: boolean,
  wordSize: 4 | 8,
  section: string,
  base: number,
): RawSymbolIndex | undefined {
  const entrySize = 2 * wordSize;
  const cursor = new Cursor(bytes, { littleEndian, is64: wordSize === 8 }, section, base);
  const entryBytes = plausible(cursor);
  if (entryBytes === undefined || entryBytes % entrySize !== 0) return undefined;
  if (entryBytes > cursor.remaining - wordSize) return undefined;
  cursor.skip(entryBytes);
  const stringBytes = plausible(cursor);
  if (stringBytes === undefined || stringBytes > cursor.remaining) return undefined;
  const strings = cursor.bytes(stringBytes);
  const count = entryBytes / entrySize;
  const headerOffsets = new Float64Array(count);
  const nameOffsets = new Uint32Array(count);
  cursor.seek(wordSize);
  for (let entry = 0; entry < count; entry++) {
    const nameOffset = cursor.word();
    if (nameOffset >= strings.length) {
      cursor.fail('bad-value', `name offset ${nameOffset} is outside ${strings.length} bytes`);
    }
    nameOffsets[entry] = nameOffset;
    headerOffsets[entry] = cursor.word();
  }
  return { count, headerOffsets, nameOffsets, strings };
}

/** A size that may be in the wrong byte order: a number past 2^53 is a sign of that, not an error. */
function plausible(cursor: Cursor): number | undefined {
  try {
    return cursor.word();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The name of one entry. */
export function indexName(index: RawSymbolIndex, entry: number): string {
  const start = index.nameOffsets[entry]!;
  const end = index.strings.indexOf(0, start);
  return utf8(index.strings.subarray(start, end === -1 ? undefined : end));
}
