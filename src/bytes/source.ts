import { FormatError } from './format-error.ts';

/**
 * Random access to the bytes of one file. `read` returns exactly `length` bytes or throws
 * `FormatError('truncated')`; the result may be a view into shared memory and must not be written to.
 * Readers ask for the ranges they need, so that a library of a hundred megabytes costs only its tables.
 */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number, section: string): Uint8Array;
}

/** A range of a source, or `FormatError` when the file ends before it: the check every `read` starts with. */
export function checkRange(size: number, offset: number, length: number, section: string): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new FormatError('bad-value', section, 0, `range ${offset}+${length} is not a file range`);
  }
  if (offset + length > size) {
    const detail = `needs ${length} bytes, the file ends at 0x${size.toString(16)}`;
    throw new FormatError('truncated', section, offset, detail);
  }
}

/** A source over bytes that are in memory already; reads are views, nothing is copied. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(offset, length, section) {
      checkRange(bytes.length, offset, length, section);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A window of another source, such as a member of an archive; offset 0 is the window's start. */
export function windowSource(source: ByteSource, start: number, size: number, section: string): ByteSource {
  checkRange(source.size, start, size, section);
  return {
    size,
    read(offset, length, part) {
      checkRange(size, offset, length, part);
      return source.read(start + offset, length, part);
    },
  };
}
