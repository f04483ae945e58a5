import {
  type ArrayType,
  alignmentOf,
  type CType,
  type Field,
  type RecordType,
  sizeOf,
  type TypeLike,
} from './c-type.ts';
import { typeOf } from './parse-declaration.ts';

/** Members in the order of their declaration. */
export type Members = Readonly<Record<string, TypeLike>>;

/**
 * A structure laid out as the C compiler does on every 64-bit Linux (System V psABIs, "Aggregates and Unions"):
 * each member at the next multiple of its alignment, the size rounded up to that of the most aligned member.
 * `struct({ x: 'int', name: 'char[16]', next: 'struct node *' })`. Bit-fields and packing are not known here.
 */
export function struct(members: Members): RecordType {
  let end = 0;
  const fields = typedMembers(members).map(({ name, type }): Field => {
    const offset = roundUp(end, alignmentOf(type));
    end = offset + sizeOf(type);
    return { name, type, offset };
  });
  const alignment = Math.max(...fields.map(({ type }) => alignmentOf(type)));
  return { kind: 'struct', size: roundUp(end, alignment), alignment, fields };
}

/** A union: every member at offset 0. */
export function union(members: Members): RecordType {
  const fields = typedMembers(members).map(({ name, type }): Field => ({ name, type, offset: 0 }));
  const alignment = Math.max(...fields.map(({ type }) => alignmentOf(type)));
  const size = roundUp(Math.max(...fields.map(({ type }) => sizeOf(type))), alignment);
  return { kind: 'union', size, alignment, fields };
}

/** `length` elements of a type, for types that have no name in C's text: `array(point, 3)`. */
export function array(of: TypeLike, length: number): ArrayType {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`${length} is no length of an array`);
  const type = typeOf(of);
  sizeOf(type);
  return { kind: 'array', of: type, length };
}

/** offsetof, in bytes. */
export function offsetOf(record: RecordType, member: string): number {
  const field = record.fields.find(({ name }) => name === member);
  if (field === undefined) throw new RangeError(`there is no member '${member}'`);
  return field.offset;
}

function typedMembers(members: Members): { name: string; type: CType }[] {
  const list = Object.entries(members).map(([name, type]) => ({ name, type: typeOf(type) }));
  if (list.length === 0) throw new RangeError('a structure has at least one member');
  for (const { name } of list) {
    // Integer-like keys come first in every JavaScript object: the order of declaration would be lost.
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new RangeError(`'${name}' is no name of a member`);
  }
  return list;
}

const roundUp = (offset: number, alignment: number) => Math.ceil(offset / alignment) * alignment;
