import type { Encoding } from '../../../src/bytes/index.ts';
import { NT_FDO, NT_GNU } from '../../../src/elf/index.ts';
import type { NoteSpec } from './spec.ts';
import { type Block, Writer } from './writer.ts';

/** A note (gABI, Note Section), name and descriptor padded. */
export function noteBlock(
  encoding: Encoding,
  { owner, type, descriptor, align = 4 }: NoteSpec,
  label: string,
): Block {
  const writer = new Writer(encoding);
  const pad = () => writer.zeros((align - (writer.length % align)) % align);
  const name = new TextEncoder().encode(`${owner}\0`);
  writer.u32(name.length, `${label}.n_namesz`).u32(descriptor.length, `${label}.n_descsz`);
  writer.u32(type, `${label}.n_type`).bytes(name);
  pad();
  writer.bytes(descriptor);
  pad();
  return writer.block();
}

export const buildIdNote = (id: readonly number[]): NoteSpec => ({
  owner: 'GNU',
  type: NT_GNU.BUILD_ID,
  descriptor: Uint8Array.from(id),
  section: '.note.gnu.build-id',
});

export function abiTagNote(
  encoding: Encoding,
  os: number,
  version: readonly [number, number, number],
): NoteSpec {
  const writer = new Writer(encoding).u32(os);
  for (const part of version) writer.u32(part);
  return { owner: 'GNU', type: NT_GNU.ABI_TAG, descriptor: writer.block().bytes, section: '.note.ABI-tag' };
}

/** NT_GNU_PROPERTY_TYPE_0: each property padded to the word size, the note too. */
export function propertyNote(
  encoding: Encoding,
  properties: readonly { readonly type: number; readonly data: Uint8Array }[],
): NoteSpec {
  const writer = new Writer(encoding);
  const align = encoding.is64 ? 8 : 4;
  for (const { type, data } of properties) {
    writer.u32(type).u32(data.length).bytes(data);
    writer.zeros((align - (writer.length % align)) % align);
  }
  const descriptor = writer.block().bytes;
  return { owner: 'GNU', type: NT_GNU.PROPERTY_TYPE_0, descriptor, section: '.note.gnu.property', align };
}

/** A note with JSON in it (UAPI Group: Package Metadata, ELF dlopen Metadata). */
export function fdoNote(kind: keyof typeof NT_FDO, value: unknown): NoteSpec {
  const descriptor = new TextEncoder().encode(`${JSON.stringify(value)}\0`);
  const section = kind === 'PACKAGING_METADATA' ? '.note.package' : '.note.dlopen';
  return { owner: 'FDO', type: NT_FDO[kind], descriptor, section };
}
