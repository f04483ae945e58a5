import { createRequire } from 'node:module';
import { FormatError } from '../bytes/index.ts';
import type { Decompressors } from '../elf/index.ts';
import { xzExpandedSize } from './xz-size.ts';

/** Node's zlib takes no limit of 0, and an empty section may be compressed too. */
const options = (size: number) => ({ maxOutputLength: Math.max(1, size) });

const require = createRequire(import.meta.url);
const zlib = () => require('node:zlib') as typeof import('node:zlib');

/**
 * What `node:zlib` and a native xz decoder do; each stops at the size or limit that it is given. Few files need
 * any of them, so each is loaded for the first that does.
 */
export const decompressors: Decompressors = {
  zlib: (bytes, size) => zlib().inflateSync(bytes, options(size)),
  zstd: (bytes, size) => zlib().zstdDecompressSync(bytes, options(size)),
  xz(bytes, limit) {
    const size = xzExpandedSize(bytes, limit);
    if (size > limit)
      throw new FormatError('limit', 'xz', 0, `expands ${bytes.length} to more than ${limit} bytes`);
    return expandXz(bytes);
  },
};

let lzma: typeof import('@napi-rs/lzma') | undefined;

function expandXz(bytes: Uint8Array): Uint8Array {
  try {
    lzma ??= require('@napi-rs/lzma') as typeof import('@napi-rs/lzma');
  } catch {
    throw new FormatError(
      'unsupported',
      'xz',
      0,
      'the package @napi-rs/lzma is not installed for this machine',
    );
  }
  try {
    return lzma.xz.decompressSync(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError('bad-value', 'xz', 0, `cannot be decompressed: ${reason}`);
  }
}
