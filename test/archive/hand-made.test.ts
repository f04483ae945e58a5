import { describe, expect, test } from 'vitest';
import { type Archive, readArchive } from '../../src/archive/index.ts';
import { type ByteSource, FormatError, memorySource } from '../../src/bytes/index.ts';
import { archive, join, type Member, words } from './assemble.ts';

const read = (members: readonly Member[], magic?: string): Archive =>
  readArchive(memorySource(archive(members, magic)));

function index({ members, symbolIndex }: Archive): string[] {
  if (!symbolIndex) return [];
  return Array.from(
    symbolIndex.memberOf,
    (at, entry) => `${symbolIndex.name(entry)} in ${members[at]?.name}`,
  );
}

/** The error that reading gives; anything but a FormatError fails the test. */
function failure(bytes: Uint8Array | readonly Member[]): FormatError {
  try {
    readArchive(memorySource(bytes instanceof Uint8Array ? bytes : archive(bytes)));
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('BSD', () => {
  const table = (size: 4 | 8, littleEndian: boolean, offset: number): Uint8Array =>
    join([
      words([4 * size, 0, offset, 4, offset], size, littleEndian),
      words([8], size, littleEndian),
      'foo\0bar\0',
    ]);

  test.each([
    ['__.SYMDEF', 4, true],
    ['__.SYMDEF', 4, false],
    ['__.SYMDEF SORTED', 4, true],
    ['__.SYMDEF_64', 8, true],
    ['__.SYMDEF_64', 8, false],
  ] as const)('%s with %i-byte words, little-endian %s', (name, size, littleEndian) => {
    const memberAt = 8 + 60 + table(size, littleEndian, 0).length;
    const found = read([
      { name, contents: table(size, littleEndian, memberAt) },
      { name: 'a.o', contents: 'body' },
    ]);
    expect(index(found)).toEqual(['foo in a.o', 'bar in a.o']);
    expect(found.oddities).toEqual([]);
  });

  test('a name after the header is not part of the contents', () => {
    const found = read([{ name: '#1/12', contents: 'long name\0\0\0body' }]);
    const [member] = found.members;
    expect(member).toMatchObject({ name: 'long name', size: 4, headerOffset: 8 });
    expect(new TextDecoder().decode(member!.source!.read(0, 4, 'body'))).toBe('body');
  });

  test('an index of long name, 64 bits wide', () => {
    const inner = table(8, true, 0).length + 20;
    const found = read([
      { name: '#1/20', contents: join(['__.SYMDEF_64 SORTED\0', table(8, true, 8 + 60 + inner)]) },
      { name: 'a.o', contents: 'body' },
    ]);
    expect(index(found)).toEqual(['foo in a.o', 'bar in a.o']);
  });
});

describe('GNU', () => {
  test('/SYM64/', () => {
    const names = 'foo\0bar\0';
    const at = 8 + 60 + 24 + names.length;
    const found = read([
      { name: '/SYM64/', contents: join([words([2, at, at], 8, false), names]) },
      { name: 'a.o/', contents: 'body' },
    ]);
    expect(index(found)).toEqual(['foo in a.o', 'bar in a.o']);
  });

  test('names that are not UTF-8 stay apart', () => {
    const table = join([Uint8Array.of(0xff, 0x2f, 0x0a, 0xfe, 0x2f, 0x0a)]);
    const found = read([{ name: '//', contents: table }, { name: '/0' }, { name: '/3' }]);
    expect(found.members.map((member) => member.name)).toEqual(['ÿ', 'þ']);
  });

  test('an entry that points to no member is told, not trusted', () => {
    const found = read([
      { name: '/', contents: join([words([1, 0xffff_fff0], 4, false), 'foo\0']) },
      { name: 'a.o/', contents: 'body' },
    ]);
    expect(index(found)).toEqual(['foo in undefined']);
    expect(found.oddities).toEqual(['1 of 1 entries of the symbol index point to no member']);
  });
});

describe('oddities that are read all the same', () => {
  test('no padding at the end of the file', () => {
    const found = read([{ name: 'a.o/', contents: 'odd', padding: '' }]);
    expect(found.members).toHaveLength(1);
    expect(found.oddities).toEqual(['the last member ends at an odd offset without padding']);
  });

  test('no padding between members', () => {
    const found = read([
      { name: 'a.o/', contents: 'odd', padding: '' },
      { name: 'b.o/', contents: 'even' },
    ]);
    expect(found.members.map((member) => member.name)).toEqual(['a.o', 'b.o']);
    expect(found.oddities[0]).toBe('the member that ends at 0x47 is not padded');
  });

  test('padding with a NUL', () => {
    const found = read([
      { name: 'a.o/', contents: 'odd', padding: '\0' },
      { name: 'b.o/', contents: 'even' },
    ]);
    expect(found.members).toHaveLength(2);
    expect(found.oddities).toEqual([
      'the member that ends at 0x47 is padded with something else than a line feed',
    ]);
  });

  test('a second symbol index', () => {
    const contents = words([0], 4, false);
    const found = read([
      { name: '/', contents },
      { name: '/', contents },
    ]);
    expect(found.symbolIndex?.count).toBe(0);
    expect(found.oddities).toEqual(['a second symbol index at 0x48 is ignored']);
  });
});

describe('what cannot be read', () => {
  test.each<[string, readonly Member[], string, string]>([
    ['a size past the end', [{ name: 'a.o/', size: 5 }], 'truncated', 'a.o'],
    ['a size that is no number', [{ name: 'a.o/', size: '0x10' }], 'bad-value', 'member header'],
    ['a size below zero', [{ name: 'a.o/', size: -1 }], 'bad-value', 'member header'],
    ['a long name without a table', [{ name: '/0' }], 'bad-value', 'member header'],
    [
      'a long name outside of the table',
      [{ name: '//', contents: 'a/\n\n' }, { name: '/4' }],
      'bad-value',
      '//',
    ],
    ['no name', [{ name: '' }], 'bad-value', 'member header'],
    [
      'an inline name longer than the member',
      [{ name: '#1/9', contents: 'four' }],
      'bad-value',
      'member header',
    ],
    ['an index count past its end', [{ name: '/', contents: words([1 << 30], 4, false) }], 'truncated', '/'],
    [
      'an index count past 2^53',
      [{ name: '/SYM64/', contents: words([1n << 63n], 8, false) }],
      'bad-value',
      '/SYM64/',
    ],
    [
      'fewer names than entries',
      [{ name: '/', contents: join([words([2, 8, 8], 4, false), 'foo\0ba']) }],
      'truncated',
      '/',
    ],
    [
      'a BSD index of nonsense',
      [{ name: '__.SYMDEF', contents: words([7, 7], 4, true) }],
      'bad-value',
      '__.SYMDEF',
    ],
    [
      'a BSD name outside of the names',
      [{ name: '__.SYMDEF', contents: words([8, 99, 8, 0], 4, true) }],
      'bad-value',
      '__.SYMDEF',
    ],
  ])('%s', (_, members, code, section) => {
    expect(failure(members)).toMatchObject({ code, section });
  });

  test('not an archive', () => {
    expect(failure(new Uint8Array(0)).code).toBe('bad-magic');
    expect(failure(new TextEncoder().encode('!<arch>')).code).toBe('bad-magic');
    expect(failure(new TextEncoder().encode('\x7fELF\x02\x01\x01\0')).code).toBe('bad-magic');
  });
});

describe('damaged files end in a FormatError or in a result, and nothing else', () => {
  const whole = archive([
    { name: '/', contents: join([words([1, 8 + 60 + 12 + 60 + 16], 4, false), 'foo\0']) },
    { name: '//', contents: 'a_long_name.o/\n\n' },
    { name: '/0', contents: 'odd' },
    { name: '#1/4', contents: 'b.o\0body' },
  ]);

  test('cut at every byte', () => {
    const complete = readArchive(memorySource(whole));
    expect(index(complete)).toEqual(['foo in a_long_name.o']);
    for (let length = 0; length < whole.length; length++) {
      const source = memorySource(whole.subarray(0, length));
      try {
        expect(readArchive(source).members.length).toBeLessThanOrEqual(complete.members.length);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });

  test('every byte replaced', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x0a, 0x20, 0x2f, 0x39, 0xff]) {
        const damaged = whole.slice();
        damaged[at] = value;
        try {
          readArchive(memorySource(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }
    }
  });

  test('a count of four thousand millions costs no memory', () => {
    let largest = 0;
    const inner = memorySource(archive([{ name: '/', contents: words([0xffff_ffff], 4, false) }]));
    const source: ByteSource = {
      size: inner.size,
      read(offset, length, section) {
        largest = Math.max(largest, length);
        return inner.read(offset, length, section);
      },
    };
    expect(() => readArchive(source)).toThrow(FormatError);
    expect(largest).toBeLessThanOrEqual(60);
  });
});
