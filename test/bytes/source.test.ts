import { describe, expect, test } from 'vitest';
import { memorySource, windowSource } from '../../src/bytes/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const source = memorySource(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));

describe('memorySource', () => {
  test('reads exactly what is asked for', () => {
    expect(source.size).toBe(8);
    expect(source.read(2, 3, 'x')).toEqual(Uint8Array.of(2, 3, 4));
    expect(source.read(8, 0, 'x')).toHaveLength(0);
  });

  test.each([
    [0, 9, 'truncated'],
    [9, 0, 'truncated'],
    [8, 1, 'truncated'],
    [2 ** 53 - 1, 1, 'truncated'],
    [0, 2 ** 53 - 1, 'truncated'],
    [2 ** 53 - 1, 2 ** 53 - 1, 'truncated'],
    [-1, 1, 'bad-value'],
    [0, -1, 'bad-value'],
    [2 ** 53, 1, 'bad-value'],
    [0, 0.5, 'bad-value'],
    [Number.NaN, 1, 'bad-value'],
    [0, Number.POSITIVE_INFINITY, 'bad-value'],
  ])('refuses %s+%s: %s', (offset, length, code) => {
    expect(formatFailure(() => source.read(offset, length, '.text'))).toMatchObject({
      code,
      section: '.text',
    });
  });
});

describe('windowSource', () => {
  test('offset 0 is its start, and its end is the end', () => {
    const window = windowSource(source, 2, 4, 'member');
    expect(window.size).toBe(4);
    expect(window.read(0, 4, 'x')).toEqual(Uint8Array.of(2, 3, 4, 5));
    expect(formatFailure(() => window.read(1, 4, 'x')).code).toBe('truncated');
    expect(formatFailure(() => window.read(-1, 1, 'x')).code).toBe('bad-value');
  });

  test('a window of a window', () => {
    const inner = windowSource(windowSource(source, 2, 4, 'outer'), 1, 2, 'inner');
    expect(inner.read(0, 2, 'x')).toEqual(Uint8Array.of(3, 4));
  });

  test('cannot be larger than the source', () => {
    expect(formatFailure(() => windowSource(source, 4, 5, 'member'))).toMatchObject({
      code: 'truncated',
      section: 'member',
    });
  });
});
