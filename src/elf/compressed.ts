import { Cursor, type Encoding, FormatError } from '../bytes/index.ts';
import { compressionName, ELFCOMPRESS, SHF } from './constants/index.ts';
import type { Section } from './sections.ts';

/**
 * Decompression, handed in by the host so that this layer runs anywhere. Each function returns exactly
 * `size` bytes or throws; it must stop as soon as the output grows past `size`.
 */
export interface Decompressors {
  zlib(bytes: Uint8Array, size: number): Uint8Array;
  zstd(bytes: Uint8Array, size: number): Uint8Array;
  xz(bytes: Uint8Array, limit: number): Uint8Array;
}

/** Largest section that is decompressed: a number in a file does not decide how much memory is taken. */
export const MAX_DECOMPRESSED = 2 ** 31;
/** zlib cannot expand more than 1032:1. zstd can, but only what holds no information: a bomb. */
const MAX_RATIO = 1032;

/** Compression header (gABI, Compressed Sections), `undefined` for a section that is not compressed. */
export function compressionHeader(section: Section, bytes: Uint8Array, encoding: Encoding) {
  if ((section.flags & SHF.COMPRESSED) === 0) return undefined;
  const cursor = new Cursor(bytes, encoding, section.name, section.offset);
  const type = cursor.u32();
  if (encoding.is64) cursor.skip(4);
  const size = cursor.word();
  const align = cursor.word();
  return { type, size, align, payload: bytes.subarray(cursor.pos) };
}

/** The contents of a section, decompressed where SHF_COMPRESSED says so. */
export function expandSection(
  section: Section,
  bytes: Uint8Array,
  encoding: Encoding,
  decompressors: Decompressors,
): Uint8Array {
  const header = compressionHeader(section, bytes, encoding);
  if (header === undefined) return bytes;
  const { type, size, payload } = header;
  const fail = (code: FormatError['code'], detail: string): never => {
    throw new FormatError(code, section.name, section.offset, detail);
  };
  if (type !== ELFCOMPRESS.ZLIB && type !== ELFCOMPRESS.ZSTD) {
    return fail('unsupported', `compression ${compressionName(type)}`);
  }
  if (size > MAX_DECOMPRESSED || size > payload.length * MAX_RATIO) {
    return fail('limit', `expands ${payload.length} to ${size} bytes`);
  }
  try {
    const expanded =
      type === ELFCOMPRESS.ZLIB ? decompressors.zlib(payload, size) : decompressors.zstd(payload, size);
    if (expanded.length === size) return expanded;
    return fail('bad-value', `expanded to ${expanded.length} bytes, ${size} are promised`);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return fail(
      'bad-value',
      `cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
