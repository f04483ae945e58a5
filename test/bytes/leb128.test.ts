import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor, sleb128, uleb128 } from '../../src/bytes/index.ts';
import { Writer } from '../support/assembler/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const encoding = { littleEndian: true, is64: true };
const cursor = (bytes: readonly number[]) => new Cursor(Uint8Array.from(bytes), encoding, 'x');
const nine = (byte: number) => new Array<number>(9).fill(byte);

describe('unsigned LEB128', () => {
  // DWARF 5, table 7.5
  test.each([
    [[2], 2n],
    [[0x7f], 127n],
    [[0x80, 1], 128n],
    [[0x81, 1], 129n],
    [[0xb9, 0x64], 12857n],
    [[0x80, 0x80, 0x00], 0n],
    [[...nine(0xff), 1], (1n << 64n) - 1n],
    [[...nine(0x80), 1], 1n << 63n],
    [[...nine(0x80), 0], 0n],
  ])('%j', (bytes, value) => {
    expect(uleb128(cursor(bytes))).toBe(value);
  });

  test.each([
    [[...nine(0x80), 2], 'overlong'],
    [[...nine(0xff), 0x7f], 'overlong'],
    [[...nine(0x80), 0x80, 0], 'overlong'],
    [[0x80], 'truncated'],
    [[], 'truncated'],
  ])('%j is %s', (bytes, expected) => {
    expect(formatFailure(() => uleb128(cursor(bytes))).code).toBe(expected);
  });
});

describe('signed LEB128', () => {
  // DWARF 5, table 7.6
  test.each([
    [[2], 2n],
    [[0x7e], -2n],
    [[0xff, 0], 127n],
    [[0x81, 0x7f], -127n],
    [[0x80, 1], 128n],
    [[0x80, 0x7f], -128n],
    [[0x81, 1], 129n],
    [[0xff, 0x7e], -129n],
    [[0xff, 0xff, 0x7f], -1n],
    [[...nine(0xff), 0], (1n << 63n) - 1n],
    [[...nine(0x80), 0x7f], -(1n << 63n)],
    [[...nine(0xff), 0x7f], -1n],
  ])('%j', (bytes, value) => {
    expect(sleb128(cursor(bytes))).toBe(value);
  });

  test.each([
    [[...nine(0x80), 1], 'overlong'],
    [[...nine(0x80), 2], 'overlong'],
    [[...nine(0xff), 0x7e], 'overlong'],
    [[...nine(0xff), 0xff, 0x7f], 'overlong'],
    [[0xff], 'truncated'],
  ])('%j is %s', (bytes, expected) => {
    expect(formatFailure(() => sleb128(cursor(bytes))).code).toBe(expected);
  });

  test('reads back what is written, and no more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        const written = new Writer(encoding).sleb128(value).u8(0x55).block().bytes;
        const reader = new Cursor(written, encoding, 'x');
        expect(sleb128(reader)).toBe(value);
        expect(reader.remaining).toBe(1);
      }),
    );
  });
});
