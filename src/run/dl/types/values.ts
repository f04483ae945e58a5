import type { CType } from './c-type.ts';

/**
 * What C's values are here. Integers of 64 bits are always bigint, shorter ones always number, pointers are
 * addresses (bigint, 0n for NULL); `char[N]` is the string up to its first NUL, other arrays of bytes are
 * Uint8Array, arrays of anything else and structures are arrays and objects of their parts.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [member: string]: Value };

/** A value that does not fit the type that it was given for; the message says where. */
export class ValueError extends TypeError {
  override readonly name = 'ValueError';
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
  }
}

/** An integer as its type sees it: the low bits of a register, of which the others mean nothing. */
export function narrowed(
  type: { readonly size: number; readonly signed: boolean },
  value: bigint,
): number | bigint {
  const bits = type.size * 8;
  const exact = type.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return type.size === 8 ? exact : Number(exact);
}

/** The scalar as the bits of an integer register; only for integers, bool and pointers. */
export function integerBits(type: CType, value: unknown, where: string): bigint {
  switch (type.kind) {
    case 'bool':
      if (typeof value === 'boolean') return value ? 1n : 0n;
      if (value === 0 || value === 1) return BigInt(value);
      throw new ValueError(where, `${show(value)} is no boolean`);
    case 'integer': {
      const { name, min, max } = type;
      const exact = toInteger(value, where);
      if (exact >= min && exact <= max) return exact;
      throw new ValueError(where, `${exact} does not fit ${name}, which holds ${min} to ${max}`);
    }
    default: {
      const address = value === null || value === undefined ? 0n : addressOf(value);
      if (address !== undefined && address >= 0n && address < 1n << 64n) return address;
      const advice = typeof value === 'number' ? ': write it as a bigint' : '';
      throw new ValueError(where, `${show(value)} is no address${advice}`);
    }
  }
}

/** A float or double; what does not fit a float is refused, what is only less exact in it is rounded. */
export function realNumber(type: { readonly size: number }, value: unknown, where: string): number {
  if (typeof value !== 'number') throw new ValueError(where, `${show(value)} is no number`);
  if (type.size === 4 && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new ValueError(where, `${value} does not fit float`);
  }
  return value;
}

/** The address that a bigint is or an object has. */
function addressOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const hasMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!hasMembers || !('address' in value)) return undefined;
  return typeof value.address === 'bigint' ? value.address : undefined;
}

/** A name for C, which ends it at a NUL and does not survive NULL. */
export function checkName(where: string, name: unknown): void {
  if (typeof name !== 'string' || name.includes('\0'))
    throw new ValueError(where, `${show(name)} is no name`);
}

/** A value in a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function toInteger(value: unknown, where: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number') throw new ValueError(where, `${show(value)} is no integer`);
  if (Number.isSafeInteger(value)) return BigInt(value);
  const what = Number.isInteger(value) ? 'is not exact as a number: write it as a bigint' : 'is no integer';
  throw new ValueError(where, `${value} ${what}`);
}
