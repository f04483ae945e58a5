import { Cursor, type Encoding, FormatError } from '../bytes/index.ts';
import { decodeText } from './strings.ts';

/** One note (gABI, Note Section). `owner` is the name without its NUL. */
export interface Note {
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
  /** File offset of the descriptor. */
  readonly offset: number;
}

/**
 * The notes of one segment or section. Names and descriptors are padded to four bytes, to eight where the
 * segment says so: the rule binutils and glibc follow for PT_GNU_PROPERTY in 64-bit files.
 */
export function readNotes(bytes: Uint8Array, encoding: Encoding, align: number, base: number): Note[] {
  const cursor = new Cursor(bytes, encoding, 'notes', base);
  const padding = align === 8 ? 8 : 4;
  const pad = (size: number) => Math.ceil(size / padding) * padding;
  const notes: Note[] = [];
  while (cursor.remaining >= 12) {
    const start = cursor.pos;
    const nameSize = cursor.u32();
    const descriptorSize = cursor.u32();
    const type = cursor.u32();
    const descriptorAt = start + pad(12 + nameSize);
    if (nameSize > cursor.remaining || descriptorAt + descriptorSize > cursor.end) {
      throw new FormatError(
        'truncated',
        'notes',
        base + start,
        `note of ${nameSize}+${descriptorSize} bytes`,
      );
    }
    const name = cursor.bytes(nameSize);
    const terminator = name.indexOf(0);
    const owner = decodeText(name.subarray(0, terminator < 0 ? nameSize : terminator));
    const descriptor = cursor.seek(descriptorAt).bytes(descriptorSize);
    notes.push({ owner, type, descriptor, offset: base + descriptorAt });
    cursor.seek(Math.min(cursor.end, descriptorAt + pad(descriptorSize)));
  }
  return notes;
}
