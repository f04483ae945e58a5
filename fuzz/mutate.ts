import { type Field, setNumber } from '../test/support/assembler/index.ts';
import type { Prng } from './prng.ts';

/** A valid file, and the numbers in it that are worth changing. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  readonly littleEndian: boolean;
}

/** One change, as data: a failing input is described, and shrunk, by its list of changes. */
export type Mutation =
  | { readonly kind: 'set'; readonly field: Field; readonly value: bigint }
  | { readonly kind: 'flip'; readonly offset: number; readonly bit: number }
  | { readonly kind: 'fill'; readonly offset: number; readonly length: number; readonly value: number }
  | { readonly kind: 'copy'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'insert'; readonly offset: number; readonly length: number; readonly value: number }
  | { readonly kind: 'delete'; readonly offset: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly length: number };

/** From one to six changes, most of them to fields whose meaning is known. */
export function mutations(prng: Prng, seed: Seed): Mutation[] {
  const found: Mutation[] = [];
  const rounds = 1 + prng.below(prng.pick([1, 2, 6]));
  for (let round = 0; round < rounds; round++) {
    const structural = seed.fields.length > 0 && prng.below(4) > 0;
    found.push(...(structural ? fieldMutations(prng, seed) : [byteMutation(prng, seed.bytes.length)]));
  }
  return found;
}

function fieldMutations(prng: Prng, { bytes, fields, littleEndian }: Seed): Mutation[] {
  const field = prng.pick(fields);
  if (prng.below(8) > 0) {
    return [{ kind: 'set', field, value: interestingValue(prng, field, bytes, littleEndian) }];
  }
  // Two numbers change places: tags, offsets, counts
  const other = prng.pick(fields.filter(({ size }) => size === field.size));
  return [
    { kind: 'set', field, value: fieldValue(bytes, other, littleEndian) },
    { kind: 'set', field: other, value: fieldValue(bytes, field, littleEndian) },
  ];
}

function fieldValue(bytes: Uint8Array, { offset, size }: Field, littleEndian: boolean): bigint {
  let value = 0n;
  for (let index = 0; index < size; index++) {
    value = (value << 8n) | BigInt(bytes[offset + (littleEndian ? size - 1 - index : index)]!);
  }
  return value;
}

/** Values at which limits lie: of the field, of the file, of a double, and near the value that is there. */
function interestingValue(prng: Prng, field: Field, bytes: Uint8Array, littleEndian: boolean): bigint {
  const length = BigInt(bytes.length);
  const current = fieldValue(bytes, field, littleEndian);
  const sign = 1n << BigInt(8 * field.size - 1);
  return prng.pick([
    ...[0n, 1n, 2n, -1n, -2n, sign, sign - 1n, sign + 1n, 0xffffn, 0xff00n, 0xffffffffn],
    ...[(1n << 53n) - 1n, 1n << 53n, length, length - 1n, length + 1n, length >> 1n, length << 1n],
    ...[current - 1n, current + 1n, current << 1n, current >> 1n, -current, current ^ 1n, current ^ 0x800n],
    ...[BigInt(field.offset), BigInt(prng.below(bytes.length)), BigInt(prng.below(64)), BigInt(prng.next())],
  ]);
}

/** Bytes that mean something in numbers, in text, in archive headers or in LEB128. */
const BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x20, 0x23, 0x2f, 0x30, 0x31, 0x39, 0x60];

function byteMutation(prng: Prng, size: number): Mutation {
  const offset = prng.below(size);
  const length = Math.min(size - offset, 1 + prng.below(prng.pick([1, 8, 64, 512])));
  const value = prng.below(2) === 0 ? prng.pick(BYTES) : prng.below(256);
  switch (prng.below(8)) {
    case 0:
      return { kind: 'truncate', length: offset };
    case 1:
      return { kind: 'copy', from: offset, to: prng.below(size), length };
    case 2:
      return { kind: 'insert', offset, length, value };
    case 3:
      return { kind: 'delete', offset, length };
    case 4:
    case 5:
      return { kind: 'flip', offset, bit: prng.below(8) };
    default:
      return { kind: 'fill', offset, length: Math.min(length, 8), value };
  }
}

/** The seed's bytes with the changes made, one after the other; changes past the end do nothing. */
export function mutate(seed: Seed, list: readonly Mutation[]): Uint8Array {
  return list.reduce<Uint8Array>(
    (bytes, mutation) => apply(bytes, mutation, seed.littleEndian),
    new Uint8Array(seed.bytes),
  );
}

function apply(bytes: Uint8Array, mutation: Mutation, littleEndian: boolean): Uint8Array {
  switch (mutation.kind) {
    case 'set': {
      const { field, value } = mutation;
      if (field.offset + field.size <= bytes.length) {
        setNumber(bytes, field.offset, field.size, value, littleEndian);
      }
      return bytes;
    }
    case 'flip':
      if (mutation.offset < bytes.length) bytes[mutation.offset]! ^= 1 << mutation.bit;
      return bytes;
    case 'fill':
      return bytes.fill(mutation.value, mutation.offset, mutation.offset + mutation.length);
    case 'copy':
      return bytes.copyWithin(mutation.to, mutation.from, mutation.from + mutation.length);
    case 'insert': {
      const { offset, length, value } = mutation;
      const added = new Uint8Array(length).fill(value);
      return concat(bytes.subarray(0, offset), added, bytes.subarray(offset));
    }
    case 'delete':
      return concat(bytes.subarray(0, mutation.offset), bytes.subarray(mutation.offset + mutation.length));
    case 'truncate':
      return bytes.slice(0, mutation.length);
  }
}

const concat = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** `set dynamic.STRSZ.d_val = 0xffffffff`, as a failing input's report has it. */
export function describeMutation(mutation: Mutation): string {
  switch (mutation.kind) {
    case 'set':
      return `set ${mutation.field.label} at ${mutation.field.offset} to ${mutation.value}`;
    case 'flip':
      return `flip bit ${mutation.bit} of byte ${mutation.offset}`;
    case 'fill':
      return `fill ${mutation.length} bytes at ${mutation.offset} with ${mutation.value}`;
    case 'copy':
      return `copy ${mutation.length} bytes from ${mutation.from} to ${mutation.to}`;
    case 'insert':
      return `insert ${mutation.length} bytes of ${mutation.value} at ${mutation.offset}`;
    case 'delete':
      return `delete ${mutation.length} bytes at ${mutation.offset}`;
    case 'truncate':
      return `truncate to ${mutation.length} bytes`;
  }
}
