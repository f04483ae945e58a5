import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  array,
  type CType,
  decode,
  encode,
  INTEGERS,
  type Members,
  offsetOf,
  printType,
  type RecordType,
  sizeOf,
  struct,
  union,
  ValueError,
} from '../../../src/run/dl/index.ts';
import { hasTools } from '../../support/tools.ts';
import { Workshop } from './compile.ts';
import { valueTypes } from './types.ts';

const members = (type: fc.Arbitrary<CType>): fc.Arbitrary<Members> =>
  fc
    .array(type, { minLength: 1, maxLength: 6 })
    .map((types) => Object.fromEntries(types.map((each, index) => [`m${index}`, each])));
/** Structures and unions of scalars, pointers, arrays, and one another. */
const { record } = fc.letrec<{ record: RecordType; member: CType }>((tie) => ({
  member: fc.oneof(
    { depthSize: 'small' },
    valueTypes,
    tie('record'),
    fc
      .record({ of: fc.oneof(valueTypes, tie('record')), length: fc.integer({ min: 1, max: 5 }) })
      .map(({ of, length }) => array(of, length)),
  ),
  record: fc.oneof(members(tie('member')).map(struct), members(tie('member')).map(union)),
}));

describe('layouts', () => {
  it.skipIf(!hasTools('cc'))('have the sizes and offsets that the C compiler gives', () => {
    using workshop = new Workshop();
    const types = fc.sample(record, { numRuns: 400, seed: 11 });
    const expected = types.map((type) =>
      [type.size, type.alignment, ...type.fields.map(({ offset }) => offset)].join(' '),
    );
    const source = [
      '#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <uchar.h>',
      '#include <sys/types.h>\n#include <sys/socket.h>\n#include <time.h>\ntypedef struct sqlite3 sqlite3;\nstruct node; union any;',
      ...types.map((type, index) => `typedef ${printType(type, `t${index}`)};`),
      'int main(void) {',
      ...types.map(({ fields }, index) => {
        const offsets = fields.map(({ name }) => `offsetof(t${index}, ${name})`);
        const values = [`sizeof(t${index})`, `_Alignof(t${index})`, ...offsets];
        return `  printf("${values.map(() => '%zu').join(' ')}\\n", ${values.join(', ')});`;
      }),
      '  return 0;\n}',
    ].join('\n');
    expect(workshop.output('layouts', source).trim().split('\n')).toEqual(expected);
  });

  it.skipIf(!hasTools('cc'))('of integers have the size and the sign that the C compiler gives', () => {
    using workshop = new Workshop();
    const names = [...INTEGERS.keys()];
    const headers = ['stddef', 'stdint', 'stdio', 'time', 'uchar', 'sys/types', 'sys/socket'];
    const source = [
      ...headers.map((name) => `#include <${name}.h>`),
      'int main(void) {',
      ...names.map((name) => `  printf("%zu %d\\n", sizeof(${name}), (${name})-1 < 0);`),
      '  return 0;\n}',
    ].join('\n');
    const expected = [...INTEGERS.values()].map(({ size, signed }) => `${size} ${Number(signed)}`);
    expect(workshop.output('integers', source).trim().split('\n')).toEqual(expected);
  });

  it('are what they are declared to be', () => {
    const node = struct({ x: 'int', name: 'char[16]', next: 'struct node *' });
    expect([node.size, node.alignment]).toEqual([32, 8]);
    expect(offsetOf(node, 'next')).toBe(24);
    expect(() => offsetOf(node, 'y')).toThrow("there is no member 'y'");
    expect(() => struct({})).toThrow('at least one member');
    expect(() => struct({ 1: 'int' })).toThrow("'1' is no name");
    expect(() => struct({ x: 'struct other' })).toThrow("'struct other' by value");
    expect(() => struct({ x: 'void' })).toThrow('no size');
    expect(() => array('int', -1)).toThrow(RangeError);
  });
});

