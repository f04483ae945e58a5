import { expect } from 'vitest';
import type { CallArgument, CallReturn } from '../../../src/run/dl/backend.ts';
import type { HostBackend } from '../../../src/run/native-host/start-host.ts';

export const integer = (value: bigint | number): CallArgument => ({ kind: 'integer', value: BigInt(value) });
const double = (value: number): CallArgument => ({ kind: 'double', value });
const float = (value: number): CallArgument => ({ kind: 'float', value });
export const bytes = (value: Uint8Array, returned = true): CallArgument => ({
  kind: 'bytes',
  value,
  returned,
});
export const text = (value: string): CallArgument => bytes(Buffer.from(`${value}\0`), false);

/** Calls every function of fixtures/calls.c and holds the results against what the source says. */
export async function checkCalls(host: HostBackend, library: string): Promise<void> {
  const handle = await host.open({ file: library, flags: 2 });
  const call = async (name: string, args: readonly CallArgument[], returns: CallReturn) =>
    host.call(await host.symbol(handle, name), args, returns);
  const value = async (...parameters: Parameters<typeof call>) => (await call(...parameters)).value;

  const digits = [1, 2, 3, 4, 5, 6].map(integer);
  expect(await value('sum', digits, 'integer')).toBe(654321n);
  expect(await value('sum', [integer(-1)], 'integer')).toBe(-1n);
  const mixed = [integer(1), double(0.5), float(0.25), integer(-2), float(1.5), double(2)];
  expect(await value('mixed', mixed, 'double')).toBe(1 + 0.5 + 2 * 0.25 - 6 + 6 + 10);
  const eight = [double(1), float(1), double(1), float(1), double(1), float(1), double(1), float(1)];
  expect(await value('eight', eight, 'double')).toBe(255);
  expect(await value('half', [float(0.3)], 'float')).toBe(Math.fround(0.3) / 2);
  expect(await value('third', [double(1)], 'double')).toBe(1 / 3);
  expect(await value('half', [float(Number.NaN)], 'float')).toBeNaN();
  expect(await value('variadic', [integer(3), double(1), double(2), double(4)], 'double')).toBe(7);

  // A narrow type leaves the rest of the register undefined: whoever knows the type narrows.
  expect(BigInt.asIntN(8, (await value('minus_one', [], 'integer')) as bigint)).toBe(-1n);
  expect(await value('all_bits', [], 'integer')).toBe(-1n);
  expect(await value('nothing', [], 'void')).toBeUndefined();
  expect(BigInt.asIntN(32, (await value('next', [], 'integer')) as bigint)).toBe(9n);

  expect(await value('greeting', [integer(0)], 'string')).toBeNull();
  expect(await value('greeting', [integer(1)], 'string')).toBe('grüß dich');
  await expect(call('greeting', [integer(2)], 'string')).rejects.toThrow(
    'a call of greeting: nothing at address 0x10',
  );

  const reversed = await call('reverse', [bytes(Buffer.from('abc')), integer(3)], 'integer');
  expect(Buffer.from(reversed.returned.get(0)!).toString()).toBe('cba');
  expect(BigInt.asIntN(32, reversed.value as bigint)).toBe(0n);
  const joined = await call('join', [bytes(new Uint8Array(16)), text('left'), text('right')], 'integer');
  expect([...joined.returned.keys()]).toEqual([0]);
  expect(Buffer.from(joined.returned.get(0)!).toString()).toBe('left-right\0\0\0\0\0\0');

  expect((await call('fail_with', [integer(17)], 'integer')).errno).toBe(17);
  expect((await call('next', [], 'integer')).errno).toBe(0);
}
