import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLibraries } from '../../src/analyses/index.ts';
import { openLibrarySide } from '../../src/host/index.ts';
import { breaks, readSnapshot, writeSnapshot } from '../../src/model/index.ts';
import { type BuiltPair, buildPair, disagreement, runWith } from './build-pair.ts';
import { ALL_PAIRS } from './pairs/all.ts';
import type { Pair } from './pairs/pair.ts';

const scratch = mkdtempSync(join(tmpdir(), 'solder-abi-'));
const built = new Map<Pair, BuiltPair>();

beforeAll(async () => {
  const queue = [...ALL_PAIRS.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, pair] = next;
      built.set(pair, await buildPair(pair, join(scratch, String(index))));
    }
  };
  await Promise.all([worker(), worker()]);
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true }));

const compare = ({ old, new: recent }: BuiltPair) =>
  compareLibraries(openLibrarySide(old), openLibrarySide(recent));

describe('two libraries that were built here', () => {
  it.each(ALL_PAIRS.map((pair) => [`${pair.language}: ${pair.name}`, pair] as const))('%s', (_, pair) => {
    const comparison = compare(built.get(pair)!);
    const changes = comparison.changes.map(({ kind, message }) => `${kind}: ${message}`);
    expect(comparison.changes.map(({ kind }) => kind).toSorted(), changes.join('\n')).toEqual(pair.kinds);
    expect(comparison.verdict, changes.join('\n')).toBe(pair.verdict);
  });
});

describe('a program linked against the old one, with the new one', () => {
  const programs = ALL_PAIRS.filter((pair) => pair.program !== undefined);
  it.each(programs.map((pair) => [`${pair.language}: ${pair.name}`, pair] as const))('%s', (_, pair) => {
    const { old, new: recent, program } = built.get(pair)!;
    const declared = pair.program!;
    expect(disagreement({ stdout: declared.old }, runWith(program!, old))).toEqual([]);
    expect(disagreement(declared.new, runWith(program!, recent))).toEqual([]);
  });

  it('breaks for most of the breaking pairs, and for no other but those that names do not tell', () => {
    const isBroken = ({ program }: Pair) => {
      return (
        program?.new.status === 'fails' ||
        program?.new.stdout !== program?.old ||
        program?.new.stderr !== undefined
      );
    };
    const untold = programs.filter((pair) => isBroken(pair) && !breaks(pair.verdict)).map(({ name }) => name);
    expect(
      untold.every((name) => /do not tell$/.test(name)),
      untold.join(),
    ).toBe(true);
    const harmless = programs.filter((pair) => !isBroken(pair) && breaks(pair.verdict));
    expect(harmless.map(({ name }) => name)).toEqual([
      'own inline function is gone: nobody can tell who has a copy',
    ]);
  });
});

describe('a snapshot', () => {
  it('stands for its library on either side', () => {
    for (const { old, new: recent } of built.values()) {
      const sides = [old, recent].map(openLibrarySide);
      const copies = sides.map((side) => readSnapshot(writeSnapshot(side), side.path));
      expect(copies).toEqual(sides);
      expect(copies.map(writeSnapshot)).toEqual(sides.map(writeSnapshot));
    }
  });
});
