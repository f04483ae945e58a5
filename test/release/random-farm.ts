import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EM } from '../../src/elf/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';

/** Numbers below `limit`, the same ones for the same seed (mulberry32). */
type Random = (limit: number) => number;

function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What a farm is to hold, by name; a later one of the same name does not count. */
export type FarmEntry =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly link: string }
  | { readonly name: string; readonly hardLink: string }
  | { readonly name: string; readonly directory: true };

const STEMS = ['libfoo', 'libbar', 'libfoo-2', 'ld-own', 'libä', 'lib-', 'lib z'];
const VERSIONS = [
  '1',
  '1.2',
  '1.02',
  '1.2.3',
  '1.10',
  '1.9',
  '2',
  '2.0',
  '02',
  '1.2.3-rc1',
  '1.2b',
  '1.2.',
  '',
];
/** Each farm draws from one of these: equal versions, numbers that overflow, or all of it. */
const THEMES: readonly (readonly string[])[] = [
  VERSIONS,
  VERSIONS,
  ['1.2', '1.02', '01.2', '1.002'],
  ['1', '1.1', '1.4294967297', '1.2147483648', '1.99999999999', '1.2147483650'],
  ['1', '2', '3', '1.1', '2.1'],
];
const ODD_NAMES = [
  '.libfoo.so.1',
  'foo.so.1',
  'libfoo.a',
  'libfoo.so.1.2.#prelink#',
  'libfoo.so.1.2.#prelink#.AbCdEf',
  'libfoo.so.1.3.dpkg-new',
  'libfoo.so.1.4;5f5e1000',
  'ld.so.1.7',
  'ld64.so.2.1',
  '-libfoo.so.1',
  'libfoo.so.1.5\nlibbar.so.1',
  'libnotso.1',
  'libfoo.soname',
];
const SPECIAL_SONAMES = ['', 'libfoo.so', 'plain', '.', '..', '-rf', 'libfoo.so.1\nlibfoo.so.2', 'a.so.1'];

const library = (soname: string | undefined, more: ElfSpec = {}): Uint8Array =>
  assemble({ ...more, ...(soname === undefined ? {} : { soname }) });

/** Content that ldconfig may or may not take for a library. */
function content(random: Random, soname: string | undefined): Uint8Array {
  switch (random(19)) {
    case 0:
      return library(soname, { class: 32, machine: EM['386'] });
    case 1:
      return library(soname, { class: 32, machine: EM.X86_64 });
    case 2:
      return library(soname, { machine: EM.AARCH64 });
    case 3:
      return library(soname, { machine: EM.S390, littleEndian: false });
    case 4:
      return library(soname, { type: 2 });
    case 5:
      return new TextEncoder().encode(`GROUP ( ${soname} )\n${' '.repeat(100)}`);
    case 6:
      return new Uint8Array(0);
    case 7:
      return library(soname, { static: true });
    case 8:
      return library(undefined);
    case 10:
      return library(soname, { class: 64, machine: EM['386'] });
    case 9:
      return library(soname, {
        set: { 'dynamic.SYMTAB.d_val': 0x7fffffff, 'dynamic.GNU_HASH.d_val': 0x7fffffff },
      });
    default:
      // So that no two files are one
      return library(soname, { dataSize: 8 * (1 + random(50)) });
  }
}

/**
 * A link that wins as a file, and is a soname itself: what the first link leads to depends on whether the
 * second was made before. The order of the directory decides that.
 */
function crossedLinks(reversed: boolean): FarmEntry[] {
  const files: FarmEntry[] = [
    { name: 'liba.so.1.1', bytes: library('liba.so.1', { dataSize: 1000 }) },
    { name: 'libz.so.2.1', bytes: library('libz.so.2', { dataSize: 1008 }) },
  ];
  const links: FarmEntry[] = [
    { name: 'libz.so.2', link: 'liba.so.1.1' },
    { name: 'liba.so.1', link: 'liba.so.1.1' },
  ];
  return reversed ? [...links, ...files].reverse() : [...files, ...links];
}

/** A directory of libraries as nobody would want it, from a seed. */
export function randomFarm(seed: number): FarmEntry[] {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const entries = new Map<string, FarmEntry>();
  const add = (entry: FarmEntry) => {
    if (!entries.has(entry.name)) entries.set(entry.name, entry);
  };
  const stems = Array.from({ length: 1 + random(3) }, () => pick(STEMS));
  const theme = pick(THEMES);
  const version = () => pick(theme);
  const named = () => {
    const digits = version();
    return digits === '' ? `${pick(stems)}.so` : `${pick(stems)}.so.${digits}`;
  };
  const soname = () => (random(12) === 0 ? pick(SPECIAL_SONAMES) : `${pick(stems)}.so.${1 + random(3)}`);
  for (let count = 2 + random(8); count > 0; count--)
    add({ name: named(), bytes: content(random, soname()) });
  for (let count = random(3); count > 0; count--) add({ name: pick(ODD_NAMES), bytes: library(soname()) });
  const present = () => (entries.size === 0 ? 'nothing' : pick([...entries.keys()]));
  const target = () => {
    switch (random(10)) {
      case 0:
        return 'gone.so.1';
      case 1:
        return `./${present()}`;
      case 2:
        return `../farm/${present()}`;
      case 3:
        return '../outside/libout.so.1.5';
      case 4:
        return '/';
      case 5:
        return named();
      default:
        return present();
    }
  };
  for (let count = random(9); count > 0; count--) {
    const name = random(4) === 0 ? pick([soname(), ...SPECIAL_SONAMES.slice(1, 3)]) : named();
    add({ name, link: target() });
  }
  for (let count = random(3); count > 0; count--) {
    const files = [...entries.values()].filter((entry) => 'bytes' in entry);
    if (files.length > 0) add({ name: named(), hardLink: pick(files).name });
  }
  if (random(5) === 0) add({ name: soname(), directory: true });
  if (random(6) === 0) {
    // The link repeats a soname and has the newer name, yet a file goes before it, listed first or not.
    const pair = [
      { name: 'libfoo.so.1', link: '../outside/libout.so.1.5' },
      { name: `libfoo.so.0.${random(50)}`, bytes: library('libfoo.so.1', { dataSize: 2000 }) },
    ];
    for (const entry of pair) add(entry);
  }
  if (random(6) === 0) for (const entry of crossedLinks(random(2) === 0)) add(entry);
  return [...entries.values()].filter(({ name }) => !['', '.', '..'].includes(name));
}

/** Writes a farm to `parent/farm`, and beside it what links of it may lead to. */
export function writeFarm(parent: string, entries: readonly FarmEntry[]): string {
  const farm = join(parent, 'farm');
  mkdirSync(farm);
  mkdirSync(join(parent, 'outside'));
  writeFileSync(join(parent, 'outside', 'libout.so.1.5'), library('libfoo.so.1'));
  for (const entry of entries) {
    const path = join(farm, entry.name);
    if ('bytes' in entry) writeFileSync(path, entry.bytes);
    else if ('link' in entry) symlinkSync(entry.link, path);
    else if ('hardLink' in entry) linkSync(join(farm, entry.hardLink), path);
    else mkdirSync(path);
  }
  return farm;
}
