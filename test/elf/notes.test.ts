import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, EM, ET, GNU_PROPERTY, type NoteContent, NT_GNU, noteContent } from '../../src/elf/index.ts';
import {
  abiTagNote,
  assemble,
  buildIdNote,
  type ElfSpec,
  fdoNote,
  type NoteSpec,
  propertyNote,
  Writer,
} from '../support/assembler/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const open = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec)));
const ENCODINGS = [true, false].flatMap((is64) =>
  [true, false].map((littleEndian) => ({ is64, littleEndian })),
);
const classOf = ({ is64, littleEndian }: (typeof ENCODINGS)[number]) => ({
  class: is64 ? (64 as const) : (32 as const),
  littleEndian,
});

function contents(spec: ElfSpec): NoteContent[] {
  const file = open(spec);
  return file.notes.map((note) => noteContent(note, file.header, file.header.machine));
}

const text = (value: string) => new TextEncoder().encode(value);

describe('notes', () => {
  test.each(ENCODINGS)('build id, ABI tag, package, dlopen, linker: %j', (encoding) => {
    const notes = [
      buildIdNote([0, 0xab, 0xff]),
      abiTagNote(encoding, 0, [5, 10, 0]),
      fdoNote('PACKAGING_METADATA', { type: 'deb', name: 'a' }),
      fdoNote('DLOPEN_METADATA', [
        {
          soname: ['libz.so.1', 7],
          feature: 'zlib',
          description: 'compresses',
          priority: 'required',
          more: 1,
        },
        'no object',
        { soname: 'no list' },
      ]),
      { owner: 'GNU', type: NT_GNU.GOLD_VERSION, descriptor: text('gold 1.16\0\0\0') },
      { owner: 'stapsdt', type: 3, descriptor: new Uint8Array(5) },
    ];
    expect(contents({ ...classOf(encoding), notes })).toEqual([
      { kind: 'build-id', id: '00abff' },
      { kind: 'abi-tag', os: 'Linux', version: '5.10.0' },
      { kind: 'package', metadata: { type: 'deb', name: 'a' } },
      {
        kind: 'dlopen',
        dependencies: [
          { soname: ['libz.so.1'], feature: 'zlib', description: 'compresses', priority: 'required' },
          { soname: [] },
        ],
      },
      { kind: 'text', text: 'gold 1.16' },
      { kind: 'other' },
    ]);
  });

  test.each(ENCODINGS)('properties are padded to the word size: %j', (encoding) => {
    const word = (value: number) => new Writer(encoding).u32(value).block().bytes;
    const properties = [
      { type: GNU_PROPERTY.NO_COPY_ON_PROTECTED, data: new Uint8Array(0) },
      { type: GNU_PROPERTY.X86_FEATURE_1_AND, data: word(0x13) },
      { type: GNU_PROPERTY.X86_ISA_1_NEEDED, data: word(3) },
      { type: GNU_PROPERTY.STACK_SIZE, data: new Writer(encoding).u64(0x10000).block().bytes },
      { type: 0x1234, data: Uint8Array.of(1, 2, 3, 4, 5) },
    ];
    const expected = [
      { name: 'GNU_PROPERTY_NO_COPY_ON_PROTECTED', values: [] },
      { name: 'GNU_PROPERTY_X86_FEATURE_1_AND', values: ['IBT', 'SHSTK', '0x10'] },
      { name: 'GNU_PROPERTY_X86_ISA_1_NEEDED', values: ['x86-64-baseline', 'x86-64-v2'] },
      { name: 'GNU_PROPERTY_STACK_SIZE', values: ['65536'] },
      { name: '0x1234', values: ['0102030405'] },
    ];
    const notes = [propertyNote(encoding, properties), buildIdNote([1])];
    const [found, next] = contents({ ...classOf(encoding), notes });
    expect(found).toMatchObject({ kind: 'properties', properties: expected });
    expect(next).toEqual({ kind: 'build-id', id: '01' });
  });

  test('the bits of a property depend on the machine', () => {
    const encoding = { is64: true, littleEndian: true };
    const data = Uint8Array.of(3, 0, 0, 0);
    const notes = [propertyNote(encoding, [{ type: GNU_PROPERTY.AARCH64_FEATURE_1_AND, data }])];
    const values = (machine: number) => {
      const [content] = contents({ machine, notes });
      return content?.kind === 'properties' ? content.properties[0]!.values : undefined;
    };
    expect(values(EM.AARCH64)).toEqual(['BTI', 'PAC']);
    expect(values(EM.X86_64)).toEqual(['0x3']);
  });

  test('two notes of odd sizes in one section', () => {
    const writer = new Writer({ is64: true, littleEndian: true });
    for (const [owner, descriptor] of [
      ['ab\0', [1]],
      ['owner\0', [2, 3, 4, 5, 6]],
      ['', []],
    ] as const) {
      writer.u32(owner.length).u32(descriptor.length).u32(9).bytes(text(owner));
      writer.zeros((4 - (writer.length % 4)) % 4).bytes(Uint8Array.from(descriptor));
      writer.zeros((4 - (writer.length % 4)) % 4);
    }
    const section = { name: '.note.x', type: 7, contents: writer.block().bytes, align: 4 };
    const found = open({ sections: [section] }).sectionNotes;
    expect(found.map(({ owner, descriptor }) => [owner, [...descriptor]])).toEqual([
      ['ab', [1]],
      ['owner', [2, 3, 4, 5, 6]],
      ['', []],
    ]);
  });

  test('of an object file by its sections, of a library by its segments', () => {
    const notes = [buildIdNote([1, 2])];
    expect(open({ type: ET.REL, notes }).notes).toHaveLength(1);
    expect(open({ notes, sectionHeaders: false }).notes).toHaveLength(1);
    expect(open({ notes, sectionHeaders: false }).sectionNotes).toHaveLength(0);
  });
});

