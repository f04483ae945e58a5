import { Cursor, uleb128 } from '../bytes/index.ts';

const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const HEADER_SIZE = 12;
/** Bytes of the integrity check by its identifier (The .xz File Format, 2.1.1.2 Stream Flags). */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * How many bytes an .xz file expands to, from the sizes that every LZMA2 chunk states (The .xz File Format; the
 * chunk headers as in the LZMA SDK). The decoder cannot produce more than that, whatever the file's index
 * claims, so a limit can be enforced before anything is expanded. Counting stops above `limit`.
 */
export function xzExpandedSize(bytes: Uint8Array, limit: number): number {
  const cursor = new Cursor(bytes, { littleEndian: true, is64: false }, 'xz');
  let total = 0;
  while (cursor.remaining > 0 && total <= limit) total = streamSize(cursor, total, limit);
  return total;
}

/** One stream: header, blocks, index, footer, padding of zeros; gives the new total. */
function streamSize(cursor: Cursor, before: number, limit: number): number {
  if (!HEADER_MAGIC.every((byte) => cursor.u8() === byte)) cursor.fail('bad-magic', 'not an xz stream', 0);
  cursor.skip(1);
  const checkSize = CHECK_SIZES[cursor.u8() & 0xf]!;
  cursor.skip(HEADER_SIZE - 8);
  let total = before;
  for (;;) {
    const start = cursor.pos;
    const headerWords = cursor.u8();
    if (headerWords === 0) {
      skipIndexAndFooter(cursor, start);
      return total;
    }
    cursor.seek(start + (headerWords + 1) * 4);
    total += chunkSizes(cursor, limit - total);
    if (total > limit) return total;
    cursor.skip((4 - ((cursor.pos - start) % 4)) % 4).skip(checkSize);
  }
}

/** The LZMA2 chunks of one block. A filter before LZMA2 changes bytes, not their number. */
function chunkSizes(cursor: Cursor, limit: number): number {
  let total = 0;
  while (total <= limit) {
    const control = cursor.u8();
    if (control === 0) break;
    const low = bigEndian16(cursor) + 1;
    if (control < 0x80) {
      if (control > 2) cursor.fail('bad-value', `LZMA2 control byte 0x${control.toString(16)}`);
      total += low;
      cursor.skip(low);
    } else {
      total += ((control & 0x1f) << 16) + low;
      const packed = bigEndian16(cursor) + 1;
      cursor.skip(packed + (control >= 0xc0 ? 1 : 0));
    }
  }
  return total;
}

const bigEndian16 = (cursor: Cursor) => cursor.u8() * 256 + cursor.u8();

function skipIndexAndFooter(cursor: Cursor, start: number): void {
  const records = uleb128(cursor);
  for (let record = 0n; record < records; record++) {
    uleb128(cursor);
    uleb128(cursor);
  }
  cursor.skip((4 - ((cursor.pos - start) % 4)) % 4).skip(4 + HEADER_SIZE);
  while (cursor.remaining >= 4 && cursor.view.getUint32(cursor.pos) === 0) cursor.skip(4);
}
