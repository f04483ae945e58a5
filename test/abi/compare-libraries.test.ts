import { describe, expect, it } from 'vitest';
import { compareLibraries, narrowToPrograms } from '../../src/analyses/index.ts';
import { EM } from '../../src/elf/index.ts';
import {
  bumped,
  compareVersions,
  type ExportedSymbol,
  type LibraryExports,
  nextSoname,
  versionOf,
} from '../../src/model/index.ts';

const LIBRARY: LibraryExports = {
  path: 'libt.so',
  fileName: 'libt.so.1.2.3',
  evidence: 'symbols',
  architecture: { machine: EM.X86_64, is64: true, littleEndian: true },
  soname: 'libt.so.1',
  needed: [],
  hasVersionTable: true,
  versions: [],
  relro: 'full',
  executableStack: false,
  textRelocations: false,
  staticTls: false,
  symbolic: false,
  symbols: [],
};

const function_ = (name: string, more: Partial<ExportedSymbol> = {}): ExportedSymbol => ({
  name,
  isDefault: true,
  kind: 'FUNC',
  binding: 'GLOBAL',
  visibility: 'DEFAULT',
  size: 0,
  ...more,
});

const library = (names: readonly string[], more: Partial<LibraryExports> = {}): LibraryExports => ({
  ...LIBRARY,
  symbols: names.map((name) => function_(name)),
  ...more,
});

describe('the version in the file name', () => {
  const advice = (names: readonly [string, string], before: readonly string[], after: readonly string[]) => {
    const [old, recent] = names;
    return compareLibraries(library(before, { fileName: old }), library(after, { fileName: recent })).version;
  };
  it.each([
    ['libt.so.1.2.3', 'libt.so.1.2.4', ['a'], ['a'], 'right', '1.2.3'],
    ['libt.so.1.2.3', 'libt.so.1.2.2', ['a'], ['a'], 'too-low', '1.2.3'],
    ['libt.so.1.2.3', 'libt.so.1.2.4', ['a'], ['a', 'b'], 'too-low', '1.3.0'],
    ['libt.so.1.2.3', 'libt.so.1.10.0', ['a'], ['a', 'b'], 'right', '1.3.0'],
    ['libt.so.1.2.3', 'libt.so.1.3.0', ['a'], [], 'too-low', '2.0.0'],
    ['libt.so.1.2.3', 'libt.so.2.0.0', ['a'], [], 'right', '2.0.0'],
    ['libt.so.1', 'libt.so.1', ['a'], ['a', 'b'], 'right', '1.1'],
    ['libt.so', 'libt.so.1', ['a'], ['a'], 'unknown', undefined],
    ['libt.so.1', 'libu.so.2', ['a'], ['a'], 'unknown', undefined],
  ] as const)('%s to %s, %j to %j: %s', (old, recent, before, after, status, least) => {
    const found = advice([old, recent], before, after);
    expect([found.status, found.least]).toEqual([status, least]);
  });
  it('is read and raised by numbers', () => {
    expect([versionOf('libt.so.1.2.3'), versionOf('libt.so'), versionOf('libt-1.2.so')]).toEqual([
      [1, 2, 3],
      undefined,
      undefined,
    ]);
    expect(compareVersions([1, 10], [1, 9, 9])).toBeGreaterThan(0);
    expect(compareVersions([1], [1, 0, 0])).toBe(0);
    expect([bumped([1, 2, 3], 'patch'), bumped([1, 2], 'minor'), bumped([1], 'patch')]).toEqual([
      [1, 2, 4],
      [1, 3],
      [1, 0, 1],
    ]);
    expect(['libt.so.1', 'libt-9.so', 'libt.so.1.2', 'libt.so'].map(nextSoname)).toEqual([
      'libt.so.2',
      'libt-10.so',
      'libt.so.2',
      undefined,
    ]);
  });
});

