import { FormatError } from '../bytes/index.ts';

/**
 * A string table (gABI, String Table): NUL-terminated names by byte offset. An offset outside the table is a
 * `FormatError`. Names are UTF-8, as today's compilers write them; bytes that are not valid UTF-8 are read as
 * Latin-1 so that no two names become one.
 */
export interface StringTable {
  readonly bytes: Uint8Array;
  readonly section: string;
  readonly base: number;
  at(offset: number): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** So many names are decoded one by one: the needed libraries of one that exports thousands of symbols. */
const FEW = 1000;

export function stringTable(bytes: Uint8Array, section: string, base: number): StringTable {
  // Whoever asks for many names gets the table decoded as a whole: a slice of an ASCII string costs no copy.
  let asked = 0;
  let ascii: string | undefined;
  let isAscii: boolean | undefined;
  const at = (offset: number): string => {
    if (offset >= bytes.length) {
      if (offset === 0) return ''; // an absent table has the empty name
      throw new FormatError(
        'bad-value',
        section,
        base,
        `name offset ${offset} is outside ${bytes.length} bytes`,
      );
    }
    if (isAscii === undefined && ++asked <= FEW) return decode(bytes, offset);
    isAscii ??= allAscii(bytes);
    if (!isAscii) return decode(bytes, offset);
    ascii ??= latin1.decode(bytes);
    const end = ascii.indexOf('\0', offset);
    return ascii.slice(offset, end < 0 ? undefined : end);
  };
  return { bytes, section, base, at };
}

/** Four bytes at a time, as far as the bytes are aligned in memory. */
function allAscii(bytes: Uint8Array): boolean {
  const head = (4 - (bytes.byteOffset % 4)) % 4;
  const words = bytes.length < head ? 0 : Math.floor((bytes.length - head) / 4);
  if (words > 0) {
    const view = new Uint32Array(bytes.buffer, bytes.byteOffset + head, words);
    for (let index = 0; index < words; index++) {
      if ((view[index]! & 0x80808080) !== 0) return false;
    }
  }
  const single = (byte: number) => byte < 0x80;
  return bytes.subarray(0, head).every(single) && bytes.subarray(head + 4 * words).every(single);
}

function decode(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return decodeText(bytes.subarray(offset, end < 0 ? bytes.length : end));
}

/** Text of a file: UTF-8 where it is valid, byte for byte Latin-1 otherwise. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }
}
