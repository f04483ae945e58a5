import { FormatError } from '../bytes/index.ts';

/** Bytes of `struct ar_hdr` (ar(5)): name 16, date 12, uid 6, gid 6, mode 8, size 10, terminator 2. */
export const HEADER_SIZE = 60;
const SIZE_AT = 48;
const TERMINATOR_AT = 58;

/** The two fields of a member's header that decide where it lies. */
export interface MemberHeader {
  /** The name field, one character a byte, without its trailing spaces; `nameForm` says what it means. */
  readonly rawName: string;
  /** Bytes that follow the header, or, for a member that lies outside of a thin archive, that file's size. */
  readonly size: number;
}

/** Whether the header in `bytes` ends as every member header does, in a backquote and a line feed. */
export function hasTerminator(bytes: Uint8Array): boolean {
  return bytes[TERMINATOR_AT] === 0x60 && bytes[TERMINATOR_AT + 1] === 0x0a;
}

/** Reads the header in the `HEADER_SIZE` bytes at file offset `offset`. */
export function parseMemberHeader(bytes: Uint8Array, offset: number): MemberHeader {
  if (!hasTerminator(bytes)) {
    throw new FormatError('bad-magic', 'member header', offset + TERMINATOR_AT, 'not the end of a header');
  }
  const text = String.fromCharCode(...bytes);
  const size = decimal(text.slice(SIZE_AT, TERMINATOR_AT));
  if (size === undefined) {
    throw new FormatError('bad-value', 'member header', offset + SIZE_AT, 'the size is not a decimal number');
  }
  return { rawName: text.slice(0, 16).trimEnd(), size };
}

/** A decimal number padded with spaces, as all fields but the mode hold it. */
export function decimal(field: string): number | undefined {
  const digits = field.trim();
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
