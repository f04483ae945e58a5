import { FormatError } from '../bytes/index.ts';
import { decimal } from './member-header.ts';

/** Where a member's name is to be found, by the conventions that share the name field (ar(5), BFD). */
export type NameForm =
  | { readonly kind: 'short'; readonly name: string }
  /** GNU `/123`: at this offset of the name table `//`. With `:456`, inside of the archive of that name. */
  | { readonly kind: 'table'; readonly offset: number; readonly nestedOffset?: number }
  /** BSD `#1/12`: so many bytes after the header. */
  | { readonly kind: 'inline'; readonly length: number }
  /** The GNU symbol index `/` or `/SYM64/`. */
  | { readonly kind: 'symbol-index'; readonly wordSize: 4 | 8 }
  /** The GNU name table `//`. */
  | { readonly kind: 'name-table' };

export function nameForm(rawName: string, offset: number): NameForm {
  if (rawName === '/') return { kind: 'symbol-index', wordSize: 4 };
  if (rawName === '/SYM64/') return { kind: 'symbol-index', wordSize: 8 };
  if (rawName === '//') return { kind: 'name-table' };
  const inline = /^#1\/(\d+)$/.exec(rawName);
  if (inline) return { kind: 'inline', length: decimal(inline[1]!)! };
  const table = /^\/(\d+)(?::(\d+))?$/.exec(rawName);
  if (table) {
    const at = Number(table[1]);
    return table[2] === undefined
      ? { kind: 'table', offset: at }
      : { kind: 'table', offset: at, nestedOffset: Number(table[2]) };
  }
  if (rawName === '' || rawName.startsWith('/')) {
    throw new FormatError('bad-value', 'member header', offset, `'${rawName}' is not a member name`);
  }
  // GNU ends a short name with a slash, so that it may hold spaces; BSD pads with spaces alone.
  return { kind: 'short', name: utf8(latin1Bytes(rawName.replace(/\/$/, ''))) };
}

/**
 * The entry at `offset` of the GNU name table: it ends with a slash and a line feed; a NUL and a bare line
 * feed end it as well.
 */
export function tableName(table: Uint8Array, tableOffset: number, offset: number): string {
  if (offset >= table.length) {
    const detail = `name offset ${offset} is outside ${table.length} bytes`;
    throw new FormatError('bad-value', '//', tableOffset, detail);
  }
  let end = offset;
  while (end < table.length && table[end] !== 0x0a && table[end] !== 0) end++;
  if (end > offset && table[end - 1] === 0x2f) end--;
  return utf8(table.subarray(offset, end));
}

/** A BSD name after the header, padded with NULs so that the contents are aligned. */
export function inlineName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8(end === -1 ? bytes : bytes.subarray(0, end));
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Names are UTF-8 nowadays; what is not, is read as Latin-1 so that no two names become one. */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