describe('values in memory', () => {
  const point = struct({ x: 'int', y: 'int' });
  const shape = struct({
    name: 'char[6]',
    corners: array(point, 2),
    tag: union({ word: 'uint32_t', bytes: 'uint8_t[4]' }),
    next: 'void *',
    big: 'long',
    ok: 'bool',
    f: 'float',
  });

  it('are written and read by their type', () => {
    const value = {
      name: 'ab',
      corners: [
        { x: 1, y: -2 },
        { x: 3, y: 4 },
      ],
      tag: { bytes: new Uint8Array([1, 0, 0, 2]) },
      next: 0xffff_ffff_ffff_ffffn,
      big: -(2n ** 63n),
      ok: true,
      f: 1.5,
    };
    expect(decode(shape, encode(shape, value))).toEqual({
      ...value,
      tag: { word: 0x02000001, bytes: new Uint8Array([1, 0, 0, 2]) },
    });
    expect(decode(point, encode(point, { y: 7 }))).toEqual({ x: 0, y: 7 });
    expect(decode(array('char', 3), encode(array('char', 3), 'abc'))).toBe('abc');
    expect(decode(array('int', 3), encode(array('int', 3), new Int32Array([5, -6])))).toEqual([5, -6, 0]);
    expect(decode(array('int', 2), encode(array('int', 2), new Uint8Array([5])))).toEqual([5, 0]);
    expect(decode(array('char', 8), encode(array('char', 8), new Float64Array(1)))).toBe('');
    expect(decode(array('char', 9), encode(array('char', 9), '\ufeffmark'))).toBe('\ufeffmark');
  });

  it.each<[CType, unknown, string]>([
    [shape, { nmae: 'x' }, "there is no member 'nmae'"],
    [shape, { name: 'toolong' }, '.name: 7 elements do not fit char[6]'],
    [shape, { corners: [{ x: 1 }, { x: 2 ** 31 }] }, '.corners[1].x: 2147483648 does not fit int'],
    [shape, { next: 'text' }, '.next: a string here needs memory of its own'],
    [shape, { next: 5 }, '.next: 5 is no address: write it as a bigint'],
    [shape, { next: 2n ** 64n }, 'is no address'],
    [shape, { tag: { word: 1, bytes: [] } }, 'a union is given by one member, not by 2'],
    [shape, { ok: 2 }, '.ok: 2 is no boolean'],
    [shape, { f: 1e39 }, '.f: 1e+39 does not fit float'],
    [shape, { big: 2 ** 60 }, 'is not exact as a number'],
    [shape, { big: 1.5 }, '1.5 is no integer'],
    [shape, { big: '1' }, '"1" is no integer'],
    [shape, [], 'an array is no struct'],
    [shape, new Uint8Array(3), '3 bytes are not 56'],
    [array('int', 2), 'ab', '"ab" is no int[2]'],
    [array('int', 1), new Int32Array(2), '2 elements do not fit'],
    [array('int', 2), new Float32Array(2), 'the numbers of a Float32Array are no int'],
    [array('int', 2), new Int16Array(2), 'the numbers of a Int16Array are no int'],
    [array('double', 2), new BigInt64Array(2), 'the numbers of a BigInt64Array are no double'],
    [array(array('long', 1), 1), new Float64Array(1), 'the numbers of a Float64Array are no long'],
  ])('%o refuses %o', (type, value, message) => {
    expect(() => encode(type, value)).toThrow(ValueError);
    expect(() => encode(type, value)).toThrow(message);
  });

  it('needs enough bytes', () =>
    expect(() => decode(point, new Uint8Array(7))).toThrow('7 bytes are fewer than 8'));

  it.each([...INTEGERS.values()])('$name keeps its limits and refuses what is beyond', (type) => {
    const exact = (value: bigint) => (type.size === 8 ? value : Number(value));
    for (const value of [type.min, type.max, 0n]) {
      expect(decode(type, encode(type, value))).toBe(exact(value));
    }
    for (const value of [type.min - 1n, type.max + 1n])
      expect(() => encode(type, value)).toThrow('does not fit');
  });

  it('any bytes of any size are a value', () => {
    fc.assert(
      fc.property(record, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (type, stream) => {
        const bytes = Uint8Array.from(stream.take(sizeOf(type)));
        expect(Object.keys(decode(type, bytes) as object)).toEqual(type.fields.map(({ name }) => name));
      }),
      { numRuns: 50 },
    );
  });
});
