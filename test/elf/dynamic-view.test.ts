import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { DF, DF_1, DT, ElfFile, EM, PT, STB, STT, symbolAt, symbolName } from '../../src/elf/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const view = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec))).dynamic!;
const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((littleEndian) => ({ class: width as 32 | 64, littleEndian })),
);
const UND = (name: string) => ({ name, section: 'UND' });

function names(spec: ElfSpec): string[] {
  const { symbols } = view(spec);
  return Array.from({ length: symbols.count }, (_, index) => symbolName(symbols, index));
}

describe('dynamic entries', () => {
  test.each(ENCODINGS)('texts and flags: %j', (encoding) => {
    const dynamic = view({
      ...encoding,
      soname: 'liba.so.1',
      needed: ['libz.so.1', 'libc.so.6'],
      rpath: '/a:/b',
      runpath: '$ORIGIN',
      dynamicFlags: DF.SYMBOLIC,
      dynamicFlags1: DF_1.NOW | DF_1.NODELETE,
    });
    expect(dynamic).toMatchObject({
      soname: 'liba.so.1',
      needed: ['libz.so.1', 'libc.so.6'],
      rpath: '/a:/b',
      runpath: '$ORIGIN',
      symbolic: true,
      bindNow: true,
      textRelocations: false,
      flags1: DF_1.NOW | DF_1.NODELETE,
    });
  });

  test('old tags say the same as flags', () => {
    const tags = [DT.SYMBOLIC, DT.BIND_NOW, DT.TEXTREL].map((tag) => ({ tag, value: 0 }));
    expect(view({ dynamic: tags })).toMatchObject({
      symbolic: true,
      bindNow: true,
      textRelocations: true,
      flags: 0,
    });
    expect(view({})).toMatchObject({
      symbolic: false,
      bindNow: false,
      textRelocations: false,
      soname: undefined,
    });
  });

  test('of a repeated tag the last one counts, of DT_NEEDED all', () => {
    const dynamic = [
      { tag: DT.SONAME, value: 'last.so' },
      { tag: DT.NEEDED, value: 'b.so' },
    ];
    expect(view({ soname: 'first.so', needed: ['a.so'], dynamic })).toMatchObject({
      soname: 'last.so',
      needed: ['a.so', 'b.so'],
    });
  });

  test('nothing counts after DT_NULL, and DT_NULL may be missing', () => {
    const spec = { soname: 'a.so', needed: ['b.so'] };
    expect(view({ ...spec, set: { 'dynamic.SONAME.d_tag': DT.NULL } }).soname).toBeUndefined();
    const { entries } = view({ ...spec, set: { 'dynamic.NULL.d_tag': DT.BIND_NOW } });
    expect(entries.get(DT.BIND_NOW)).toBe(0n);
  });

  test('names outside of DT_STRTAB are errors, each on its own', () => {
    const dynamic = view({ soname: 'a.so', needed: ['b.so'], set: { 'dynamic.SONAME.d_val': -1 } });
    expect(formatFailure(() => dynamic.soname)).toMatchObject({ code: 'bad-value', section: 'DT_STRTAB' });
    expect(dynamic.needed).toEqual(['b.so']);
  });

  test('DT_STRSZ past the segment, and in no segment', () => {
    expect(
      formatFailure(() => view({ soname: 'a.so', set: { 'dynamic.STRSZ.d_val': -1 } }).soname).code,
    ).toBe('bad-value');
    expect(
      formatFailure(() => view({ soname: 'a.so', set: { 'dynamic.STRTAB.d_val': -1 } }).soname).code,
    ).toBe('bad-value');
  });

  test('PT_DYNAMIC past the end of the file', () => {
    const file = new ElfFile(memorySource(assemble({ set: { 'phdr.DYNAMIC.p_filesz': 0x100000 } })));
    expect(formatFailure(() => file.dynamic)).toMatchObject({ code: 'truncated', section: 'PT_DYNAMIC' });
  });

  test('a program without PT_DYNAMIC has no dynamic view', () => {
    expect(new ElfFile(memorySource(assemble({ static: true }))).dynamic).toBeUndefined();
    expect(
      new ElfFile(memorySource(assemble({ set: { 'phdr.DYNAMIC.p_filesz': 0 } }))).dynamic,
    ).toBeUndefined();
  });
});

