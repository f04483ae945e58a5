import { deflateSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompressors } from '../../src/host/decompressors.ts';
import { xzExpandedSize } from '../../src/host/xz-size.ts';
import { formatFailure } from '../support/format-failure.ts';
import { hasTools } from '../support/tools.ts';
import { pipe } from './compiled.ts';

const text = Buffer.from('all work and no play '.repeat(5000));

describe.each([
  ['zlib', deflateSync],
  ['zstd', zstdCompressSync],
] as const)('%s', (name, compress) => {
  test('expands to the size that is promised', () => {
    expect(Buffer.from(decompressors[name](compress(text), text.length)).equals(text)).toBe(true);
    expect(decompressors[name](compress(Buffer.alloc(0)), 0)).toHaveLength(0);
  });

  test('stops at the size that is promised', () => {
    expect(() => decompressors[name](compress(text), text.length - 1)).toThrow();
    expect(() => decompressors[name](Buffer.from('no such thing'), 100)).toThrow();
  });
});

describe.skipIf(!hasTools('xz'))('xz', () => {
  const xz = (input: Uint8Array, ...options: readonly string[]) => pipe(input, 'xz', '-c', ...options);
  const random = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 2_654_435_761) >>> 24));

  test.each([
    ['text', text, []],
    ['nothing', Buffer.alloc(0), []],
    ['bytes that do not compress', random, []],
    ['several blocks', text, ['--block-size=10000']],
    ['another check', text, ['--check=sha256']],
    ['a filter', text, ['--x86', '--lzma2']],
    ['more than one chunk', Buffer.alloc(5_000_000, 'ab'), ['-0']],
  ] as const)('the size is known before anything is expanded: %s', (_, bytes, options) => {
    const packed = xz(bytes, ...options);
    expect(xzExpandedSize(packed, 1 << 28)).toBe(bytes.length);
    expect(Buffer.from(decompressors.xz(packed, bytes.length)).equals(bytes)).toBe(true);
  });

  test('streams one after the other count together', () => {
    const packed = Buffer.concat([xz(text), Buffer.alloc(8), xz(random)]);
    expect(xzExpandedSize(packed, 1 << 28)).toBe(text.length + random.length);
  });

  test('a bomb is not set off', () => {
    const packed = xz(Buffer.alloc(100_000_000));
    expect(formatFailure(() => decompressors.xz(packed, 1_000_000)).code).toBe('limit');
  });

  test('garbage is one error', () => {
    const packed = xz(text);
    expect(formatFailure(() => decompressors.xz(Buffer.from('garbage, not xz'), 100)).code).toBe('bad-magic');
    for (let length = 1; length < packed.length; length += 7) {
      formatFailure(() => decompressors.xz(packed.subarray(0, length), 1 << 20));
    }
  });
});
