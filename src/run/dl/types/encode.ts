import { type ArrayType, type CType, isChar, LITTLE_ENDIAN, type RecordType, sizeOf } from './c-type.ts';
import { printType } from './print-type.ts';
import { integerBits, realNumber, show, ValueError } from './values.ts';

/** The bytes of a value; `where` opens the message of a `ValueError`. */
export function encode(type: CType, value: unknown, where = printType(type)): Uint8Array {
  const bytes = new Uint8Array(sizeOf(type));
  encodeAt(type, value, new DataView(bytes.buffer), 0, where);
  return bytes;
}

function encodeAt(type: CType, value: unknown, view: DataView, offset: number, where: string): void {
  switch (type.kind) {
    case 'bool':
    case 'integer':
    case 'pointer':
      if (type.kind === 'pointer' && typeof value === 'string') {
        throw new ValueError(
          where,
          'a string here needs memory of its own: use the address of an allocated one',
        );
      }
      writeBits(view, offset, sizeOf(type), integerBits(type, value, where));
      return;
    case 'floating': {
      const number = realNumber(type, value, where);
      if (type.size === 4) view.setFloat32(offset, number, LITTLE_ENDIAN);
      else view.setFloat64(offset, number, LITTLE_ENDIAN);
      return;
    }
    case 'array':
      encodeArray(type, value, view, offset, where);
      return;
    case 'struct':
    case 'union':
      encodeRecord(type, value, view, offset, where);
      return;
    default:
      throw new ValueError(where, `nothing in memory is of type ${type.kind}`);
  }
}

/** Shorter values leave zeros behind them, as in an initialiser. */
function encodeArray(type: ArrayType, value: unknown, view: DataView, offset: number, where: string): void {
  const { of } = type;
  const size = sizeOf(of);
  const fits = (count: number) => {
    if (count <= type.length!) return;
    throw new ValueError(where, `${count} elements do not fit ${printType(type)}`);
  };
  if (typeof value === 'string' && isChar(of)) value = Buffer.from(value);
  if (ArrayBuffer.isView(value)) {
    const bytes = viewBytes(of, value, where);
    fits(bytes.length / size);
    new Uint8Array(view.buffer, view.byteOffset + offset).set(bytes);
  } else if (Array.isArray(value)) {
    fits(value.length);
    value.forEach((item, index) => {
      encodeAt(of, item, view, offset + index * size, `${where}[${index}]`);
    });
  } else {
    throw new ValueError(where, `${show(value)} is no ${printType(type)}`);
  }
}

/**
 * The bytes of a typed array for elements of a type. An array of bytes stands for any type, and every array for
 * bytes and for what is not known; otherwise its numbers have to be those of C.
 */
export function viewBytes(elements: CType, view: ArrayBufferView, where: string): Uint8Array {
  let of = elements;
  while (of.kind === 'array') of = of.of;
  const isNumber = of.kind === 'integer' || of.kind === 'floating' || of.kind === 'pointer';
  const width = 'BYTES_PER_ELEMENT' in view ? view.BYTES_PER_ELEMENT : 1;
  if (isNumber && width !== 1 && sizeOf(of) !== 1) {
    const { name } = view.constructor;
    if (width !== sizeOf(of) || name.startsWith('Float') !== (of.kind === 'floating')) {
      throw new ValueError(where, `the numbers of a ${name} are no ${printType(of)}`);
    }
  }
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Members that are left out are zero; a union is given by one member. */
function encodeRecord(type: RecordType, value: unknown, view: DataView, offset: number, where: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ValueError(where, `${show(value)} is no ${type.kind}`);
  }
  if (value instanceof Uint8Array) {
    encodeBytes(type, value, view, offset, where);
    return;
  }
  const given = Object.entries(value);
  if (type.kind === 'union' && given.length !== 1) {
    throw new ValueError(where, `a union is given by one member, not by ${given.length}`);
  }
  for (const [name, item] of given) {
    const field = type.fields.find((each) => each.name === name);
    if (field === undefined) throw new ValueError(where, `there is no member '${name}'`);
    encodeAt(field.type, item, view, offset + field.offset, `${where}.${name}`);
  }
}

function encodeBytes({ size }: RecordType, value: Uint8Array, view: DataView, offset: number, where: string) {
  if (value.length !== size) throw new ValueError(where, `${value.length} bytes are not ${size}`);
  new Uint8Array(view.buffer, view.byteOffset + offset).set(value);
}

function writeBits(view: DataView, offset: number, size: number, bits: bigint): void {
  if (size === 8) view.setBigUint64(offset, BigInt.asUintN(64, bits), LITTLE_ENDIAN);
  else if (size === 4) view.setUint32(offset, Number(BigInt.asUintN(32, bits)), LITTLE_ENDIAN);
  else if (size === 2) view.setUint16(offset, Number(BigInt.asUintN(16, bits)), LITTLE_ENDIAN);
  else view.setUint8(offset, Number(BigInt.asUintN(8, bits)));
}
