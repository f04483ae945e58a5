import { deflateSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ELFCOMPRESS, ElfFile, EM, ET, SHT, stringTable } from '../../src/elf/index.ts';
import { decompressors } from '../../src/host/decompressors.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { compressedSection, objectOf } from '../support/flavours.ts';
import { formatFailure } from '../support/format-failure.ts';

const open = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec)));
const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((littleEndian) => ({ class: width as 32 | 64, littleEndian })),
);
const TEXT = new TextEncoder().encode('debug information '.repeat(50));

describe('compressed sections (gABI)', () => {
  const expand = (type: number, size: number, payload: Uint8Array, spec: ElfSpec = {}) => {
    const file = open({ ...spec, sections: [compressedSection('.debug_info', type, size, payload)] });
    return file.contents(file.section('.debug_info')!, decompressors);
  };

  test.each(ENCODINGS)('zlib and zstd: %j', (encoding) => {
    expect(expand(ELFCOMPRESS.ZLIB, TEXT.length, deflateSync(TEXT), encoding)).toEqual(Buffer.from(TEXT));
    expect(expand(ELFCOMPRESS.ZSTD, TEXT.length, zstdCompressSync(TEXT), encoding)).toEqual(
      Buffer.from(TEXT),
    );
  });

  test('nothing, compressed', () => {
    expect(expand(ELFCOMPRESS.ZLIB, 0, deflateSync(new Uint8Array(0)))).toHaveLength(0);
  });

  test.each([TEXT.length - 1, TEXT.length + 1, 0])('a size of %s in place of 900 is a lie', (size) => {
    expect(formatFailure(() => expand(ELFCOMPRESS.ZLIB, size, deflateSync(TEXT)))).toMatchObject({
      code: 'bad-value',
      section: '.debug_info',
    });
    expect(formatFailure(() => expand(ELFCOMPRESS.ZSTD, size, zstdCompressSync(TEXT))).code).toBe(
      'bad-value',
    );
  });

  test('bombs are refused before they are lit', () => {
    const bomb = zstdCompressSync(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(16 * 1024);
    expect(formatFailure(() => expand(ELFCOMPRESS.ZSTD, 64 * 1024 * 1024, bomb)).code).toBe('limit');
    for (const type of [ELFCOMPRESS.ZLIB, ELFCOMPRESS.ZSTD]) {
      for (const size of [2 ** 40, 2 ** 31 + 1]) {
        expect(formatFailure(() => expand(type, size, new Uint8Array(100))).code).toBe('limit');
      }
    }
    expect(formatFailure(() => expand(ELFCOMPRESS.ZLIB, 2 ** 53, new Uint8Array(100))).code).toBe(
      'bad-value',
    );
  });

  test('a bomb that hides behind a small size is stopped', () => {
    const bomb = deflateSync(new Uint8Array(16 * 1024 * 1024));
    expect(formatFailure(() => expand(ELFCOMPRESS.ZLIB, 1000, bomb)).code).toBe('bad-value');
  });

  test.each([
    ['damaged', ELFCOMPRESS.ZLIB, deflateSync(TEXT).fill(0x55, 4), 'bad-value'],
    ['truncated', ELFCOMPRESS.ZLIB, deflateSync(TEXT).subarray(0, 20), 'bad-value'],
    ['no zstd frame', ELFCOMPRESS.ZSTD, deflateSync(TEXT), 'bad-value'],
    ['of an unknown kind', 3, deflateSync(TEXT), 'unsupported'],
  ])('%s', (_, type, payload, code) => {
    expect(formatFailure(() => expand(type, TEXT.length, payload)).code).toBe(code);
  });

  test('no room for the header', () => {
    const file = open({
      sections: [{ name: '.debug_x', type: SHT.PROGBITS, flags: 0x800, contents: new Uint8Array(23) }],
    });
    expect(formatFailure(() => file.contents(file.section('.debug_x')!, decompressors)).code).toBe(
      'truncated',
    );
  });
});

describe('section groups (gABI)', () => {
  test.each(ENCODINGS)('signed by a symbol, or by a section symbol without a name: %j', (encoding) => {
    const file = open(
      objectOf({ is64: encoding.class === 64, littleEndian: encoding.littleEndian }, EM.RISCV),
    );
    const index = (name: string) => file.section(name)!.index;
    expect(file.groups).toEqual([
      { signature: 'inline_function', comdat: true, members: [index('.text.inline')] },
      { signature: '.text.inline', comdat: false, members: [index('.text')] },
    ]);
  });

  const grouped: ElfSpec = {
    type: ET.REL,
    symtab: [{ name: 'f' }],
    groups: [{ signature: 'f', members: ['.text'] }],
  };

  test.each([
    ['shdr..group.sh_info', 2, 'bad-value'],
    ['shdr..group.sh_info', -1, 'bad-value'],
    ['shdr..group.sh_link', 100, 'bad-value'],
    ['shdr..group.sh_size', 0x100000, 'bad-value'],
    ['shdr..symtab.sh_link', 100, 'bad-value'],
    ['shdr..symtab.sh_size', 0x100000, 'truncated'],
  ])('%s = %s is refused', (label, value, code) => {
    expect(open(grouped).groups).toHaveLength(1);
    expect(formatFailure(() => open({ ...grouped, set: { [label]: value } }).groups).code).toBe(code);
  });

  test('an empty group section', () => {
    const file = open({ ...grouped, set: { 'shdr..group.sh_size': 0 } });
    expect(file.groups).toEqual([{ signature: 'f', comdat: false, members: [] }]);
  });

  test('groups that share their bytes', () => {
    const groups = new Array(20).fill({ signature: 'f', members: ['.text'] });
    expect(open({ ...grouped, groups }).groups).toHaveLength(20);
    const set: Record<string, number> = {};
    for (let index = 2; index <= 20; index++) {
      set[`shdr..group.sh_size#${index}`] = 400;
      set[`shdr..group.sh_offset#${index}`] = 64;
    }
    expect(formatFailure(() => open({ ...grouped, groups, set }).groups).code).toBe('bad-value');
  });
});

describe('.comment and .gnu_debuglink', () => {
  test('each comment once', () => {
    expect(open({ comments: ['GCC', 'clang', 'GCC', ''] }).comments).toEqual(['GCC', 'clang']);
    expect(open({}).comments).toEqual([]);
  });

  test.each(['', 'a', 'ab', 'abc', 'abcd', 'lib\u00e9.debug'])(
    'a link to %j, padded to four bytes',
    (file) => {
      for (const encoding of ENCODINGS) {
        expect(open({ ...encoding, debugLink: { file, crc: 0xfedcba98 } }).debugLink).toEqual({
          file,
          crc: 0xfedcba98,
        });
      }
      expect(open({}).debugLink).toBeUndefined();
    },
  );

  test.each([0, 1, 7, 11])('%s bytes are no link', (size) => {
    const spec: ElfSpec = {
      debugLink: { file: 'a.debug', crc: 1 },
      set: { 'shdr..gnu_debuglink.sh_size': size },
    };
    expect(formatFailure(() => open(spec).debugLink)).toMatchObject({
      code: 'truncated',
      section: '.gnu_debuglink',
    });
  });
});

describe('string tables', () => {
  const table = (bytes: readonly number[]) => stringTable(Uint8Array.from(bytes), '.strtab', 0x40);
  const [a, b, e1, e2] = [0x61, 0x62, 0xc3, 0xa9]; // é in UTF-8

  test('names by offset, also into the middle', () => {
    const names = table([0, a, b, 0, b, 0]);
    expect([0, 1, 2, 3, 4].map((offset) => names.at(offset))).toEqual(['', 'ab', 'b', '', 'b']);
  });

  test.each([[[0, a, b]], [[0, e1, e2]]])('the last name may lack its NUL: %j', (bytes) => {
    expect(table(bytes).at(1)).toHaveLength(bytes.includes(a) ? 2 : 1);
  });

  test('UTF-8, and where it is not valid, byte for byte Latin-1', () => {
    const names = table([0, e1, e2, 0, 0xff, 0xfe, 0, a, 0]);
    expect([1, 4, 7].map((offset) => names.at(offset))).toEqual(['é', '\u00ff\u00fe', 'a']);
    // Two names that differ stay two
    expect(names.at(2)).toBe('\u00a9');
    expect(names.at(2)).not.toBe(names.at(1));
  });

  test('an offset outside is an error; the empty name of an absent table is not', () => {
    expect(formatFailure(() => table([0, a, 0]).at(3))).toMatchObject({ code: 'bad-value', offset: 0x40 });
    expect(table([]).at(0)).toBe('');
    expect(formatFailure(() => table([]).at(1)).code).toBe('bad-value');
  });

  test('names of sections and symbols', () => {
    const spec: ElfSpec = { symtab: [{ name: 'naïve' }, { name: '関数' }], type: ET.REL };
    const { symbolTable } = open(spec);
    const found = [1, 2].map((index) => symbolTable!.names.at(symbolTable!.nameOffset[index]!));
    expect(found).toEqual(['naïve', '関数']);
  });
});
