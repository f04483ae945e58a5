import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { decodeAndroidRelocations } from '../../src/elf/android-relocations.ts';
import {
  DT,
  type DynamicRelocations,
  ElfFile,
  EM,
  type RelocationTable,
  SHT,
  symbolName,
} from '../../src/elf/index.ts';
import { countRelr } from '../../src/elf/relr.ts';
import { assemble, type ElfSpec, Writer } from '../support/assembler/index.ts';
import { androidLibrary, objectOf } from '../support/flavours.ts';
import { formatFailure } from '../support/format-failure.ts';

const view = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec))).dynamic!;
const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((littleEndian) => ({ class: width as 32 | 64, littleEndian })),
);
const symbols = [
  { name: 'f', section: 'UND' },
  { name: 'g', section: 'UND' },
];

function rows({ count, offset, type, symbol, addend }: RelocationTable) {
  return Array.from({ length: count }, (_, index) => [
    offset[index],
    type[index],
    symbol[index],
    addend?.[index],
  ]);
}

const table = (dynamic: ReturnType<typeof view>, tag: number): DynamicRelocations =>
  dynamic.relocationTables.find((candidate) => candidate.tag === tag)!;

describe('REL and RELA', () => {
  test.each(ENCODINGS)('%j', (encoding) => {
    const dynamic = view({
      ...encoding,
      symbols,
      rel: [{ type: 8, offset: 0x100 }],
      rela: [
        { type: 6, symbol: 'g', offset: 0xfffffff0, addend: -8 },
        { type: 0xff, offset: 0, addend: 0x7fffffff },
      ],
      jmprel: [{ type: 7, symbol: 'f', offset: 0x200, addend: 1 }],
      jmprelHasAddend: true,
    });
    expect(dynamic.relocationTables.map(({ tag }) => tag)).toEqual([DT.REL, DT.RELA, DT.JMPREL]);
    expect(rows(dynamic.relocations(table(dynamic, DT.REL)))).toEqual([[0x100n, 8, 0, undefined]]);
    expect(rows(dynamic.relocations(table(dynamic, DT.RELA)))).toEqual([
      [0xfffffff0n, 6, 2, -8n],
      [0n, 0xff, 0, 0x7fffffffn],
    ]);
    expect(rows(dynamic.relocations(table(dynamic, DT.JMPREL)))).toEqual([[0x200n, 7, 1, 1n]]);
    expect(dynamic.references(table(dynamic, DT.RELA))).toEqual({
      symbol: Uint32Array.of(2),
      type: Uint32Array.of(6),
    });
  });

  test('DT_PLTREL says what DT_JMPREL holds', () => {
    const jmprel = [{ type: 7, symbol: 'f', offset: 0x200 }];
    const dynamic = view({ symbols, jmprel, jmprelHasAddend: false });
    expect(rows(dynamic.relocations(table(dynamic, DT.JMPREL)))).toEqual([[0x200n, 7, 1, undefined]]);
  });

  test('a 64-bit type and symbol keep all their bits', () => {
    const dynamic = view({
      rela: [{ type: 0xffffffff, symbol: 0xfffffffe, offset: -1, addend: -(1n << 63n) }],
    });
    expect(rows(dynamic.relocations(table(dynamic, DT.RELA)))).toEqual([
      [0xffffffffffffffffn, 0xffffffff, 0xfffffffe, -(1n << 63n)],
    ]);
  });

  test.each([true, false])(
    'MIPS N64 has three types and a symbol of its own (little-endian: %s)',
    (littleEndian) => {
      const R_MIPS_64_REL32 = (18 << 8) | 3;
      const dynamic = view({
        machine: EM.MIPS,
        littleEndian,
        symbols,
        rel: [{ type: R_MIPS_64_REL32, symbol: 'g', offset: 8 }],
      });
      expect(rows(dynamic.relocations(table(dynamic, DT.REL)))).toEqual([
        [8n, R_MIPS_64_REL32, 2, undefined],
      ]);
      expect(dynamic.references(table(dynamic, DT.REL)).symbol).toEqual(Uint32Array.of(2));
    },
  );

  test('a table of DT_RELA that covers DT_JMPREL too is read once', () => {
    const spec = { symbols, rela: [{ type: 8 }, { type: 8 }], jmprel: [{ type: 7, symbol: 'f' }] };
    const dynamic = view({ ...spec, set: { 'dynamic.RELASZ.d_val': 72 } });
    const counts = dynamic.relocationTables.map((one) => dynamic.relocations(one).count);
    expect(counts).toEqual([2, 1]);
  });

  test('half an entry at the end is no entry', () => {
    const dynamic = view({ rela: [{ type: 8 }, { type: 8 }], set: { 'dynamic.RELASZ.d_val': 47 } });
    const [only] = dynamic.relocationTables;
    expect(dynamic.relocations(only!).count).toBe(1);
    expect(dynamic.survey(only!, { start: 0n, end: 0n }).types).toEqual(new Map([[8, 1]]));
  });

  test.each(ENCODINGS)('a survey counts the types and picks a range: %j', (encoding) => {
    const places = [0, 8, 16, 24, 0xfffffff8];
    const rela = places.map((offset, index) => ({ type: index % 2 === 0 ? 8 : 6, offset, addend: index }));
    const dynamic = view({ ...encoding, rela });
    const { types, within } = dynamic.survey(dynamic.relocationTables[0]!, { start: 8n, end: 24n });
    expect([...types]).toEqual([
      [6, 2],
      [8, 3],
    ]);
    expect(rows(within)).toEqual([
      [8n, 6, 0, 1n],
      [16n, 8, 0, 2n],
    ]);
  });

  test('a survey beyond the precision of a double', () => {
    const offsets = [-1n, -2n, -3n, -4n];
    const dynamic = view({ rela: offsets.map((offset) => ({ type: 8, offset })) });
    const end = (1n << 64n) - 1n;
    const { within } = dynamic.survey(dynamic.relocationTables[0]!, { start: end - 2n, end });
    expect([...within.offset]).toEqual([end - 1n, end - 2n]);
  });

  test.each([
    ['dynamic.RELASZ.d_val', -1],
    ['dynamic.RELASZ.d_val', 0x10000],
    ['dynamic.RELA.d_val', -1],
  ])('%s = %s is refused', (label, value) => {
    const dynamic = view({ rela: [{ type: 8 }], set: { [label]: value } });
    expect(formatFailure(() => dynamic.relocationTables).code).toBe('bad-value');
  });

  test.each(ENCODINGS)('of an object file, by section: %j', ({ class: width, littleEndian }) => {
    const file = new ElfFile(memorySource(assemble(objectOf({ is64: width === 64, littleEndian }, EM.ARM))));
    const found = file.sections
      .filter(({ type }) => type === SHT.REL || type === SHT.RELA)
      .map((section) => {
        const relocations = file.relocations(section);
        const name = symbolName(file.symbolTable!, relocations.symbol[0]!);
        return [section.name, file.sections[section.info]!.name, name, ...rows(relocations)[0]!];
      });
    expect(found).toEqual([
      ['.rela.text', '.text', 'other', 4n, 2, 4, -4n],
      ['.rel.text.inline', '.text.inline', 'tentative', 8n, 1, 3, undefined],
    ]);
  });
});

