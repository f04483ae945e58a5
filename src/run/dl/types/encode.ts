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
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
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
