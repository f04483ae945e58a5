import type { Cursor, Encoding } from '../bytes/index.ts';
import { EM } from './constants/index.ts';

/** The System V hash (gABI, Hash Table), as vna_hash and vd_hash hold it for version names. */
export function sysvHash(name: string): number {
  let hash = 0;
  for (const byte of new TextEncoder().encode(name)) {
    hash = (hash << 4) + byte;
    const high = hash & 0xf0000000;
    if (high !== 0) hash ^= high >>> 24;
    hash &= ~high;
  }
  return hash >>> 0;
}

/** DT_HASH entries are four bytes wide, eight on Alpha and 64-bit S/390 (their psABI supplements). */
function sysvWordSize(machine: number, encoding: Encoding): number {
  return encoding.is64 && (machine === EM.ALPHA || machine === EM.S390) ? 8 : 4;
}

/** What a hash table says about the symbol table beside it. */
export interface HashExtent {
  /** Number of symbol table entries that the table vouches for. */
  readonly symbols: number;
  /** Whether any symbol can be found through the table; the loader skips an object where none can. */
  readonly hashed: boolean;
  /** First symbol that the table lists. */
  readonly first: number;
}

/** nchain of DT_HASH equals the number of symbols (gABI, Hash Table). */
export function sysvHashExtent(cursor: Cursor, machine: number): HashExtent {
  const wide = sysvWordSize(machine, cursor) === 8;
  const buckets = wide ? cursor.word() : cursor.u32();
  const symbols = wide ? cursor.word() : cursor.u32();
  return { symbols, hashed: buckets > 0, first: 1 };
}

/**
 * DT_GNU_HASH does not state the number of symbols: it is one past the end of the chain that starts at the
 * highest bucket, or symoffset when all buckets are empty. Entries below symoffset are not hashed.
 */
export function gnuHashExtent(cursor: Cursor): HashExtent {
  const buckets = cursor.u32();
  const symbolOffset = cursor.u32();
  const bloomWords = cursor.u32();
  cursor.skip(4); // bloom shift
  const bloomBytes = bloomWords * (cursor.is64 ? 8 : 4);
  if (bloomBytes > cursor.remaining) cursor.fail('truncated', `bloom filter of ${bloomWords} words`);
  cursor.skip(bloomBytes);
  if (buckets * 4 > cursor.remaining) cursor.fail('truncated', `${buckets} hash buckets`);
  let last = 0;
  for (let bucket = 0; bucket < buckets; bucket++) last = Math.max(last, cursor.u32());
  if (last < symbolOffset || last === 0) {
    return { symbols: symbolOffset, hashed: false, first: symbolOffset };
  }
  const chains = cursor.pos;
  cursor.seek(chains + Math.min((last - symbolOffset) * 4, cursor.remaining));
  for (;;) {
    const hash = cursor.u32();
    last++;
    if (hash & 1) return { symbols: last, hashed: true, first: symbolOffset };
  }
}

/** The hash of DT_GNU_HASH: h * 33 + c, from 5381. */
export function gnuHash(name: string): number {
  let hash = 5381;
  for (const byte of new TextEncoder().encode(name)) hash = (Math.imul(hash, 33) + byte) | 0;
  return hash >>> 0;
}

/** What stands before the bloom filter of DT_GNU_HASH: buckets, symoffset, words of the filter, shift. */
export const GNU_HASH_HEADER = 16;

/** The place in the bloom filter that tells of a hash: both bits of one word are set, or no symbol has it. */
export interface BloomPlace {
  /** Offset of the word in the table. */
  readonly offset: number;
  readonly bits: readonly [number, number];
}

/** Undefined: the filter is none that a loader could use. `header` is the start of the table. */
export function bloomPlace(header: Cursor, hash: number): BloomPlace | undefined {
  header.skip(8);
  const words = header.u32();
  const shift = header.u32();
  if (words === 0 || (words & (words - 1)) !== 0) return undefined;
  const wordBits = header.is64 ? 64 : 32;
  const word = Math.floor(hash / wordBits) & (words - 1);
  const second = shift < 32 ? hash >>> shift : 0;
  return {
    offset: GNU_HASH_HEADER + word * (wordBits / 8),
    bits: [hash % wordBits, second % wordBits],
  };
}
