import { describe, expect, test } from 'vitest';
import { SHN, STB, STT, STV, sysvHash, VER_FLG, VERSYM_HIDDEN } from '../../src/elf/index.ts';
import { Binder, type Candidate, explainLookup, loadProcess } from '../../src/loader/index.ts';
import type { DynamicObject } from '../../src/model/index.ts';
import { type LiteralSymbol, literalContext, literalObject } from './literals.ts';

/** The versions V1 (index 2), V2 (3), V3 (4), defined; or needed of `file`. */
function versions(file?: string) {
  const entries = ['V1', 'V2', 'V3'].map((name, index) => ({ name, hash: sysvHash(name), index: index + 2 }));
  const byIndex = new Map(
    entries.map(({ index, name, hash }) => [index, { name, hash, hidden: false, ...(file ? { file } : {}) }]),
  );
  const needed = entries.map((entry) => ({ ...entry, flags: 0, hidden: false }));
  const definitions = entries.map((entry) => ({ ...entry, flags: 0, base: false, parents: [] }));
  const base = { name: 'lib.so', hash: 1, index: 1, flags: VER_FLG.BASE, base: true, parents: [] };
  return {
    byIndex,
    needs: file ? [{ file, versions: needed }] : [],
    definitions: file ? [] : [base, ...definitions],
  };
}

/** What a reference of a program, the look-up's first object, makes of each definition of `f`. */
function explain(
  program: Partial<DynamicObject> & { readonly lookup?: 'any' | 'plt' | 'copy'; readonly versym?: number },
  libraries: readonly DynamicObject[],
  own: readonly LiteralSymbol[] = [],
  glibc = 2036,
): Candidate[] {
  const { lookup = 'any', versym, ...rest } = program;
  const names = libraries.map((_, index) => `lib${index}.so`);
  const reference: LiteralSymbol = { name: 'f', value: 0n, ...(versym === undefined ? {} : { versym }) };
  const root = literalObject({
    ...rest,
    interpreter: '/lib/ld.so',
    needed: names,
    symbols: [...own, reference],
    references: [[own.length + 1, lookup]],
    ...(versym === undefined ? {} : { versions: versions('lib0.so') }),
  });
  const files = Object.fromEntries(libraries.map((library, index) => [`/lib/lib${index}.so`, library]));
  const process = loadProcess(literalContext(files), root, '/bin/program');
  let found: Candidate[] = [];
  new Binder().bind(process, glibc, ({ query }, scope) => {
    found = explainLookup(scope, query);
  });
  return found;
}

const library = (symbols: readonly LiteralSymbol[], rest: object = {}) => literalObject({ symbols, ...rest });
const versioned = (...symbols: LiteralSymbol[]) => library(symbols, { versions: versions() });
const reasons = (candidates: readonly Candidate[]) => candidates.map(({ reason }) => reason ?? 'accepted');

describe('why a definition is not taken', () => {
  test('the first wins, others would do', () => {
    expect(
      reasons(explain({}, [library([{ name: 'f' }]), library([{ name: 'f', binding: STB.WEAK }])])),
    ).toEqual(['accepted', 'accepted']);
  });

  test.each<[string, LiteralSymbol, string]>([
    ['binding', { name: 'f', binding: STB.LOCAL }, 'local symbol'],
    ['visibility', { name: 'f', visibility: STV.HIDDEN }, 'hidden visibility'],
    ['visibility', { name: 'f', visibility: STV.INTERNAL }, 'hidden visibility'],
    ['type', { name: 'f', type: STT.SECTION }, 'of a type that nothing binds to'],
    ['value', { name: 'f', value: 0n, section: 3 }, 'without a value'],
    ['absolute and 0', { name: 'f', value: 0n, section: SHN.ABS }, 'accepted'],
    ['thread-local and 0', { name: 'f', value: 0n, section: 3, type: STT.TLS }, 'accepted'],
  ])('%s: %o', (_, symbol, reason) => {
    expect(reasons(explain({}, [library([symbol]), library([{ name: 'f' }])]))).toEqual([reason, 'accepted']);
  });

  test('the hash table', () => {
    const unlisted = library([{ name: 'f' }, { name: 'g' }], { firstHashed: 2 });
    expect(reasons(explain({}, [unlisted]))).toEqual(['not in the hash table']);
  });

  test('what calls and copies do not take of the program', () => {
    const entry = [{ name: 'f', value: 64n, section: SHN.UNDEF }];
    const copied = [{ name: 'f', value: 64n, type: STT.OBJECT }];
    const libraries = [library([{ name: 'f' }])];
    expect(reasons(explain({}, libraries, entry))).toEqual(['accepted', 'accepted']);
    expect(reasons(explain({ lookup: 'plt' }, libraries, entry))).toEqual([
      'PLT entry of the program, which calls do not take',
      'accepted',
    ]);
    expect(reasons(explain({ lookup: 'copy' }, libraries, copied))).toEqual([
      'the program, which a copy relocation passes over',
      'accepted',
    ]);
  });

  test('versions, for a reference that has one', () => {
    const other = versioned({ name: 'f', versym: 2 | VERSYM_HIDDEN }, { name: 'f', versym: 4 });
    const right = versioned({ name: 'f', versym: 3 | VERSYM_HIDDEN });
    const base = versioned({ name: 'f', versym: 1 });
    const hiddenBase = versioned({ name: 'f', versym: 1 | VERSYM_HIDDEN });
    expect(reasons(explain({ versym: 3 }, [other, right, base, hiddenBase]))).toEqual([
      'another version',
      'another version',
      'accepted',
      'accepted',
      'another version',
    ]);
  });

  test('versions, for a reference without', () => {
    const oldest = versioned({ name: 'f', versym: 2 | VERSYM_HIDDEN }, { name: 'f', versym: 3 });
    const newest = versioned({ name: 'f', versym: 3 | VERSYM_HIDDEN }, { name: 'f', versym: 4 });
    const hidden = versioned({ name: 'f', versym: 3 | VERSYM_HIDDEN });
    const several = versioned({ name: 'f', versym: 3 }, { name: 'f', versym: 4 });
    expect(reasons(explain({}, [oldest, newest, hidden, several]))).toEqual([
      'accepted',
      'an earlier symbol of this object is taken',
      'an earlier symbol of this object is taken',
      'accepted',
      'not the default version',
      'one of several versions, none of them the oldest',
      'one of several versions, none of them the oldest',
    ]);
  });

  test('a base definition gives way to the exact version since glibc 2.42', () => {
    const both = versioned({ name: 'f', versym: 1 }, { name: 'f', versym: 3 });
    expect(reasons(explain({ versym: 3 }, [both]))).toEqual([
      'accepted',
      'an earlier symbol of this object is taken',
    ]);
    expect(reasons(explain({ versym: 3 }, [both], [], 2042))).toEqual(['another version', 'accepted']);
  });
});
