import { constants } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Closed, type DlProcess, INTEGERS, type Library, out, struct } from '../../../src/run/dl/index.ts';
import { hasTools } from '../../support/tools.ts';
import { BACKENDS } from './backends.ts';
import { Workshop } from './compile.ts';

const TYPES = [...INTEGERS.keys(), 'bool', 'float', 'double'];
const named = (type: string) => type.replaceAll(' ', '_');
const SOURCE = `
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <time.h>
#include <uchar.h>
${TYPES.map(
  (type) => `${type} echo_${named(type)}(${type} value) { return value; }
${type} variable_${named(type)};
void store_${named(type)}(${type} *to, ${type} value) { *to = value; }`,
).join('\n')}
void *echo_pointer(void *p) { return p; }
int nothing_calls;
void nothing(void) { nothing_calls++; }
const char *greet(const char *name) {
  static char text[200];
  if (!name) return NULL;
  snprintf(text, sizeof text, "Hello, %s", name);
  return text;
}
const char *greeting = "moin";
const char *no_greeting;
const int constant = 7;
size_t length(const char *s) { return strlen(s); }
void fill(char *buffer, size_t size) { memset(buffer, 'x', size); }
long sum(const int *numbers, size_t count) {
  long total = 0;
  for (size_t i = 0; i < count; i++) total += numbers[i];
  return total;
}
struct point { int x; double y; char name[8]; struct point *next; };
struct point origin = {1, 2.5, "origin", NULL};
double move(struct point *p, double by) { p->y += by; p->x++; return p->y; }
struct point *origin_pointer(void) { return &origin; }
void split(double value, double *whole, float *rest, int *sign) {
  *sign = value < 0 ? -1 : 1;
  *whole = (double)(long)value;
  *rest = (float)(value - *whole);
}
void name_of(int number, const char **name) { *name = number ? "one" : NULL; }
int fail(int with) { errno = with; return -1; }
long six(int a, unsigned char b, long c, short d, const char *e, unsigned long f) {
  return a + b + c + d + (long)strlen(e) + (long)f;
}
double eight(double a, float b, double c, float d, double e, double f, float g, double h) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}
double mixed(int a, double b, long c, float d, const char *e, double f) {
  return a + b + (double)c + d + atof(e) + f;
}
long many(signed char a, short b, int c, long d, unsigned e, long f, signed char g, short h, bool i) {
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9;
}
double many_doubles(double a, double b, double c, double d, double e, double f, double g, double h, double i, float j) {
  return a + b + c + d + e + f + g + h + i * 10 + j * 100;
}
struct slice { unsigned long address; int length; };
int slice_length(const struct slice *s) { return s->length; }
int weigh(int value, const char *text) { return value * 10 + (int)strlen(text); }
int apply(int (*callee)(int, const char *), int value) { return callee(value, "text"); }
double apply_double(double (*callee)(float, signed char, void *), float value) { return callee(value, -3, &greeting); }
int (*chosen(void))(int (*)(int, const char *), int) { return apply; }
`;

