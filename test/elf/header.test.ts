import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, EM, ET, machineName, readHeader, SHN, SHT } from '../../src/elf/index.ts';
import { assemble } from '../support/assembler/index.ts';
import { flavours } from '../support/flavours.ts';
import { formatFailure } from '../support/format-failure.ts';

const open = (bytes: Uint8Array) => new ElfFile(memorySource(bytes));
const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((little) => [width as 32 | 64, little] as const),
);

describe('ELF header', () => {
  test.each(ENCODINGS)('%s bits, little-endian %s, every machine', (width, littleEndian) => {
    for (const [name, machine] of Object.entries(EM)) {
      const spec = {
        class: width,
        littleEndian,
        machine,
        type: ET.EXEC,
        osabi: 3,
        flags: 0x12345678,
        entry: 0x87654321,
      };
      const { header } = open(assemble(spec));
      expect(header).toMatchObject({
        is64: width === 64,
        littleEndian,
        machine,
        type: ET.EXEC,
        osabi: 3,
        flags: 0x12345678,
        entry: 0x87654321n,
        version: 1,
      });
      expect(machineName(header.machine)).toBe(`EM_${name}`);
    }
  });

  test.each([
    ['ehdr.ei_class', 0, 'bad-value', 4],
    ['ehdr.ei_class', 3, 'bad-value', 4],
    ['ehdr.ei_data', 0, 'bad-value', 5],
    ['ehdr.ei_data', 3, 'bad-value', 5],
    ['ehdr.ei_version', 0, 'bad-value', 6],
  ])('%s = %s is refused', (label, value, code, offset) => {
    const bytes = assemble({ set: { [label]: value } });
    expect(formatFailure(() => open(bytes))).toMatchObject({ code, offset, section: 'ELF header' });
  });

  test('what is no ELF file', () => {
    expect(formatFailure(() => open(new Uint8Array(0)))).toMatchObject({
      code: 'bad-magic',
      detail: 'the file is empty',
    });
    expect(formatFailure(() => open(new TextEncoder().encode('#!/bin/sh\n'))).code).toBe('bad-magic');
    expect(formatFailure(() => open(Uint8Array.of(0x7f, 0x45, 0x4c))).code).toBe('bad-magic');
  });

  test('every truncation of the header is an error, never a crash', () => {
    const bytes = assemble({ symbols: [{ name: 'f' }] });
    for (let length = 0; length < 64; length++) {
      const { code } = formatFailure(() => open(bytes.subarray(0, length)));
      expect(code).toBe(length < 4 ? 'bad-magic' : 'truncated');
    }
  });

  test.each([
    ['ehdr.e_phoff', -1, 'bad-value'],
    ['ehdr.e_phoff', 0x100000, 'truncated'],
    ['ehdr.e_phnum', 0xfffe, 'truncated'],
    ['ehdr.e_phentsize', 55, 'bad-value'],
    ['ehdr.e_phentsize', 0, 'bad-value'],
  ])('%s = %s: no program headers', (label, value, code) => {
    expect(formatFailure(() => open(assemble({ set: { [label]: value } }))).code).toBe(code);
  });

  test.each([
    ['ehdr.e_shoff', 0x100000, 'truncated'],
    ['ehdr.e_shnum', 0xffff, 'truncated'],
    ['ehdr.e_shentsize', 63, 'bad-value'],
  ])('%s = %s: the dynamic view is still there', (label, value, code) => {
    const file = open(assemble({ soname: 'liba.so', set: { [label]: value } }));
    expect(file.dynamic!.soname).toBe('liba.so');
    expect(formatFailure(() => file.sections).code).toBe(code);
  });

  test('header entries may be larger than known today', () => {
    const bytes = assemble({ soname: 'liba.so', sectionHeaders: false });
    const [phoff, phnum] = [64, readHeader(memorySource(bytes)).phnum];
    const wide = new Uint8Array(bytes.length + 64 * phnum);
    wide.set(bytes);
    for (let index = 0; index < phnum; index++) {
      wide.set(bytes.subarray(phoff + 56 * index, phoff + 56 * (index + 1)), bytes.length + 64 * index);
    }
    const view = new DataView(wide.buffer);
    view.setBigUint64(32, BigInt(bytes.length), true);
    view.setUint16(54, 64, true);
    expect(open(wide).segments).toEqual(open(bytes).segments);
    expect(open(wide).dynamic!.soname).toBe('liba.so');
  });
});

