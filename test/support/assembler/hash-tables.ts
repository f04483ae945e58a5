import { EM } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import { type Block, Writer } from './writer.ts';

/** h = h * 33 + byte, as DT_GNU_HASH has it. */
export function gnuHash(name: string): number {
  let hash = 5381;
  for (const byte of new TextEncoder().encode(name)) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** The hash of DT_HASH and of version names (gABI, Hash Table), written out step by step. */
export function elfHash(name: string): number {
  let hash = 0n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = (hash << 4n) + BigInt(byte);
    const high = hash & 0xf0000000n;
    hash = (hash ^ (high >> 24n)) & ~high & 0xffffffffn;
  }
  return Number(hash);
}

/** DT_HASH: nbucket, nchain, buckets, chains; eight bytes each on Alpha and 64-bit S/390. */
export function sysvHashTable({ symbols, encoding, machine }: Context): Block {
  const writer = new Writer(encoding);
  const wide = encoding.is64 && (machine === EM.ALPHA || machine === EM.S390);
  const write = (value: number, label: string) =>
    wide ? writer.u64(value, label) : writer.u32(value, label);
  const bucketCount = Math.max(1, Math.floor(symbols.length / 2));
  const buckets = new Array<number>(bucketCount).fill(0);
  const chains = new Array<number>(symbols.length + 1).fill(0);
  for (const [position, { name }] of symbols.entries()) {
    const bucket = elfHash(name) % bucketCount;
    chains[position + 1] = buckets[bucket]!;
    buckets[bucket] = position + 1;
  }
  write(bucketCount, 'hash.nbucket');
  write(chains.length, 'hash.nchain');
  for (const [index, first] of buckets.entries()) write(first, `hash.bucket.${index}`);
  for (const [index, next] of chains.entries()) write(next, `hash.chain.${index}`);
  return writer.block();
}

const BLOOM_SHIFT = 6;

/**
 * DT_GNU_HASH: sizes, a Bloom filter of one word, buckets, chains whose last hash has bit 0 set. Where nothing
 * is exported it is the empty table that GNU ld writes: one bucket, one filter word, symoffset 1.
 */
export function gnuHashTable({ symbols, encoding, firstHashed, gnuBuckets }: Context): Block {
  const writer = new Writer(encoding);
  const hashes = symbols.slice(firstHashed - 1).map(({ name }) => gnuHash(name));
  const bits = encoding.is64 ? 64 : 32;
  let bloom = 0n;
  for (const hash of hashes)
    bloom |= (1n << BigInt(hash % bits)) | (1n << BigInt((hash >>> BLOOM_SHIFT) % bits));
  const symbolOffset = hashes.length === 0 ? 1 : firstHashed;
  writer.u32(gnuBuckets, 'gnu_hash.nbuckets').u32(symbolOffset, 'gnu_hash.symoffset');
  writer.u32(1, 'gnu_hash.bloom_size').u32(hashes.length === 0 ? 0 : BLOOM_SHIFT, 'gnu_hash.bloom_shift');
  writer.word(bloom, 'gnu_hash.bloom.0');
  for (let bucket = 0; bucket < gnuBuckets; bucket++) {
    const first = hashes.findIndex((hash) => hash % gnuBuckets === bucket);
    writer.u32(first < 0 ? 0 : firstHashed + first, `gnu_hash.bucket.${bucket}`);
  }
  for (const [index, hash] of hashes.entries()) {
    const next = hashes[index + 1];
    const last = next === undefined || next % gnuBuckets !== hash % gnuBuckets;
    writer.u32(last ? hash | 1 : hash & ~1, `gnu_hash.chain.${index}`);
  }
  return writer.block();
}
