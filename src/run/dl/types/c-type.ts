import { endianness } from 'node:os';

/** Type `char` is signed on x86 and unsigned on Arm, PowerPC, RISC-V and s390 (their psABIs). */
const CHAR_IS_SIGNED = process.arch === 'x64' || process.arch === 'ia32' || process.arch === 'loong64';
export const LITTLE_ENDIAN = endianness() === 'LE';
/** Bytes of a pointer: every 64-bit Linux is LP64. */
export const POINTER_SIZE = 8;

export interface VoidType {
  readonly kind: 'void';
}
export interface BoolType {
  readonly kind: 'bool';
}
export interface IntegerType {
  readonly kind: 'integer';
  /** As C spells it in full: `unsigned long`, `size_t`. */
  readonly name: string;
  /** Bytes; also the alignment. */
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly min: bigint;
  readonly max: bigint;
}
export interface FloatingType {
  readonly kind: 'floating';
  readonly name: 'float' | 'double';
  readonly size: 4 | 8;
}
export interface PointerType {
  readonly kind: 'pointer';
  readonly to: CType;
}
export interface ArrayType {
  readonly kind: 'array';
  readonly of: CType;
  /** Elements; undefined where a declaration leaves it open. */
  readonly length: number | undefined;
}
export interface Parameter {
  readonly name: string | undefined;
  readonly type: CType;
}
export interface FunctionType {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly Parameter[];
}
/** A type that is known by name only: there can be pointers to it. */
export interface OpaqueType {
  readonly kind: 'opaque';
  readonly name: string;
}
export interface Field {
  readonly name: string;
  readonly type: CType;
  /** Bytes from the start. */
  readonly offset: number;
}
/** A structure or union with its layout. */
export interface RecordType {
  readonly kind: 'struct' | 'union';
  /** Bytes, padding at the end included. */
  readonly size: number;
  readonly alignment: number;
  readonly fields: readonly Field[];
}

export type CType =
  | VoidType
  | BoolType
  | IntegerType
  | FloatingType
  | PointerType
  | ArrayType
  | FunctionType
  | OpaqueType
  | RecordType;

/** A type, or how C writes it: `unsigned long`, `char[16]`, `struct node *`. */
export type TypeLike = CType | string;

export const VOID: VoidType = { kind: 'void' };
export const BOOL: BoolType = { kind: 'bool' };
export const FLOAT: FloatingType = { kind: 'floating', name: 'float', size: 4 };
export const DOUBLE: FloatingType = { kind: 'floating', name: 'double', size: 8 };

function integer(name: string, size: IntegerType['size'], signed: boolean): [string, IntegerType] {
  const values = 1n << BigInt(size * 8);
  const min = signed ? -values / 2n : 0n;
  return [name, { kind: 'integer', name, size, signed, min, max: min + values - 1n }];
}

/**
 * The integer types of C, by their full names, and those of stddef.h, stdint.h, uchar.h, sys/types.h and
 * sys/socket.h that are the same in glibc and musl on every 64-bit Linux.
 */
export const INTEGERS: ReadonlyMap<string, IntegerType> = new Map([
  integer('char', 1, CHAR_IS_SIGNED),
  integer('signed char', 1, true),
  integer('unsigned char', 1, false),
  integer('short', 2, true),
  integer('unsigned short', 2, false),
  integer('int', 4, true),
  integer('unsigned int', 4, false),
  integer('long', 8, true),
  integer('unsigned long', 8, false),
  integer('long long', 8, true),
  integer('unsigned long long', 8, false),
  integer('int8_t', 1, true),
  integer('uint8_t', 1, false),
  integer('int16_t', 2, true),
  integer('uint16_t', 2, false),
  integer('int32_t', 4, true),
  integer('uint32_t', 4, false),
  integer('int64_t', 8, true),
  integer('uint64_t', 8, false),
  integer('size_t', 8, false),
  integer('ssize_t', 8, true),
  integer('intptr_t', 8, true),
  integer('uintptr_t', 8, false),
  integer('ptrdiff_t', 8, true),
  integer('intmax_t', 8, true),
  integer('uintmax_t', 8, false),
  integer('off_t', 8, true),
  integer('time_t', 8, true),
  integer('clock_t', 8, true),
  integer('ino_t', 8, false),
  integer('dev_t', 8, false),
  integer('pid_t', 4, true),
  integer('uid_t', 4, false),
  integer('gid_t', 4, false),
  integer('id_t', 4, false),
  integer('mode_t', 4, false),
  integer('socklen_t', 4, false),
  // A signed int where char is signed (x86), an unsigned one elsewhere but on RISC-V and PowerPC.
  integer('wchar_t', 4, CHAR_IS_SIGNED || process.arch === 'riscv64' || process.arch === 'ppc64'),
  integer('char16_t', 2, false),
  integer('char32_t', 4, false),
]);

/** Type `char` itself, of which strings are made: `uint8_t` and its like are numbers. */
export const isChar = (type: CType): boolean => type.kind === 'integer' && type.name === 'char';

/** `char *`. */
export const isText = (type: CType): type is PointerType => type.kind === 'pointer' && isChar(type.to);

/** A type has no size. */
export class IncompleteType extends Error {
  override readonly name = 'IncompleteType';
}

/** sizeof, in bytes. */
export function sizeOf(type: CType): number {
  switch (type.kind) {
    case 'bool':
      return 1;
    case 'integer':
    case 'floating':
    case 'struct':
    case 'union':
      return type.size;
    case 'pointer':
      return POINTER_SIZE;
    case 'array':
      if (type.length === undefined) throw new IncompleteType('an array without a length has no size');
      return type.length * sizeOf(type.of);
    case 'opaque':
      throw new IncompleteType(`'${type.name}' is known by name only: it has no size`);
    case 'void':
    case 'function':
      throw new IncompleteType(`a ${type.kind} type has no size`);
  }
}

/** alignof, in bytes: scalars stand at multiples of their size on every 64-bit Linux. */
export function alignmentOf(type: CType): number {
  if (type.kind === 'array') return alignmentOf(type.of);
  if (type.kind === 'struct' || type.kind === 'union') return type.alignment;
  return sizeOf(type);
}