describe('the soname', () => {
  const advice = (old: string | undefined, recent: string | undefined, after: readonly string[]) => {
    const side = (soname: string | undefined): Partial<LibraryExports> =>
      soname === undefined ? {} : { soname };
    const { soname: _, ...without } = LIBRARY;
    const before = { ...without, ...side(old), symbols: [function_('a')] };
    return compareLibraries(before, {
      ...without,
      ...side(recent),
      symbols: after.map((name) => function_(name)),
    });
  };
  it.each([
    ['libt.so.1', 'libt.so.1', ['a'], 'right', 'libt.so.1', 'identical'],
    ['libt.so.1', 'libt.so.1', [], 'must-change', 'libt.so.2', 'incompatible'],
    ['libt.so.1', 'libt.so.2', [], 'changed-as-it-must', 'libt.so.2', 'incompatible'],
    ['libt.so.1', 'libt.so.2', ['a'], 'changed-without-cause', 'libt.so.1', 'incompatible'],
    ['libt.so.1', undefined, [], 'changed-without-cause', 'libt.so.2', 'incompatible'],
    [undefined, undefined, ['a'], 'none', undefined, 'identical'],
    [undefined, 'libt.so.1.2.3', ['a'], 'right', 'libt.so.1.2.3', 'identical'],
  ] as const)('%s to %s with %j: %s', (old, recent, after, status, wanted, verdict) => {
    const found = advice(old, recent, after);
    expect([found.soname.status, found.soname.wanted, found.verdict]).toEqual([status, wanted, verdict]);
  });
});

describe('what does not count', () => {
  it('is what the linker puts into every library', () => {
    const old = library(['_init', '_edata', '_end', 'a']);
    expect(compareLibraries(old, library(['a'])).changes).toEqual([]);
  });
  it('unless it is somebody’s own function of such a name', () => {
    expect(compareLibraries(library(['end']), library([])).verdict).toBe('incompatible');
    const untyped = library([], { symbols: [function_('end', { kind: 'NOTYPE' })] });
    expect(compareLibraries(untyped, library([])).verdict).toBe('identical');
  });
});

it('compares nothing else of libraries for different machines', () => {
  const other = library([], { architecture: { machine: EM.AARCH64, is64: true, littleEndian: true } });
  const { verdict, changes } = compareLibraries(library(['a', 'b']), other);
  expect([verdict, changes.map(({ kind }) => kind)]).toEqual(['incompatible', ['abi.architecture']]);
});

it('counts weak definitions of namespace std only where the C++ runtime is inside', () => {
  const weak = { symbols: [function_('_ZNSt6vectorIiSaIiEE5clearEv', { binding: 'WEAK' as const })] };
  const user = { ...weak, needed: ['libstdc++.so.6'] };
  expect(compareLibraries(library([], user), library([], { needed: user.needed })).verdict).toBe('identical');
  expect(compareLibraries(library([], weak), library([])).verdict).toBe('incompatible');
});

describe('what programs use', () => {
  const old = library(['a', 'b']);
  const recent = library(['a', 'c']);
  const needs = (path: string, symbols: readonly string[], weak: readonly string[] = []) => ({
    path,
    symbols: new Set(symbols),
    weak: new Set(weak),
    versions: new Set<string>(),
  });
  const narrow = (...programs: ReturnType<typeof needs>[]) =>
    narrowToPrograms(compareLibraries(old, recent), old, recent, programs);

  it('decides alone', () => {
    expect(narrow(needs('x', ['a'])).comparison.verdict).toBe('identical');
    expect(narrow(needs('x', ['b'])).comparison.verdict).toBe('incompatible');
    expect(narrow(needs('x', ['b'], ['b'])).comparison.verdict).toBe('identical');
  });
  it('tells them apart', () => {
    const { programs } = narrow(needs('x', ['a']), needs('y', ['a', 'b']));
    expect(programs).toEqual([
      { path: 'x', uses: 1, breaks: false, because: [] },
      { path: 'y', uses: 2, breaks: true, because: ['b'] },
    ]);
  });
});
