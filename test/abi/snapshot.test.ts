import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareLibraries } from '../../src/analyses/index.ts';
import { FormatError } from '../../src/bytes/index.ts';
import { openLibrarySide } from '../../src/host/index.ts';
import { type Comparison, type LibraryExports, readSnapshot, writeSnapshot } from '../../src/model/index.ts';

const SIDE: LibraryExports = {
  path: 'x.abi',
  fileName: 'lib\tx\\.so.1',
  evidence: 'symbols',
  architecture: { machine: 62, is64: true, littleEndian: true },
  soname: 'libx.so.1',
  needed: ['libc.so.6'],
  runpath: '/opt/a\nb',
  hasVersionTable: true,
  versions: [
    { name: 'V1', index: 2, parents: [] },
    { name: 'V2', index: 3, parents: ['V1'] },
  ],
  glibcFloor: '2.34',
  relro: 'partial',
  executableStack: false,
  textRelocations: false,
  staticTls: true,
  symbolic: false,
  symbols: [
    { name: 'a', isDefault: true, kind: 'FUNC', binding: 'WEAK', visibility: 'PROTECTED', size: 0 },
    {
      name: 'b',
      version: 'V1',
      isDefault: false,
      kind: 'OBJECT',
      binding: 'GLOBAL',
      visibility: 'DEFAULT',
      size: 8,
    },
    {
      name: 'b',
      version: 'V2',
      isDefault: true,
      kind: 'TLS',
      binding: 'GNU_UNIQUE',
      visibility: 'DEFAULT',
      size: 4,
    },
    { name: 'c', isDefault: false, kind: 'NOTYPE', binding: 'GLOBAL', visibility: 'DEFAULT', size: 0 },
  ],
};
const TEXT = writeSnapshot(SIDE);

describe('a snapshot', () => {
  it('holds every fact, odd characters included', () => {
    expect(readSnapshot(TEXT, SIDE.path)).toEqual(SIDE);
  });

  it('passes over comments, empty lines and carriage returns', () => {
    const edited = TEXT.replace('\n', '\n# the release of spring\n\n').replace(/(?<=relro.*)\n/, '\r\n');
    expect(readSnapshot(edited, SIDE.path)).toEqual(SIDE);
  });

  it('may be in any order', () => {
    const [heading, ...lines] = TEXT.trimEnd().split('\n');
    const shuffled = lines.toReversed().join('\n');
    const { versions, ...read } = readSnapshot(`${heading}\n${shuffled}\n`, SIDE.path);
    const { versions: expected, ...facts } = SIDE;
    expect(read).toEqual(facts);
    expect(versions).toEqual(expected.toReversed());
  });

  it.each([
    ['another version', TEXT.replace('snapshot 1', 'snapshot 2')],
    ['no machine', TEXT.replace(/^machine.*\n/m, '')],
    ['two machines', TEXT.replace(/^(machine.*\n)/m, '$1$1')],
    ['a size that is no number', TEXT.replace('DEFAULT\t8', 'DEFAULT\t-8')],
    ['an unknown kind', TEXT.replace('OBJECT', 'THING')],
    ['a line that is cut off', TEXT.replace('\tPROTECTED\t0', '')],
    ['nothing', ''],
  ])('with %s is an error', (_, text) => {
    expect(() => readSnapshot(text, SIDE.path)).toThrow(FormatError);
  });

  it('is never anything else than read or refused, however it is cut', () => {
    for (let end = 0; end < TEXT.length; end++) {
      try {
        readSnapshot(TEXT.slice(0, end), SIDE.path);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});

describe('libraries of this machine', () => {
  const folder = '/usr/lib/x86_64-linux-gnu';
  const names = readdirSync(folder).filter((name) => /\.so\.\d+$/.test(name));
  const step = Math.max(1, Math.floor(names.length / 40));
  const sides = names
    .filter((_, index) => index % step === 0)
    .flatMap((name): LibraryExports[] => {
      try {
        return [openLibrarySide(join(folder, name))];
      } catch (error) {
        if (error instanceof FormatError || (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    });

  it('are identical to themselves and to their snapshots', () => {
    expect(sides.length).toBeGreaterThan(5);
    for (const side of sides) {
      const copy = readSnapshot(writeSnapshot(side), side.path);
      expect(copy).toEqual(side);
      for (const other of [side, copy]) {
        const { verdict, changes } = compareLibraries(side, other);
        expect([side.path, verdict, changes]).toEqual([side.path, 'identical', []]);
      }
    }
  });

  it('lose, the other way round, what they gained', () => {
    for (const [index, side] of sides.slice(1).entries()) {
      const previous = sides[index]!;
      const gained = namesIn(compareLibraries(previous, side), 'new', previous);
      const lost = namesIn(compareLibraries(side, previous), 'old', previous);
      expect(lost).toEqual(gained);
    }
  });
});

/** The names on one side of all changes that another library has in no version. */
function namesIn({ changes }: Comparison, key: 'old' | 'new', absentFrom: LibraryExports): string[] {
  const known = new Set(absentFrom.symbols.map(({ name }) => name));
  const names = changes.flatMap(({ symbols }) => symbols.flatMap((pair) => pair[key]?.name ?? []));
  return [...new Set(names)].filter((name) => !known.has(name)).sort();
}
