import { deflateSync } from 'node:zlib';
import type { Encoding } from '../../src/bytes/index.ts';
import {
  DF,
  DF_1,
  DT,
  ELF_NOTE_OS,
  ELFCOMPRESS,
  ELFOSABI,
  EM,
  ET,
  GNU_PROPERTY,
  PT,
  SHF,
  SHT,
  STB,
  STT,
  STV,
  VER_FLG,
} from '../../src/elf/index.ts';
import {
  abiTagNote,
  buildIdNote,
  type ElfSpec,
  fdoNote,
  propertyNote,
  type SectionSpec,
  Writer,
} from './assembler/index.ts';

/** A section with the compression header of the gABI and the given payload. */
export function compressedSection(
  name: string,
  type: number,
  size: number,
  payload: Uint8Array,
): SectionSpec {
  const contents = (encoding: Encoding) => {
    const writer = new Writer(encoding).u32(type);
    if (encoding.is64) writer.u32(0);
    return writer.word(size).word(1).bytes(payload).block().bytes;
  };
  return { name, type: SHT.PROGBITS, flags: SHF.COMPRESSED, contents, align: 8 };
}

/** A library with one of everything that every machine has. */
export function libraryOf(encoding: Encoding, machine: number): ElfSpec {
  const zeros = new Uint8Array(1000);
  return {
    class: encoding.is64 ? 64 : 32,
    littleEndian: encoding.littleEndian,
    machine,
    osabi: ELFOSABI.GNU, // as linkers mark what uses IFUNC or UNIQUE
    soname: 'libevery.so.1',
    needed: ['libc.so.6', 'libm.so.6'],
    runpath: '$ORIGIN/../lib',
    rpath: '/opt/lib',
    dynamicFlags: DF.SYMBOLIC | DF.BIND_NOW,
    dynamicFlags1: DF_1.NOW | DF_1.NODELETE,
    dynamic: [
      { tag: DT.AUXILIARY, value: 'libaux.so' },
      { tag: DT.FILTER, value: 'libfilter.so' },
    ],
    hash: 'both',
    gnuBuckets: 3,
    symbols: [
      { name: 'hidden_local', binding: STB.LOCAL },
      { name: 'f', version: 'V1', hidden: true },
      { name: 'f', version: 'V2' },
      { name: 'start' },
      { name: 'resolver', type: STT.GNU_IFUNC },
      { name: 'only_one', section: '.data', binding: STB.GNU_UNIQUE },
      { name: 'guarded', other: STV.PROTECTED },
      { name: 'buffer', section: '.bss', size: 64 },
      { name: 'per_thread', section: '.tdata', size: 8 },
      { name: 'per_thread_zero', section: '.tbss', size: 8 },
      { name: 'constant', section: 'ABS', value: 42 },
      { name: 'malloc', section: 'UND', version: 'LIBC_1', from: 'libc.so.6' },
      { name: 'free', section: 'UND', version: 'LIBC_2', from: 'libc.so.6' },
      { name: 'cos', section: 'UND', version: 'LIBM_1', from: 'libm.so.6' },
      { name: 'maybe', section: 'UND', binding: STB.WEAK },
    ],
    versionDefinitions: [{ name: 'V1' }, { name: 'V2', parents: ['V1'], flags: VER_FLG.WEAK }],
    versionNeeds: [{ file: 'libc.so.6', versions: [{ name: 'LIBC_1', flags: VER_FLG.WEAK }] }],
    rel: [{ type: 8 }, { type: 6, symbol: 'maybe' }],
    rela: [
      { type: 8, addend: 0x10 },
      { type: 6, symbol: 'malloc' },
      { type: 1, symbol: 'f@V1', addend: -1 },
    ],
    jmprel: [
      { type: 7, symbol: 'free' },
      { type: 7, symbol: 'cos' },
    ],
    relr: [0, 8, 16, 64, 1024, 1032],
    init: 'start',
    fini: 'start',
    preinitArray: ['start'],
    initArray: ['start', 'f'],
    finiArray: ['start'],
    notes: [
      buildIdNote([0xde, 0xad, 0xbe, 0xef]),
      abiTagNote(encoding, ELF_NOTE_OS.LINUX, [3, 2, 0]),
      propertyNote(encoding, [
        { type: GNU_PROPERTY.X86_FEATURE_1_AND, data: new Writer(encoding).u32(3).block().bytes },
        { type: GNU_PROPERTY.STACK_SIZE, data: new Writer(encoding).word(0x10000).block().bytes },
      ]),
      fdoNote('PACKAGING_METADATA', { type: 'deb', name: 'every', version: '1.0' }),
      fdoNote('DLOPEN_METADATA', [{ soname: ['libz.so.1'], feature: 'zlib', priority: 'recommended' }]),
    ],
    comments: ['first linker', 'first linker', 'second compiler'],
    debugLink: { file: 'every.debug', crc: 0xcafe },
    sections: [compressedSection('.debug_zlib', ELFCOMPRESS.ZLIB, zeros.length, deflateSync(zeros))],
    symtab: [{ name: 'local_function', binding: STB.LOCAL }, { name: 'f' }],
  };
}