describe('notes that lie', () => {
  const notes = [buildIdNote([1, 2, 3, 4])];

  test.each([
    ['note.0.n_namesz', -1],
    ['note.0.n_namesz', 9],
    ['note.0.n_descsz', -1],
    ['note.0.n_descsz', 5],
  ])('%s = %s leaves the segment', (label, value) => {
    const file = open({ notes, set: { [label]: value } });
    expect(formatFailure(() => file.notes)).toMatchObject({ code: 'truncated', section: 'notes' });
  });

  test('a name without its NUL, and an empty one', () => {
    const owner = (size: number) => open({ notes, set: { 'note.0.n_namesz': size } }).notes[0]!.owner;
    expect(owner(3)).toBe('GNU');
    expect(owner(2)).toBe('GN');
  });

  test('fewer than twelve bytes at the end are padding', () => {
    const size = open({ notes }).segments.find(({ type }) => type === 4)!.fileSize;
    const file = open({ notes, set: { 'phdr.NOTE.p_filesz': size + 8 } });
    expect(file.notes).toHaveLength(1);
    expect(formatFailure(() => open({ notes, set: { 'phdr.NOTE.p_filesz': size - 1 } }).notes).code).toBe(
      'truncated',
    );
  });

  test('segments that claim more bytes than the file has', () => {
    const many = Array.from({ length: 40 }, (_, index) => buildIdNote([index]));
    expect(open({ notes: many }).notes).toHaveLength(40);
    const set: Record<string, number> = {};
    for (let index = 1; index < 40; index++) set[`phdr.NOTE.p_filesz#${index + 1}`] = 1000;
    const file = open({ notes: many, set });
    expect(formatFailure(() => file.notes)).toMatchObject({ code: 'bad-value', section: 'PT_NOTE' });
  });

  test.each<[string, NoteSpec]>([
    ['an ABI tag of 12 bytes', { owner: 'GNU', type: NT_GNU.ABI_TAG, descriptor: new Uint8Array(12) }],
    ['metadata that is no JSON', { ...fdoNote('PACKAGING_METADATA', {}), descriptor: text('{"a":') }],
    ['metadata that is a list', fdoNote('PACKAGING_METADATA', [1])],
    ['metadata that is null', fdoNote('PACKAGING_METADATA', null)],
    ['dlopen notes that are no list', fdoNote('DLOPEN_METADATA', { soname: [] })],
  ])('%s is no more than a note', (_, note) => {
    expect(contents({ notes: [note] })).toEqual([{ kind: 'other' }]);
  });

  test('properties end where one claims more than is there', () => {
    const encoding = { is64: true, littleEndian: true };
    const good = { type: GNU_PROPERTY.X86_FEATURE_1_AND, data: Uint8Array.of(1, 0, 0, 0) };
    const { descriptor, ...note } = propertyNote(encoding, [good, good]);
    const lie = Uint8Array.from(descriptor);
    lie.set([0xff, 0xff, 0xff, 0xff], 16 + 4);
    expect(contents({ notes: [{ ...note, descriptor: lie }] })).toMatchObject([
      { kind: 'properties', properties: [{ values: ['IBT'] }] },
    ]);
    expect(contents({ notes: [{ ...note, descriptor: descriptor.subarray(0, 12) }] })).toMatchObject([
      { kind: 'properties', properties: [{ values: ['IBT'] }] },
    ]);
  });
});