describe('number of dynamic symbols', () => {
  const symbols = [{ name: 'f' }, UND('puts'), { name: 'g' }, { name: 'h' }, UND('malloc'), { name: 'i' }];
  const all = ['', 'f', 'g', 'h', 'i', 'malloc', 'puts'];

  test.each(ENCODINGS)('by DT_HASH, by DT_GNU_HASH, by both, by neither: %j', (encoding) => {
    for (const hash of ['sysv', 'gnu', 'both', 'none'] as const) {
      expect(names({ ...encoding, symbols, hash }).toSorted(), hash).toEqual(all);
    }
  });

  test.each([EM.S390, EM.ALPHA])('DT_HASH with words of eight bytes: machine %s', (machine) => {
    const spec = { machine, littleEndian: machine !== EM.S390, symbols, hash: 'sysv' as const };
    expect(names(spec).toSorted()).toEqual(all);
    expect(names({ ...spec, class: 32 }).toSorted()).toEqual(all);
  });

  test('by DT_MIPS_SYMTABNO', () => {
    const DT_MIPS_SYMTABNO = 0x70000011;
    const dynamic = [{ tag: DT_MIPS_SYMTABNO, value: 3 }];
    expect(names({ machine: EM.MIPS, symbols, hash: 'none', dynamic })).toHaveLength(3);
  });

  test.each([1, 3, 64])('DT_GNU_HASH of %s buckets', (gnuBuckets) => {
    const spec = { symbols, gnuBuckets };
    expect(names(spec).toSorted()).toEqual(all);
    expect(view(spec).firstHashedSymbol).toBe(3);
  });

  test('an empty DT_GNU_HASH does not hide undefined symbols', () => {
    const spec = { symbols: [UND('puts'), UND('malloc')] };
    expect(names(spec)).toEqual(['', 'puts', 'malloc']);
    expect(view(spec).firstHashedSymbol).toBe(3);
    // LLVM's linker says how many there are
    expect(names({ ...spec, set: { 'gnu_hash.symoffset': 3 } })).toEqual(['', 'puts', 'malloc']);
  });

  test('a file without symbols', () => {
    for (const hash of ['sysv', 'gnu', 'both', 'none'] as const) expect(names({ hash }), hash).toEqual(['']);
  });

  test.each([
    ['sysv', 'hash.nchain', -1],
    ['sysv', 'hash.nchain', 1000],
    ['gnu', 'gnu_hash.bloom_size', -1],
    ['gnu', 'gnu_hash.nbuckets', -1],
    ['gnu', 'gnu_hash.bucket.0', -1],
  ] as const)('DT_HASH %s: %s = %s is refused', (hash, label, value) => {
    const spec = { symbols, hash, set: { [label]: value } };
    expect(['truncated', 'bad-value']).toContain(formatFailure(() => view(spec).symbols).code);
  });

  test('a chain without an end', () => {
    const { symbols: found } = view({ symbols: [{ name: 'f' }] });
    expect(found.count).toBe(2);
    const endless = view({ symbols: [{ name: 'f' }], set: { 'gnu_hash.chain.0': 0 } });
    // It must not run on into the table that follows
    expect(formatFailure(() => endless.symbols)).toMatchObject({ code: 'truncated', section: 'DT_GNU_HASH' });
  });

  test('symbols as they are', () => {
    const { symbols: table } = view({
      class: 32,
      littleEndian: false,
      symbols: [
        { name: 'unique', section: 'ABS', value: 0xfffffff0, size: 12, binding: STB.GNU_UNIQUE, other: 0x83 },
        { name: 'zero', section: '.tbss', value: 4, type: STT.TLS },
      ],
      tbssSize: 8,
    });
    expect(symbolAt(table, 1)).toEqual({
      name: 'unique',
      type: STT.NOTYPE,
      binding: STB.GNU_UNIQUE,
      visibility: 3,
      other: 0x83,
      section: 0xfff1,
      value: 0xfffffff0n,
      size: 12n,
    });
    expect(symbolAt(table, 2)).toMatchObject({ type: STT.TLS, value: 4n });
    for (const index of [-1, 3]) expect(formatFailure(() => symbolAt(table, index)).code).toBe('bad-value');
  });
});

describe('functions that run by themselves', () => {
  test.each(ENCODINGS)('%j', (encoding) => {
    const { initFini } = view({
      ...encoding,
      init: 0x1000,
      fini: 0x2000,
      preinitArray: [1],
      initArray: [0x3000, 0x4000, 0x5000],
      finiArray: [0xffffffff],
    });
    expect(initFini).toEqual({
      init: 0x1000n,
      fini: 0x2000n,
      preinitArray: BigUint64Array.of(1n),
      initArray: BigUint64Array.of(0x3000n, 0x4000n, 0x5000n),
      finiArray: BigUint64Array.of(0xffffffffn),
    });
  });

  test('a size that is no multiple of a word, none at all, and a lie', () => {
    const spec = { initArray: [1, 2] };
    const size = (value: number) => view({ ...spec, set: { 'dynamic.INIT_ARRAYSZ.d_val': value } });
    expect(size(15).initFini.initArray).toEqual(BigUint64Array.of(1n));
    expect(size(0).initFini.initArray).toHaveLength(0);
    expect(formatFailure(() => size(-1).initFini).code).toBe('bad-value');
  });
});

describe('thread-local storage', () => {
  test.each(ENCODINGS)('PT_TLS covers .tdata and .tbss, and values are offsets into it: %j', (encoding) => {
    const file = new ElfFile(
      memorySource(
        assemble({
          ...encoding,
          symbols: [
            { name: 'set', section: '.tdata', size: 12 },
            { name: 'zero', section: '.tbss', size: 40 },
          ],
        }),
      ),
    );
    const segment = file.segments.find(({ type }) => type === PT.TLS)!;
    expect(segment).toMatchObject({ fileSize: 12, memorySize: 56, align: 8 });
    const { symbols } = file.dynamic!;
    const values = [1, 2].map((index) => symbolAt(symbols, index));
    expect(values.map(({ value, type }) => [value, type]).sort()).toEqual([
      [0n, STT.TLS],
      [16n, STT.TLS],
    ]);
  });
});

describe('PT_INTERP', () => {
  const interpreter = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec))).interpreter;

  test('is a path that ends with NUL, or with the segment', () => {
    expect(interpreter({ interpreter: '/lib/ld.so' })).toBe('/lib/ld.so');
    expect(interpreter({ interpreter: '/lib/ld.so', set: { 'phdr.INTERP.p_filesz': 4 } })).toBe('/lib');
    expect(interpreter({})).toBeUndefined();
  });

  test('past the end of the file', () => {
    const spec = { interpreter: '/lib/ld.so', set: { 'phdr.INTERP.p_filesz': -1 >>> 0 } };
    expect(formatFailure(() => interpreter(spec)).code).toBe('truncated');
  });
});