describe.skipIf(!hasTools('cc')).each(BACKENDS)('calls: $kind', ({ kind, open }) => {
  let workshop: Workshop;
  let process: DlProcess;
  let library: Library;
  beforeAll(async () => {
    workshop = new Workshop();
    process = await open();
    library = await process.dlopen(workshop.library('libecho.so', SOURCE));
  });
  afterAll(async () => {
    await process.close();
    workshop[Symbol.dispose]();
  });

  describe.each([...INTEGERS.values()])('$name', ({ name, min, max, size }) => {
    const exact = (value: bigint) => (size === 8 ? value : Number(value));
    const values = [min, min + 1n, -1n, 0n, 1n, max - 1n, max].filter((value) => value >= min);

    it('goes there and back', async () => {
      const echo = await library.function(`echo_${named(name)}`, `${name}(${name})`);
      for (const value of values) {
        expect(await echo(value)).toBe(exact(value));
        if (Number.isSafeInteger(Number(value))) expect(await echo(Number(value))).toBe(exact(value));
      }
      for (const value of [min - 1n, max + 1n]) {
        await expect(echo(value)).rejects.toThrow(`argument 1: ${value} does not fit ${name}`);
      }
      await expect(echo(0.5)).rejects.toThrow('0.5 is no integer');
      await expect(echo(null)).rejects.toThrow('null is no integer');
    });

    it('is stored through a pointer and kept in a variable', async () => {
      const store = await library.function(`store_${named(name)}`, `void(${name} *to, ${name} value)`);
      const cell = out(name);
      const variable = await library.variable(`variable_${named(name)}`, name);
      for (const value of values) {
        await store(cell, value);
        expect(cell.value).toBe(exact(value));
        await variable.set(exact(value));
        expect(await variable.get()).toBe(exact(value));
        await store(variable, 0);
        expect(await variable.get()).toBe(exact(0n));
      }
    });
  });

  it.each(['float', 'double'])('%s goes there and back', async (type) => {
    const echo = await library.function<number>(`echo_${type}`, `${type}(${type})`);
    const exact = type === 'float' ? Math.fround : Number;
    const special = [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 0.1];
    for (const value of special) expect(await echo(value)).toBe(exact(value));
    await fc.assert(
      fc.asyncProperty(fc.float(), async (value) => {
        expect(await echo(value)).toBe(value);
      }),
      { numRuns: 30 },
    );
    await expect(echo(1n)).rejects.toThrow('1n is no number');
    if (type === 'float') await expect(echo(1e39)).rejects.toThrow('does not fit float');
  });

  it('bool goes there and back', async () => {
    const echo = await library.function('echo_bool', 'bool(bool)');
    expect([await echo(true), await echo(false), await echo(1), await echo(0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    // @ts-expect-error: TypeScript knows as well.
    await expect(echo(2)).rejects.toThrow('2 is no boolean');
  });

  it('pointers are addresses', async () => {
    const echo = await library.function('echo_pointer', 'void *(void *)');
    for (const address of [0n, 1n, 2n ** 63n, 2n ** 64n - 1n]) expect(await echo(address)).toBe(address);
    expect(await echo(null)).toBe(0n);
    await expect(echo(2n ** 64n)).rejects.toThrow('is no address');
    await expect(echo(-1n)).rejects.toThrow('is no address');
    // @ts-expect-error: TypeScript knows as well.
    await expect(echo(4096)).rejects.toThrow('4096 is no address: write it as a bigint');
    await expect(echo(() => 0)).rejects.toThrow('a function fits a function pointer only');
  });

  it('a function without a result gives undefined', async () => {
    expect(await library.call('nothing', 'void(void)')).toBe(undefined);
    expect(await (await library.variable('nothing_calls', 'int')).get()).toBe(1);
  });

  it('strings go in and come out', async () => {
    const greet = await library.function('greet', 'const char *(const char *name)');
    expect(await greet('Wörld €')).toBe('Hello, Wörld €');
    expect(await greet('')).toBe('Hello, ');
    expect(await greet(null)).toBe(null);
    expect(await greet(Buffer.from('bytes\0more'))).toBe('Hello, bytes');
    await expect(greet('a\0b')).rejects.toThrow('argument 1 (name): the string holds a NUL');
    expect(await library.call('length', 'size_t(const void *)', 'x'.repeat(100_000))).toBe(100_000n);
    await expect(library.call('sum', 'long(const int *, size_t)', 'text', 1)).rejects.toThrow(
      'a string is no pointer',
    );
  });

  it('strings in variables and behind pointers are read', async () => {
    expect(await (await library.variable('greeting', 'const char *')).get()).toBe('moin');
    expect(await (await library.variable('no_greeting', 'const char *')).get()).toBe(null);
    const name = out('const char *');
    await library.call('name_of', 'void(int, const char **)', 1, name);
    expect(name.value).toBe('one');
    await library.call('name_of', 'void(int, const char **)', 0, name);
    expect(name.value).toBe(null);
  });

  it('buffers come back when they are wanted back', async () => {
    const fill = await library.function('fill', 'void(char *, size_t)');
    const text = out('char[8]');
    await fill(text, 5);
    expect(text.value).toBe('xxxxx');
    const bytes = out('uint8_t[3]', new Uint8Array([1, 2, 3]));
    await fill(bytes, 2);
    expect(bytes.value).toEqual(new Uint8Array([0x78, 0x78, 3]));
    const untouched = Buffer.from('abc');
    await fill(untouched, 3);
    expect(untouched.toString()).toBe('abc');
    const [whole, rest, sign] = [out('double'), out('float'), out('int')];
    await library.call('split', 'void(double, double *, float *, int *)', -3.25, whole, rest, sign);
    expect([whole.value, rest.value, sign.value]).toEqual([-3, -0.25, -1]);
  });

  it('arrays and typed arrays go in', async () => {
    const sum = await library.function('sum', 'long(const int *numbers, size_t count)');
    expect(await sum([1, 2, -4], 3)).toBe(-1n);
    expect(await sum(new Int32Array([5, 6]), 2)).toBe(11n);
    expect(await sum([], 0)).toBe(0n);
    await expect(sum([1, 2 ** 31], 2)).rejects.toThrow(
      'argument 1 (numbers)[1]: 2147483648 does not fit int',
    );
  });

  it('structures go by address', async () => {
    const point = struct({ x: 'int', y: 'double', name: 'char[8]', next: 'struct point *' });
    const types = { 'struct point': point };
    const move = await library.function('move', 'double(struct point *p, double by)', { types });
    expect(await move({ x: 1, y: 2 }, 0.5)).toBe(2.5);
    const blind = await library.function('move', 'double(struct point *p, double by)');
    await expect(blind({ x: 1, y: 2 }, 0.5)).rejects.toThrow(
      "argument 1 (p): the layout of 'struct point' is not known: give it in { types }",
    );
    const cell = out(point, { x: 4, y: 1, name: 'abc' });
    expect(await move(cell, 1)).toBe(2);
    expect(cell.value).toEqual({ x: 5, y: 2, name: 'abc', next: 0n });
    await expect(move({ z: 1 }, 1)).rejects.toThrow("argument 1 (p): there is no member 'z'");
    const origin = await library.variable('origin', 'struct point', { types });
    expect(await origin.get()).toEqual({ x: 1, y: 2.5, name: 'origin', next: 0n });
    expect(await move(origin, 1)).toBe(3.5);
    await origin.set({ x: 9, next: origin.address });
    const address = await library.call<bigint>('origin_pointer', 'struct point *(void)');
    expect(address).toBe(origin.address);
    expect(await process.at(address, point).get()).toEqual({ x: 9, y: 0, name: '', next: address });
  });

  it('a structure may have a member that is called address', async () => {
    const types = { 'struct slice': struct({ address: 'unsigned long', length: 'int' }) };
    const length = await library.function('slice_length', 'int(const struct slice *)', { types });
    expect(await length({ address: 16n, length: 3 })).toBe(3);
    await using slice = await process.allocate(types['struct slice'], { address: 16n, length: 4 });
    expect(await length(slice)).toBe(4);
    expect(await length({ address: slice.address, length: 5 })).toBe(5);
  });

  it('refuses contents that are no value of what is pointed to', async () => {
    const sum = await library.function('sum', 'long(const int *numbers, size_t count)');
    await expect(sum(new Float64Array(1), 1)).rejects.toThrow(
      'argument 1 (numbers): the numbers of a Float64Array are no int',
    );
    await expect(sum(out('short'), 1)).rejects.toThrow('argument 1 (numbers): short has no room for int');
    await expect(library.call('length', 'size_t(const void *)', [1, 2])).rejects.toThrow(
      'the array would be one of void',
    );
  });

  it('passes six integers and eight floating numbers', async () => {
    const six = 'long(int, unsigned char, long, short, const char *, unsigned long)';
    expect(await library.call('six', six, -1, 255, -(2 ** 40), -3, 'four', 5)).toBe(
      BigInt(-1 + 255 - 2 ** 40 - 3 + 4 + 5),
    );
    const eight = 'double(double, float, double, float, double, double, float, double)';
    expect(await library.call('eight', eight, 1, 2, 3, 4, 5, 6, 7, 8)).toBe(204);
    const mixed = 'double(int, double, long, float, const char *, double)';
    expect(await library.call('mixed', mixed, 1, 2.5, 3, 4.25, '5', 6)).toBe(21.75);
  });

  it('passes more where it can', async () => {
    const many = library.function(
      'many',
      'long(signed char, short, int, long, unsigned, long, signed char, short, bool)',
    );
    const doubles = library.function('many_doubles', `double(${'double, '.repeat(9)}float)`);
    if (kind === 'host') {
      await expect(many).rejects.toThrow('9 integer and 0 floating arguments: the host process passes');
      await expect(doubles).rejects.toThrow('0 integer and 10 floating arguments');
    } else {
      expect(await (await many)(-1, -2, -3, -4, 5, -6, -7, -8, true)).toBe(
        BigInt(-1 - 4 - 9 - 16 + 25 - 36 - 49 - 64 + 9),
      );
      expect(await (await doubles)(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).toBe(36 + 90 + 1000);
    }
  });

  it('tells errno', async () => {
    const fail = await library.function('fail', 'int(int)');
    expect(await fail.withErrno(constants.errno.EXDEV)).toEqual({ value: -1, errno: constants.errno.EXDEV });
  });

  it('counts the arguments', async () => {
    // @ts-expect-error: TypeScript counts as well.
    await expect(library.call('fail', 'int(int)')).rejects.toThrow('the function takes 1 argument, not 0');
    // @ts-expect-error: TypeScript counts as well.
    await expect(library.call('nothing', 'void(void)', 1)).rejects.toThrow(
      'the function takes 0 arguments, not 1',
    );
  });

  it('calls what a pointer to a function leads to', async () => {
    const address = await library.call<bigint>('chosen', 'int (*(void))(int (*)(int, const char *), int)');
    expect(process.functionAt(address, 'int(void *, int)').address).toBe(await library.symbol('apply'));
    expect(() => process.functionAt(0n, 'int(void)')).toThrow('the address is NULL');
  });

  it('passes a function of C to another', async () => {
    const apply = await library.function('apply', 'int(int (*callee)(int, const char *), int)');
    const weigh = await library.function('weigh', 'int(int, const char *)');
    expect(await apply(weigh, 2)).toBe(24);
    expect(await apply(weigh.address, 3)).toBe(34);
  });

  it('calls back into this program, or says that it cannot', async () => {
    const apply = await library.function('apply', 'int(int (*callee)(int, const char *), int)');
    const applyDouble = await library.function(
      'apply_double',
      'double(double (*)(float, signed char, void *), float)',
    );
    if (kind === 'host') {
      await expect(apply(() => 1, 2)).rejects.toThrow('the host process cannot call back');
      expect(() => process.callback('int(int)', () => 1)).toThrow('the host process cannot call back');
      return;
    }
    expect(await apply((value: number, text: string) => value * 2 + text.length, -21)).toBe(-38);
    const greeting = await library.symbol('greeting');
    expect(
      await applyDouble((value: number, small: number, pointer: bigint) => {
        expect(pointer).toBe(greeting);
        return value + small;
      }, 0.5),
    ).toBe(-2.5);
    using callback = process.callback('int(int, const char *)', (value: number) => value + 1);
    expect(await apply(callback, 41)).toBe(42);
    callback.release();
    expect(() => callback.release()).not.toThrow();
    await expect(apply(() => 'text', 1)).rejects.toThrow('the result of a callback: "text" is no integer');
    await expect(
      apply(() => {
        throw new Error('from inside');
      }, 1),
    ).rejects.toThrow('from inside');
    expect(await apply(() => 5, 1)).toBe(5);
  });

  it('allocates memory', async () => {
    await using text = await process.allocateString('ünd');
    expect(await library.call('length', 'size_t(const char *)', text)).toBe(4n);
    expect(await text.get()).toBe('ünd');
    expect(await process.readString(text.address)).toBe('ünd');
    await using numbers = await process.allocate('int[3]');
    expect(await numbers.get()).toEqual([0, 0, 0]);
    await numbers.set([1, 2, 3]);
    expect(await library.call('sum', 'long(const int *, size_t)', numbers, 3)).toBe(6n);
    await expect(process.allocate('int', 'text')).rejects.toThrow('"text" is no integer');
  });

  it('frees memory once', async () => {
    await using number = await process.allocate('int', 3);
    await number.free();
    const freed = new Closed('the memory was freed: allocate it again to use it');
    await expect(number.free()).rejects.toThrow(freed);
    await expect(number.get()).rejects.toThrow(freed);
    await expect(number.set(1)).rejects.toThrow(freed);
  });

  it('survives addresses where nothing is', async () => {
    await expect(process.at(16n, 'int').get()).rejects.toMatchObject({ name: 'BadAddress' });
    await expect(process.at(16n, 'int').set(1)).rejects.toMatchObject({ name: 'BadAddress' });
    await expect(process.readString(16n)).rejects.toMatchObject({ name: 'BadAddress' });
    const constant = await library.variable('constant', 'int');
    expect(await constant.get()).toBe(7);
    await expect(constant.set(8)).rejects.toMatchObject({ name: 'BadAddress' });
  });
});