describe('RELR (gABI, Relative Relocation Table)', () => {
  const words = (encoding: (typeof ENCODINGS)[number], values: readonly bigint[]) => {
    const is64 = encoding.class === 64;
    const writer = new Writer({ littleEndian: encoding.littleEndian, is64 });
    for (const value of values) writer.word(value);
    return countRelr(writer.block().bytes, { littleEndian: encoding.littleEndian, is64 });
  };

  test.each(ENCODINGS)('addresses and bitmaps: %j', (encoding) => {
    const full = encoding.class === 64 ? 63 : 31;
    expect(words(encoding, [])).toBe(0);
    expect(words(encoding, [0x1000n, 0x2000n])).toBe(2);
    expect(words(encoding, [0x1000n, 0b1011n])).toBe(3);
    expect(words(encoding, [0x1000n, -1n, -1n])).toBe(1 + 2 * full);
    expect(words(encoding, [0x1000n, 1n])).toBe(1);
  });

  test.each(ENCODINGS)('a bitmap as the first word has nothing to count from, but counts: %j', (encoding) => {
    expect(words(encoding, [0b111n])).toBe(2);
  });

  test('a part of a word at the end', () => {
    expect(countRelr(new Uint8Array(15), { littleEndian: true, is64: true })).toBe(1);
  });

  test.each(ENCODINGS)('through DT_RELR: %j', (encoding) => {
    const word = encoding.class / 8;
    const places = [0, 1, 2, 5, 70, 71, 500].map((index) => index * word);
    const { relr } = view({ ...encoding, relr: places });
    expect(relr!.relocations).toBe(places.length);
    expect(view(encoding).relr).toBeUndefined();
  });

  test('DT_RELRSZ that leaves the segment', () => {
    const dynamic = view({ relr: [0], set: { 'dynamic.RELRSZ.d_val': 0x100000 } });
    expect(formatFailure(() => dynamic.relr).code).toBe('bad-value');
  });
});

