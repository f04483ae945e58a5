import { REGISTERS } from '../native-host/protocol.ts';
import type { Address, Backend, CallArgument, CallReturn } from './backend.ts';
import { Out } from './out.ts';
import {
  type CType,
  type FunctionType,
  isText,
  type PointerType,
  type RecordType,
  sizeOf,
} from './types/c-type.ts';
import { encode, viewBytes } from './types/encode.ts';
import { printType } from './types/print-type.ts';
import { integerBits, realNumber, ValueError } from './types/values.ts';

/** What can be given for a parameter: a value of its type; for pointers see docs/dl.md. */
export type Argument = unknown;

/** Registers a function of this program for as long as the call takes. */
export type TemporaryCallback = (type: FunctionType, callee: (...args: never[]) => unknown) => Address;

/** How one argument goes into a call. */
export function callArgument(
  type: CType,
  value: Argument,
  where: string,
  callback: TemporaryCallback,
): CallArgument {
  if (type.kind === 'floating') {
    return { kind: type.name, value: realNumber(type, value, where) };
  }
  if (type.kind !== 'pointer') return { kind: 'integer', value: integerBits(type, value, where) };
  // A C function has an address, and is passed as it is.
  if (typeof value === 'function' && !('address' in value)) {
    if (type.to.kind !== 'function') throw new ValueError(where, 'a function fits a function pointer only');
    return { kind: 'integer', value: callback(type.to, value as (...args: never[]) => unknown) };
  }
  const bytes = pointedTo(type, value, where);
  if (bytes === undefined) return { kind: 'integer', value: integerBits(type, value, where) };
  return { kind: 'bytes', value: bytes, returned: value instanceof Out };
}

/** What a pointer argument points to, where it is given by its contents. */
function pointedTo({ to }: PointerType, value: Argument, where: string): Uint8Array | undefined {
  if (value instanceof Out) {
    if (isComplete(to) && sizeOf(value.type) < sizeOf(to)) {
      throw new ValueError(where, `${printType(value.type)} has no room for ${printType(to)}`);
    }
    return value.initial === undefined
      ? new Uint8Array(sizeOf(value.type))
      : encode(value.type, value.initial, where);
  }
  if (typeof value === 'string') return textBytes(to, value, where);
  if (ArrayBuffer.isView(value)) return viewBytes(to, value, where);
  if (Array.isArray(value) && !isComplete(to)) {
    throw new ValueError(where, `the array would be one of ${printType(to)}: pass a typed array, or out()`);
  }
  if (Array.isArray(value)) return encode({ kind: 'array', of: to, length: value.length }, value, where);
  if ('fields' in to && typeof value === 'object' && value !== null && isContents(to, value)) {
    return encode(to, value, where);
  }
  const isObject = typeof value === 'object' && value !== null && !('address' in value);
  if (isObject && to.kind === 'opaque') {
    throw new ValueError(where, `the layout of '${to.name}' is not known: give it in { types }`);
  }
  return undefined;
}

/** Whether a type has a size, and so can be what memory holds. */
const isComplete = ({ kind }: CType): boolean => kind !== 'void' && kind !== 'opaque' && kind !== 'function';

/** Whether an object is a structure and not something that has an address: structures may have such a member. */
function isContents(to: RecordType, value: object): boolean {
  if (!('address' in value)) return true;
  return (
    Object.getPrototypeOf(value) === Object.prototype && to.fields.some(({ name }) => name === 'address')
  );
}

/** A string goes where bytes or anything may stand, NUL-terminated and in UTF-8. */
function textBytes(to: CType, text: string, where: string): Uint8Array {
  const takesBytes = to.kind === 'void' || (to.kind === 'integer' && to.size === 1);
  if (!takesBytes) throw new ValueError(where, 'a string is no pointer of this type');
  if (text.includes('\0')) throw new ValueError(where, 'the string holds a NUL: pass its bytes');
  return Buffer.from(`${text}\0`);
}

/** Where a call finds its result. */
export function callReturn(type: CType): CallReturn {
  if (type.kind === 'void') return 'void';
  if (type.kind === 'floating') return type.name;
  return isText(type) ? 'string' : 'integer';
}

/** Refuses a prototype with more arguments than there are registers, where only registers are filled. */
export function checkArgumentCount(type: FunctionType, { kind }: Backend): void {
  if (kind !== 'host') return;
  const floating = type.parameters.filter((parameter) => parameter.type.kind === 'floating').length;
  const integer = type.parameters.length - floating;
  if (integer <= REGISTERS.integer && floating <= REGISTERS.floating) return;
  throw new RangeError(
    `${integer} integer and ${floating} floating arguments: the host process passes arguments in registers, ` +
      `which is ${REGISTERS.integer} and ${REGISTERS.floating} at most; openInProcess() passes any number`,
  );
}
