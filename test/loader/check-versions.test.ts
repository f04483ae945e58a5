import { describe, expect, test } from 'vitest';
import { DT, sysvHash, VER_FLG, type VersionDefinition, type VersionNeed } from '../../src/elf/index.ts';
import { checkVersions, findNeeded, loadProcess, type VersionProblem } from '../../src/loader/index.ts';
import type { DynamicObject, Process } from '../../src/model/index.ts';
import { type Literal, literalContext, literalObject } from './literals.ts';

const needs = (file: string, ...names: string[]): VersionNeed => ({
  file,
  versions: names.map((name, index) => ({
    name: name.replace('?', ''),
    hash: sysvHash(name.replace('?', '')),
    flags: name.endsWith('?') ? VER_FLG.WEAK : 0,
    index: index + 2,
    hidden: false,
  })),
});

const defines = (...names: string[]): VersionDefinition[] =>
  names.map((name, index) => ({
    name,
    hash: sysvHash(name),
    flags: index === 0 ? VER_FLG.BASE : 0,
    index: index + 1,
    base: index === 0,
    parents: [],
  }));

const NONE = { needs: [], definitions: [], byIndex: new Map() };
const provider = (...names: string[]) =>
  literalObject({ soname: 'libv.so', versions: { ...NONE, definitions: defines(...names) } });

function process(need: VersionNeed, library: DynamicObject, rest: Literal = {}): Process {
  const root = literalObject({ needed: ['libv.so'], versions: { ...NONE, needs: [need] }, ...rest });
  const files = { '/lib/libv.so': library, '/opt/libv.so': library, '/lib/libw.so': literalObject() };
  return loadProcess(literalContext(files), root, '/bin/program');
}

const told = (problems: readonly VersionProblem[]) =>
  problems.map(
    (problem) => `${problem.kind} ${problem.kind === 'no-library' ? problem.file : problem.version}`,
  );

describe('versions needed and defined', () => {
  test.each<[string, string[], string[], string[]]>([
    ['all there', ['V1', 'V2'], ['libv.so', 'V1', 'V2'], []],
    ['one missing', ['V1', 'V3'], ['libv.so', 'V1', 'V2'], ['missing V3']],
    [
      'one missing that was needed weakly',
      ['V3?', 'V4'],
      ['libv.so', 'V1'],
      ['missing-weak V3', 'missing V4'],
    ],
    ['no versions: one warning a library', ['V1', 'V2'], [], ['no-information V1']],
    ['the base definition counts like any other', ['libv.so'], ['libv.so', 'V1'], []],
  ])('%s', (_, needed, defined, expected) => {
    expect(told(checkVersions(process(needs('libv.so', ...needed), provider(...defined))))).toEqual(expected);
  });

  test('equal hashes are not enough', () => {
    const library = provider('libv.so', 'V1');
    const forged = library.versions.definitions.map((definition) => ({
      ...definition,
      hash: sysvHash('V2'),
    }));
    const other = { ...library, versions: { ...library.versions, definitions: forged } };
    expect(told(checkVersions(process(needs('libv.so', 'V2'), other)))).toEqual(['missing V2']);
  });

  test('a library that was not found is reported as that', () => {
    expect(checkVersions(process(needs('libgone.so', 'V1'), provider(), { needed: ['libgone.so'] }))).toEqual(
      [],
    );
  });

  test('versions of a file that nothing answers to', () => {
    expect(told(checkVersions(process(needs('libgone.so', 'V1'), provider())))).toEqual([
      'no-library libgone.so',
    ]);
  });
});

describe('the object that a file’s name stands for', () => {
  const none = needs('none');

  test('by the name that it was asked for by, by path, by a soname that somebody asked for', () => {
    const asked = process(none, provider());
    expect(findNeeded(asked, 'libv.so')).toBe(asked.scope[1]);
    expect(findNeeded(asked, '/lib/libv.so')).toBe(asked.scope[1]);
    const needed = ['/opt/libv.so', 'libv.so'];
    const both = process(none, provider(), {
      needed,
      dependencies: needed.map((name) => ({ tag: DT.NEEDED, name })),
    });
    expect(both.scope).toHaveLength(2);
    expect(findNeeded(both, 'libv.so')).toBe(both.scope[1]);
    const pathOnly = process(none, provider(), { needed: ['/opt/libv.so'] });
    expect(findNeeded(pathOnly, 'libv.so')).toBeUndefined();
    expect(findNeeded(pathOnly, '/opt/libv.so')).toBe(pathOnly.scope[1]);
  });

  test('where an auxiliary filtee is missing, the answers are told apart by soname', () => {
    const dependencies = [
      { tag: DT.AUXILIARY, name: 'libgone.so' },
      { tag: DT.NEEDED, name: '/opt/libv.so' },
      { tag: DT.NEEDED, name: 'libv.so' },
    ] as const;
    const { scope, ...rest } = process(none, provider(), { dependencies });
    expect(scope).toHaveLength(2);
    expect(findNeeded({ scope, ...rest }, 'libv.so')).toBe(scope[1]);
    expect(findNeeded({ scope, ...rest }, 'libgone.so')).toBeUndefined();
  });
});