describe("Android's packed relocations", () => {
  test('each way to share fields', () => {
    const dynamic = view(androidLibrary());
    expect(rows(dynamic.relocations(table(dynamic, DT.ANDROID_RELA)))).toEqual([
      [0x2008n, 1027, 0, 16n],
      [0x2010n, 1027, 0, 16n],
      [0x2018n, 1027, 0, 16n],
      [0x2030n, 1025, 1, 0n],
      [0x2028n, 1025, 1, 0n],
      [0x2030n, 257, 2, -5n],
    ]);
    expect(dynamic.references(table(dynamic, DT.ANDROID_RELA))).toEqual({
      symbol: Uint32Array.of(1, 1, 2),
      type: Uint32Array.of(1025, 1025, 257),
    });
  });

  test('without addends, 32 bits', () => {
    const info = (2n << 8n) | 22n;
    const group = { info, entries: [{ offsetDelta: 4 }, { offsetDelta: 4 }] };
    const spec = {
      class: 32 as const,
      machine: EM.ARM,
      symbols,
      androidRel: { firstOffset: 0x1000, groups: [group] },
    };
    const dynamic = view(spec);
    expect(rows(dynamic.relocations(table(dynamic, DT.ANDROID_REL)))).toEqual([
      [0x1004n, 22, 2, undefined],
      [0x1008n, 22, 2, undefined],
    ]);
  });

  test('addends add up over groups, and start anew after a group without', () => {
    const shared = { offsetDelta: 8, info: 1027, entries: [{}] };
    const dynamic = view({
      machine: EM.AARCH64,
      androidRela: {
        firstOffset: 0,
        groups: [
          { ...shared, addendDelta: 10 },
          { ...shared, addendDelta: 5 },
          shared,
          { ...shared, addendDelta: 7 },
        ],
      },
    });
    const { addend } = dynamic.relocations(table(dynamic, DT.ANDROID_RELA));
    expect(addend).toEqual(BigInt64Array.of(10n, 15n, 0n, 7n));
  });

  const layout = { littleEndian: true, is64: true, machine: EM.AARCH64, hasAddend: true };
  const packed = (numbers: readonly number[], magic = 'APS2', limit = 1000) => {
    const writer = new Writer(layout).bytes(new TextEncoder().encode(magic));
    for (const value of numbers) writer.sleb128(value);
    return decodeAndroidRelocations(writer.block().bytes, layout, 0, limit);
  };
  const SHARED = 3; // info and offset delta

  test('none at all', () => {
    expect(packed([0, 0]).count).toBe(0);
  });

  test.each([
    ['an older magic number', [0, 0], 'APA1', 'bad-magic'],
    ['a negative count', [-1, 0], 'APS2', 'bad-value'],
    ['a negative group', [1, 0, -1, SHARED, 0, 0], 'APS2', 'bad-value'],
    ['an empty group', [1, 0, 0, SHARED, 0, 0], 'APS2', 'bad-value'],
    ['a group larger than the table', [1, 0, 2, SHARED, 0, 0], 'APS2', 'bad-value'],
    ['fewer groups than the count says', [2, 0, 1, SHARED, 0, 0], 'APS2', 'truncated'],
    ['no first offset', [1], 'APS2', 'truncated'],
  ] as const)('%s', (_, numbers, magic, code) => {
    expect(formatFailure(() => packed(numbers, magic)).code).toBe(code);
  });

  test('twelve bytes do not stand for millions of relocations', () => {
    expect(packed([1000, 0, 1000, SHARED, 8, 0]).count).toBe(1000);
    expect(formatFailure(() => packed([1001, 0, 1001, SHARED, 8, 0])).code).toBe('bad-value');
    const entries = new Array<object>(100_000).fill({});
    const groups = [{ offsetDelta: 8, info: 0, entries }];
    const dynamic = view({ machine: EM.AARCH64, androidRela: { firstOffset: 0, groups } });
    expect(formatFailure(() => dynamic.relocations(dynamic.relocationTables[0]!)).code).toBe('bad-value');
  });
});
