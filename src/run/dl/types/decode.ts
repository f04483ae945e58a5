import { type ArrayType, type CType, isChar, LITTLE_ENDIAN, sizeOf } from './c-type.ts';
import { printType } from './print-type.ts';
import { narrowed, type Value, ValueError } from './values.ts';

/** As everywhere else a byte order mark is a character of the string. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What stands in these bytes. */
export function decode(type: CType, bytes: Uint8Array): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < sizeOf(type)) {
    throw new ValueError(printType(type), `${view.byteLength} bytes are fewer than ${sizeOf(type)}`);
  }
  return decodeAt(type, view, 0);
}

function decodeAt(type: CType, view: DataView, offset: number): Value {
  switch (type.kind) {
    case 'bool':
      return view.getUint8(offset) !== 0;
    case 'integer':
      return narrowed(type, readBits(view, offset, type.size));
    case 'floating':
      return type.size === 4
        ? view.getFloat32(offset, LITTLE_ENDIAN)
        : view.getFloat64(offset, LITTLE_ENDIAN);
    case 'pointer':
      return view.getBigUint64(offset, LITTLE_ENDIAN);
    case 'array':
      return decodeArray(type, view, offset);
    case 'struct':
    case 'union':
      return Object.fromEntries(
        type.fields.map((field) => [field.name, decodeAt(field.type, view, offset + field.offset)]),
      );
    default:
      throw new ValueError(printType(type), `nothing in memory is of type ${type.kind}`);
  }
}

function decodeArray(type: ArrayType, view: DataView, offset: number): Value {
  const { of } = type;
  const size = sizeOf(of);
  if (of.kind === 'integer' && size === 1) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, sizeOf(type)).slice();
    if (!isChar(of)) return bytes;
    const end = bytes.indexOf(0);
    return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
  return Array.from({ length: type.length! }, (_, index) => decodeAt(of, view, offset + index * size));
}

function readBits(view: DataView, offset: number, size: number): bigint {
  if (size === 8) return view.getBigUint64(offset, LITTLE_ENDIAN);
  if (size === 4) return BigInt(view.getUint32(offset, LITTLE_ENDIAN));
  return BigInt(size === 2 ? view.getUint16(offset, LITTLE_ENDIAN) : view.getUint8(offset));
}