/** An object file with COMDAT groups, relocations and section indexes past the 16 bits. */
export function objectOf(encoding: Encoding, machine: number): ElfSpec {
  return {
    class: encoding.is64 ? 64 : 32,
    littleEndian: encoding.littleEndian,
    machine,
    type: ET.REL,
    textSize: 64,
    symtab: [
      { name: '', section: '.text.inline', type: STT.SECTION, binding: STB.LOCAL },
      { name: 'inline_function', section: '.text.inline', binding: STB.WEAK },
      { name: 'tentative', section: 'COMMON', value: 8 },
      { name: 'other', section: 'UND' },
    ],
    extendedSymbolSections: true,
    sections: [
      {
        name: '.text.inline',
        type: SHT.PROGBITS,
        flags: SHF.ALLOC | SHF.EXECINSTR | SHF.GROUP,
        contents: new Uint8Array(16),
      },
    ],
    groups: [
      { signature: 'inline_function', members: ['.text.inline'] },
      { signature: '', comdat: false, members: ['.text'] },
    ],
    sectionRelocations: [
      { section: '.text', hasAddend: true, entries: [{ type: 2, symbol: 'other', offset: 4, addend: -4 }] },
      { section: '.text.inline', hasAddend: false, entries: [{ type: 1, symbol: 'tentative', offset: 8 }] },
    ],
    notes: [buildIdNote([1])],
    comments: ['compiler'],
  };
}

const ENCODINGS: readonly Encoding[] = [
  { is64: true, littleEndian: true },
  { is64: true, littleEndian: false },
  { is64: false, littleEndian: true },
  { is64: false, littleEndian: false },
];

/** Files of all flavours that the assembler makes, by name. */
export function flavours(): Map<string, ElfSpec> {
  const found = new Map<string, ElfSpec>();
  for (const encoding of ENCODINGS) {
    const name = `${encoding.is64 ? 64 : 32}${encoding.littleEndian ? 'le' : 'be'}`;
    found.set(`library-${name}`, libraryOf(encoding, encoding.is64 ? EM.X86_64 : EM['386']));
    found.set(`object-${name}`, objectOf(encoding, EM.AARCH64));
  }
  const big = { is64: true, littleEndian: false };
  found.set('mips64', libraryOf({ is64: true, littleEndian: true }, EM.MIPS));
  found.set('s390x', libraryOf(big, EM.S390));
  found.set('stripped', {
    ...libraryOf({ is64: true, littleEndian: true }, EM.X86_64),
    sectionHeaders: false,
  });
  found.set('extended-numbering', {
    ...libraryOf(big, EM.PPC64),
    extendedNumbering: { sections: true, segments: true },
  });
  found.set('no-exports', { needed: ['libc.so.6'], symbols: [{ name: 'puts', section: 'UND' }] });
  found.set('no-hash', { hash: 'none', symbols: [{ name: 'f' }] });
  found.set('empty', {});
  found.set('program', { type: ET.EXEC, interpreter: '/lib/ld.so', needed: ['libc.so.6'], entry: 0x1000 });
  found.set('static-program', { static: true, textSize: 16, segments: [{ type: PT.GNU_RELRO }] });
  found.set('android', androidLibrary());
  return found;
}

/** Relocations in Android's packing, with each way to share fields. */
export function androidLibrary(): ElfSpec {
  const info = (symbol: number, type: number) => (BigInt(symbol) << 32n) | BigInt(type);
  return {
    machine: EM.AARCH64,
    symbols: [{ name: 'f' }, { name: 'puts', section: 'UND' }],
    dataSize: 256,
    androidRela: {
      firstOffset: 0x2000,
      groups: [
        { offsetDelta: 8, info: info(0, 1027), addendDelta: 16, entries: [{}, {}, {}] },
        { info: info(1, 1025), entries: [{ offsetDelta: 24 }, { offsetDelta: -8 }] },
        { entries: [{ offsetDelta: 8, info: info(2, 257), addendDelta: -5 }] },
      ],
    },
  };
}
