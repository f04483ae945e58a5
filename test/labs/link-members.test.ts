import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkMembers, type ObjectSymbols } from '../../src/analyses/archives/link-members.ts';
import { linkRows } from '../../src/analyses/labs/link-rows.ts';
import { linkInputs } from '../../src/run/labs/link-inputs.ts';
import { Random } from '../loader/random.ts';
import { hasCompiler, runWith, VARIANT } from './planted.ts';

const object = (name: string, parts: Partial<ObjectSymbols>): ObjectSymbols => ({
  name,
  strong: [],
  yielding: [],
  needed: [],
  ...parts,
});

const program = { kind: 'object', object: object('p.o', { needed: ['a'] }) } as const;
const archive = (...members: ObjectSymbols[]) => ({ kind: 'archive', members }) as const;

it('goes through an archive until it gives no more', () => {
  const first = object('b', { strong: ['b'] });
  const second = object('a', { strong: ['a'], needed: ['b'] });
  expect(linkMembers([program, archive(first, second)]).taken).toEqual(['a', 'b']);
});

it('looks at an archive when its turn comes, and never again', () => {
  const b = archive(object('b', { strong: ['b'] }));
  const a = archive(object('a', { strong: ['a'], needed: ['b'] }));
  expect(linkMembers([program, b, a]).taken).toEqual(['a']);
  expect(linkMembers([program, b, a, b]).taken).toEqual(['a', 'b']);
});

it('takes a member with all that it defines, and tells what is then there twice', () => {
  const members = [object('x', { strong: ['a', 'c'] }), object('y', { strong: ['b', 'c'] })];
  const needy = { kind: 'object', object: object('p.o', { needed: ['a', 'b'] }) } as const;
  expect(linkMembers([needy, archive(...members)])).toEqual({ taken: ['x', 'y'], doubles: ['c'] });
  const weak = [members[0]!, object('y', { strong: ['b'], yielding: ['c'] })];
  expect(linkMembers([needy, archive(...weak)]).doubles).toEqual([]);
});

const hasTools = ['as', 'ar', 'ld.bfd', 'ld.gold'].every(
  (tool) => spawnSync(tool, ['--version']).status === 0,
);

describe.skipIf(!hasTools)('beside real linkers', () => {
  it.each([1, 2, 3, 4, 5, 6])('archives made up by chance, seeds from %i', (base) => {
    const folder = mkdtempSync(join(tmpdir(), 'solder-archives-'));
    try {
      let taken = 0;
      for (let seed = base * 100; seed < base * 100 + 4; seed++) taken += compareLink(folder, seed);
      expect(taken).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const NAMES = Array.from({ length: 14 }, (_, index) => `s${index}`);

/** One program over three archives, one of them twice; returns how many members were taken. */
function compareLink(folder: string, seed: number): number {
  const random = new Random(seed);
  const directory = join(folder, String(seed));
  mkdirSync(directory);
  const assemble = (name: string, defines: number, needs: number) => {
    const lines = NAMES.flatMap((symbol) => {
      if (random.chance(defines))
        return [random.chance(0.25) ? `.weak ${symbol}` : `.globl ${symbol}`, `${symbol}: .long 0`];
      if (random.chance(needs))
        return random.chance(0.2) ? [`.weak ${symbol}`, `.long ${symbol}`] : [`.long ${symbol}`];
      return [];
    });
    writeFileSync(join(directory, `${name}.s`), `.data\n${lines.join('\n')}\n`);
    execFileSync('as', ['--32', '-o', `${name}.o`, `${name}.s`], { cwd: directory });
    return `${name}.o`;
  };
  const files = [assemble('main', 0.05, 0.3)];
  for (const letter of 'abc') {
    const members = Array.from({ length: 4 }, (_, index) => assemble(`${letter}${index}`, 0.12, 0.12));
    execFileSync('ar', ['rcs', `lib${letter}.a`, ...members], { cwd: directory });
    files.push(`lib${letter}.a`);
  }
  files.push('liba.a');
  const predicted = linkMembers(linkInputs(['ld', ...files], directory));
  for (const linker of ['ld.bfd', 'ld.gold']) {
    const options = ['-m', 'elf_i386', '-t', '-t', '-o', 'out', '-e', '0', '--unresolved-symbols=ignore-all'];
    const { stdout, stderr, status } = spawnSync(linker, [...options, ...files], {
      cwd: directory,
      encoding: 'utf8',
    });
    const step = { links: ['ld'] as const, takes: predicted.taken, doubles: predicted.doubles };
    const rows = linkRows(step, predicted, { stdout, stderr, ending: { kind: 'status', status: status! } });
    expect({ linker, seed, wrong: rows.filter(({ agrees }) => !agrees) }).toEqual({
      linker,
      seed,
      wrong: [],
    });
  }
  return predicted.taken.length;
}

describe.skipIf(!hasCompiler)('a link as a build step', () => {
  const objects = [
    ['cc', '-c', '-o', 'one.o', 'one.c'],
    ['cc', '-c', '-o', 'two.o', 'two.c'],
    ['cc', '-c', '-o', 'app.o', 'app.c'],
    ['ar', 'rcs', 'libone.a', 'one.o'],
    ['ar', 'rcs', 'libtwo.a', 'two.o'],
  ] as const;
  const links = ['cc', '-o', 'app', 'app.o', 'libone.a', 'libtwo.a'] as const;
  const takes = ['libone.a(one.o)', 'libtwo.a(two.o)'];
  const linked = async (step: { takes: readonly string[]; doubles?: readonly string[] }) => {
    const variant = { build: [...objects, { links, ...step }] };
    const { variants } = await runWith({ variant: { ...VARIANT, ...variant } });
    return variants[0]!.rows.filter(({ agrees }) => !agrees).map(({ what }) => what);
  };

  it('is right only with the members that are taken and the names that are there twice', async () => {
    expect(await linked({ takes })).toContain('link: defined twice');
    expect(await linked({ takes: takes.slice(1), doubles: ['number'] })).toEqual(['link: members taken']);
  });
});
