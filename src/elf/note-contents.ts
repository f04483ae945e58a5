import { Cursor, type Encoding } from '../bytes/index.ts';
import {
  EM,
  flagNames,
  GNU_PROPERTY,
  GNU_PROPERTY_AARCH64_FEATURE_1,
  GNU_PROPERTY_X86_FEATURE_1,
  GNU_PROPERTY_X86_ISA_1,
  NT_FDO,
  NT_GNU,
  nameLookup,
  noteOsName,
} from './constants/index.ts';
import type { Note } from './notes.ts';
import { decodeText } from './strings.ts';

/** One program property; `values` are the names of the bits of a bit mask, or one number in decimal. */
export interface GnuProperty {
  readonly type: number;
  readonly name: string;
  readonly values: readonly string[];
}

/** One optional dependency that a library opens at run time (UAPI Group, ELF dlopen Metadata). */
export interface DlopenNote {
  readonly soname: readonly string[];
  readonly feature?: string;
  readonly description?: string;
  readonly priority?: string;
}

/** What a note says, for the kinds of notes that solder knows. */
export type NoteContent =
  | { readonly kind: 'build-id'; readonly id: string }
  | { readonly kind: 'abi-tag'; readonly os: string; readonly version: string }
  | { readonly kind: 'properties'; readonly properties: readonly GnuProperty[] }
  | { readonly kind: 'package'; readonly metadata: Readonly<Record<string, unknown>> }
  | { readonly kind: 'dlopen'; readonly dependencies: readonly DlopenNote[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other' };

const propertyName = nameLookup('GNU_PROPERTY_', GNU_PROPERTY);
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Text of a descriptor up to its first NUL. */
function text(descriptor: Uint8Array): string {
  const end = descriptor.indexOf(0);
  return decodeText(end < 0 ? descriptor : descriptor.subarray(0, end));
}

/** Decodes a note's descriptor; a descriptor that does not keep its own rules is `other`, never an error. */
export function noteContent(note: Note, encoding: Encoding, machine: number): NoteContent {
  const { owner, type, descriptor, offset } = note;
  if (owner === 'GNU' && type === NT_GNU.BUILD_ID) return { kind: 'build-id', id: hex(descriptor) };
  if (owner === 'GNU' && type === NT_GNU.GOLD_VERSION) return { kind: 'text', text: text(descriptor) };
  if (owner === 'GNU' && type === NT_GNU.ABI_TAG && descriptor.length >= 16) {
    const cursor = new Cursor(descriptor, encoding, 'notes', offset);
    const os = noteOsName(cursor.u32());
    return { kind: 'abi-tag', os, version: `${cursor.u32()}.${cursor.u32()}.${cursor.u32()}` };
  }
  if (owner === 'GNU' && type === NT_GNU.PROPERTY_TYPE_0) {
    return { kind: 'properties', properties: readProperties(descriptor, encoding, machine) };
  }
  if (owner === 'FDO' && type === NT_FDO.PACKAGING_METADATA) {
    const metadata = parseJson(text(descriptor));
    if (isRecord(metadata)) return { kind: 'package', metadata };
  }
  if (owner === 'FDO' && type === NT_FDO.DLOPEN_METADATA) {
    const entries = parseJson(text(descriptor));
    if (Array.isArray(entries))
      return { kind: 'dlopen', dependencies: entries.filter(isRecord).map(dlopenNote) };
  }
  return { kind: 'other' };
}

/** Program properties: type, size and data, each padded to the file's word size. */
function readProperties(descriptor: Uint8Array, encoding: Encoding, machine: number): GnuProperty[] {
  const cursor = new Cursor(descriptor, encoding, 'notes');
  const padding = encoding.is64 ? 8 : 4;
  const properties: GnuProperty[] = [];
  while (cursor.remaining >= 8) {
    const type = cursor.u32();
    const size = cursor.u32();
    if (size > cursor.remaining) break;
    const data = cursor.bytes(size);
    properties.push({
      type,
      name: propertyName(type),
      values: propertyValues(type, data, encoding, machine),
    });
    cursor.skip(Math.min(cursor.remaining, (padding - (size % padding)) % padding));
  }
  return properties;
}

function propertyValues(type: number, data: Uint8Array, encoding: Encoding, machine: number): string[] {
  const cursor = new Cursor(data, encoding, 'notes');
  if (data.length === 8) return [cursor.u64().toString()];
  if (data.length !== 4) return data.length === 0 ? [] : [hex(data)];
  const bits = cursor.u32();
  const x86 = machine === EM.X86_64 || machine === EM['386'];
  if (x86 && type === GNU_PROPERTY.X86_FEATURE_1_AND) return flagNames(GNU_PROPERTY_X86_FEATURE_1, bits);
  if (x86 && (type === GNU_PROPERTY.X86_ISA_1_NEEDED || type === GNU_PROPERTY.X86_ISA_1_USED)) {
    return flagNames(GNU_PROPERTY_X86_ISA_1, bits);
  }
  if (machine === EM.AARCH64 && type === GNU_PROPERTY.AARCH64_FEATURE_1_AND) {
    return flagNames(GNU_PROPERTY_AARCH64_FEATURE_1, bits);
  }
  return [`0x${bits.toString(16)}`];
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function dlopenNote(entry: Record<string, unknown>): DlopenNote {
  const string = (key: string) => (typeof entry[key] === 'string' ? { [key]: entry[key] } : {});
  const soname = Array.isArray(entry['soname'])
    ? entry['soname'].filter((name) => typeof name === 'string')
    : [];
  return { soname, ...string('feature'), ...string('description'), ...string('priority') };
}
