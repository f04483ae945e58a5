import { describe, expect, test } from 'vitest';
import { Cursor } from '../../src/bytes/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const BYTES = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const little = { littleEndian: true, is64: true };
const big = { littleEndian: false, is64: false };

describe('Cursor', () => {
  test('reads numbers of both byte orders', () => {
    const first = new Cursor(BYTES, little, 'x');
    expect([first.u8(), first.u16(), first.u32()]).toEqual([1, 0x0302, 0x07060504]);
    const second = new Cursor(BYTES, big, 'x');
    expect([second.u8(), second.u16(), second.u32()]).toEqual([1, 0x0203, 0x04050607]);
    expect(new Cursor(BYTES, little, 'x').u64()).toBe(0x0807060504030201n);
    expect(new Cursor(BYTES, big, 'x').u64()).toBe(0x0102030405060708n);
    expect(new Cursor(Uint8Array.of(0xfe, 0xff, 0xff, 0xff), little, 'x').i32()).toBe(-2);
  });

  test('an address and a word are as wide as the class', () => {
    const bytes = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0);
    expect(new Cursor(bytes, little, 'x').address()).toBe(0x2_0000_0001n);
    expect(new Cursor(bytes, little, 'x').word()).toBe(0x2_0000_0001);
    const narrow = new Cursor(bytes, { littleEndian: true, is64: false }, 'x');
    expect([narrow.address(), narrow.word()]).toEqual([1n, 2]);
  });

  test.each([
    [true, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0]],
    [false, [0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('2^53 - 1 is the largest word (little-endian: %s)', (littleEndian, bytes) => {
    const encoding = { littleEndian, is64: true };
    expect(new Cursor(Uint8Array.from(bytes), encoding, 'x').word()).toBe(Number.MAX_SAFE_INTEGER);
    const above = bytes.with(littleEndian ? 6 : 1, 0x20);
    expect(formatFailure(() => new Cursor(Uint8Array.from(above), encoding, 'x').word()).code).toBe(
      'bad-value',
    );
  });

  test('an error names the section and the offset in the file', () => {
    const error = formatFailure(() =>
      new Cursor(BYTES.subarray(0, 3), little, '.dynsym', 0x100).skip(2).u32(),
    );
    expect(error).toMatchObject({ code: 'truncated', section: '.dynsym', offset: 0x102 });
    expect(error.message).toBe('.dynsym+0x102: needs 4 bytes, 1 are left');
  });

  test.each([-1, 9, Number.NaN, Number.POSITIVE_INFINITY])('refuses position %s', (position) => {
    const cursor = new Cursor(BYTES, little, 'x');
    expect(formatFailure(() => cursor.seek(position)).code).toBe('truncated');
    expect(cursor.pos).toBe(0);
  });

  test('the end is a position, and has no bytes', () => {
    const cursor = new Cursor(BYTES, little, 'x').seek(8);
    expect(cursor.remaining).toBe(0);
    expect(cursor.bytes(0)).toHaveLength(0);
    expect(formatFailure(() => cursor.u8()).code).toBe('truncated');
  });

  test.each([
    [9, 'truncated'],
    [2 ** 53, 'truncated'],
    [-1, 'bad-value'],
    [Number.NaN, 'bad-value'],
  ])('refuses a range of %s bytes', (count, code) => {
    expect(formatFailure(() => new Cursor(BYTES, little, 'x').bytes(count)).code).toBe(code);
  });

  test('reads a part of a larger buffer, and not what is beside it', () => {
    const cursor = new Cursor(BYTES.subarray(2, 6), big, 'x');
    expect(cursor.bytes(2)).toEqual(Uint8Array.of(3, 4));
    expect(cursor.u16()).toBe(0x0506);
    expect(cursor.remaining).toBe(0);
  });
});