describe('extended numbering (gABI, ELF Header)', () => {
  test.each(ENCODINGS)(
    'counts stand in section header 0: %s bits, little-endian %s',
    (width, littleEndian) => {
      const spec = { class: width, littleEndian, soname: 'liba.so', symbols: [{ name: 'f' }] };
      const plain = open(assemble(spec));
      const file = open(assemble({ ...spec, extendedNumbering: { sections: true, segments: true } }));
      expect(file.header.phnum).toBe(plain.header.phnum);
      expect(file.header.shnum).toBe(plain.header.shnum);
      expect(file.header.shstrndx).toBe(plain.header.shstrndx);
      expect(file.segments).toEqual(plain.segments);
      expect(file.sections.map(({ name }) => name)).toEqual(plain.sections.map(({ name }) => name));
    },
  );

  test.each([
    [-1, 'bad-value'],
    [2 ** 40, 'truncated'],
    [2 ** 53 - 1, 'bad-value'],
  ])('a count of %s sections', (count, code) => {
    const spec = { extendedNumbering: { sections: true }, set: { 'shdr.0.sh_size': count } };
    expect(formatFailure(() => open(assemble(spec)).sections).code).toBe(code);
  });

  test('4 billion segments are not believed', () => {
    const spec = { extendedNumbering: { segments: true }, set: { 'shdr.0.sh_info': -1 } };
    expect(formatFailure(() => open(assemble(spec))).code).toBe('truncated');
  });

  test('SHN_XINDEX stands for an entry of SHT_SYMTAB_SHNDX', () => {
    const spec = { type: ET.REL, symtab: [{ name: 'f' }, { name: 'shared', section: 'COMMON', value: 8 }] };
    const plain = open(assemble(spec)).symbolTable!;
    const file = open(assemble({ ...spec, extendedSymbolSections: true }));
    expect(file.symbolTable!.section).toEqual(plain.section);
    const words = file.sections.find(({ type }) => type === SHT.SYMTAB_SHNDX)!;
    expect(words.size).toBe(12);
    const short = open(
      assemble({ ...spec, extendedSymbolSections: true, set: { 'shdr..symtab_shndx.sh_size': 4 } }),
    );
    expect(Array.from(short.symbolTable!.section)).toEqual([0, SHN.XINDEX, SHN.COMMON]);
  });
});

describe('two views', () => {
  test('the dynamic view does not need the section headers', () => {
    for (const [name, spec] of flavours()) {
      const whole = open(assemble({ ...spec, sectionHeaders: true })).dynamic;
      const stripped = open(assemble({ ...spec, sectionHeaders: false }));
      expect(stripped.sections, name).toEqual([]);
      expect(facts(stripped.dynamic), name).toEqual(facts(whole));
    }
  });

  test('a section name that cannot be read does not make the section unreadable', () => {
    const spec = { set: { 'shdr..dynsym.sh_name': 0x10000000 }, symbols: [{ name: 'f' }] };
    const file = open(assemble(spec));
    const section = file.sections.find(({ type }) => type === SHT.DYNSYM)!;
    expect(section.name).toBe('');
    expect(section.size).toBe(48);
  });

  test('a name table that is no section leaves sections without names', () => {
    const file = open(assemble({ set: { 'ehdr.e_shstrndx': 0xfe00 } }));
    expect(file.sections.length).toBeGreaterThan(3);
    expect(new Set(file.sections.map(({ name }) => name))).toEqual(new Set(['']));
  });
});

function facts(view: ElfFile['dynamic']) {
  if (view === undefined) return undefined;
  const {
    soname,
    needed,
    rpath,
    runpath,
    flags,
    flags1,
    symbols,
    versions,
    relr,
    initFini,
    relocationTables,
  } = view;
  const names = Array.from({ length: symbols.count }, (_, index) =>
    symbols.names.at(symbols.nameOffset[index]!),
  );
  const relocations = relocationTables.map((table) => view.relocations(table));
  return { soname, needed, rpath, runpath, flags, flags1, names, versions, relr, initFini, relocations };
}
