import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Archive, isArchive, readArchive } from '../../src/archive/index.ts';
import { memorySource } from '../../src/bytes/index.ts';
import { archivesBelow, compareWithBinutils } from '../system/archive.ts';

const LONG = 'a_member_whose_name_does_not_fit.o';
let scratch = '';

function exec(command: string, ...args: string[]): string {
  const env = { ...process.env, LC_ALL: 'C' };
  return execFileSync(command, args, {
    cwd: scratch,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function read(name: string): Archive {
  return readArchive(memorySource(readFileSync(join(scratch, name))));
}

const names = (archive: Archive): string[] => archive.members.map((member) => member.name);

/** `symbol in member`, as `nm -s` prints the index. */
function index({ members, symbolIndex }: Archive): string[] {
  if (!symbolIndex) return [];
  return Array.from(
    symbolIndex.memberOf,
    (at, entry) => `${symbolIndex.name(entry)} in ${members[at]?.name}`,
  );
}

function indexByNm(name: string): string[] {
  const text = exec('nm', '-s', name);
  const [, block] = /Archive index:\n([\s\S]*?)\n\n/.exec(text) ?? [];
  return block?.split('\n') ?? [];
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'solder-archive-'));
  mkdirSync(join(scratch, 'folder'));
  const sources = {
    'one.o': 'int one, both;',
    [LONG]: 'int two(void){return 2;}',
    'folder/with space.o': 'int three;',
  };
  for (const [object, source] of Object.entries(sources)) {
    writeFileSync(join(scratch, 'source.c'), source);
    exec('cc', '-c', '-o', object, 'source.c');
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('as GNU ar writes them', () => {
  test('short and long names, symbol index', async () => {
    exec('ar', 'rcs', 'gnu.a', 'one.o', LONG, 'folder/with space.o');
    const archive = read('gnu.a');
    expect(archive.thin).toBe(false);
    expect(names(archive)).toEqual(['one.o', LONG, 'with space.o']);
    expect(names(archive).join('\n')).toBe(exec('ar', 't', 'gnu.a').trimEnd());
    expect(index(archive)).toEqual(indexByNm('gnu.a'));
    expect(index(archive)).toContain(`two in ${LONG}`);
    expect(archive.oddities).toEqual([]);
    expect(await compareWithBinutils(join(scratch, 'gnu.a'))).toEqual([]);
    for (const [ordinal, file] of ['one.o', LONG, 'folder/with space.o'].entries()) {
      const { source, size } = archive.members[ordinal]!;
      expect(Buffer.from(source!.read(0, size, file))).toEqual(readFileSync(join(scratch, file)));
    }
  });

  test('no members; no index', async () => {
    exec('ar', 'rc', 'empty.a');
    expect(read('empty.a')).toEqual({ thin: false, members: [], oddities: [] });
    exec('ar', 'rcS', 'plain.a', 'one.o');
    expect(read('plain.a').symbolIndex).toBeUndefined();
    expect(await compareWithBinutils(join(scratch, 'plain.a'))).toEqual([]);
  });

  test('two members of one name stay two', async () => {
    exec('cp', LONG, 'folder/one.o');
    exec('ar', 'qcs', 'twice.a', 'one.o', 'folder/one.o');
    const archive = read('twice.a');
    expect(names(archive)).toEqual(['one.o', 'one.o']);
    const { memberOf, count } = archive.symbolIndex!;
    const definedBy = Object.fromEntries(
      Array.from({ length: count }, (_, entry) => [archive.symbolIndex!.name(entry), memberOf[entry]]),
    );
    expect(definedBy).toEqual({ one: 0, both: 0, two: 1 });
    expect(await compareWithBinutils(join(scratch, 'twice.a'))).toEqual([]);
  });

  test('a member of odd size is padded', async () => {
    writeFileSync(join(scratch, 'odd.txt'), 'odd');
    exec('ar', 'rc', 'odd.a', 'odd.txt', 'one.o');
    const archive = read('odd.a');
    expect(names(archive)).toEqual(['odd.txt', 'one.o']);
    expect(archive.oddities).toEqual([]);
    expect(await compareWithBinutils(join(scratch, 'odd.a'))).toEqual([]);
  });

  test('thin: members are paths', () => {
    exec('ar', 'rcsT', 'thin.a', 'folder/with space.o', 'one.o');
    const archive = read('thin.a');
    expect(archive.thin).toBe(true);
    expect(names(archive).join('\n')).toBe(exec('ar', 't', 'thin.a').trimEnd());
    expect(archive.members.map((member) => member.source)).toEqual([undefined, undefined]);
    expect(archive.members[1]!.size).toBe(readFileSync(join(scratch, 'one.o')).length);
    expect(index(archive)).toEqual(indexByNm('thin.a'));
  });

  test('thin, with the members of an archive: the name is the archive, the offset the member', () => {
    exec('ar', 'rcs', 'inner.a', 'one.o', LONG);
    exec('ar', 'rcsT', 'outer.a', 'inner.a', 'folder/with space.o');
    const archive = read('outer.a');
    expect(names(archive)).toEqual(['inner.a', 'inner.a', 'folder/with space.o']);
    const inner = read('inner.a').members;
    const flattened = archive.members.map(({ nestedOffset }) =>
      nestedOffset === undefined ? '' : inner.find((member) => member.headerOffset === nestedOffset)?.name,
    );
    expect(flattened).toEqual(['one.o', LONG, '']);
    expect(exec('ar', 't', 'outer.a').split('\n').slice(0, 2)).toEqual(['one.o', LONG]);
  });
});

const llvm = (() => {
  try {
    execFileSync('llvm-ar', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(llvm)('as llvm-ar writes them', () => {
  test.each(['gnu', 'bsd', 'darwin'])('%s: names and symbol index', (format) => {
    const file = `llvm-${format}.a`;
    exec('llvm-ar', `--format=${format}`, 'rcs', file, 'one.o', LONG);
    const archive = read(file);
    expect(names(archive).join('\n')).toBe(exec('llvm-ar', 't', file).trimEnd());
    const [, block] = /Archive map\n([\s\S]*?)\n\n/.exec(exec('llvm-nm', '--print-armap', file))!;
    expect(index(archive)).toEqual(block!.split('\n'));
    const { source, size } = archive.members[1]!;
    expect(
      Buffer.from(source!.read(0, size, LONG))
        .subarray(0, 4)
        .toString('latin1'),
    ).toBe('\x7fELF');
  });
});

test('a sample of the installed archives reads as ar and readelf read them', async () => {
  const all = archivesBelow('/usr/lib');
  const sample = all.filter((_, at) => at % Math.ceil(all.length / 40) === 0);
  expect(sample.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const path of sample)
    found.push(...(await compareWithBinutils(path)).map((line) => `${path}: ${line}`));
  expect(found).toEqual([]);
});

test('isArchive looks at the first eight bytes alone', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  expect(isArchive(encode('!<arch>\nand more'))).toBe(true);
  expect(isArchive(encode('!<thin>\n'))).toBe(true);
  expect(isArchive(encode('!<arch>'))).toBe(false);
  expect(isArchive(encode('<bigaf>\n'))).toBe(false);
});
