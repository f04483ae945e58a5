import type { Change, ExportedSymbol, LibraryExports, SymbolPair } from '../../model/index.ts';
import { isClassData } from './attribute-changes.ts';
import { classOfSpecial, classOfStructor, isOfClass, prefixesOf } from './class-scope.ts';
import { type CxxName, cxxName } from './cxx-name.ts';
import type { ExportIndex } from './export-index.ts';
import { come, counted, gone, makeChange } from './make-change.ts';
import type { Kept } from './pair-symbols.ts';

/** A removed or added symbol with what its name says, parsed once. */
export interface NamedSymbol {
  readonly symbol: ExportedSymbol;
  readonly cxx: CxxName | undefined;
}

export interface ClassChanges {
  readonly changes: readonly Change[];
  /** Removed and added symbols that these changes explain. */
  readonly explained: ReadonlySet<ExportedSymbol>;
}

/** What a class's own symbols tell: that it is gone as a whole, or that its objects or tables look different. */
export function classChanges(
  old: ExportIndex,
  recent: ExportIndex,
  kept: readonly Kept[],
  removed: readonly NamedSymbol[],
  added: readonly NamedSymbol[],
): ClassChanges {
  const explained = new Set<ExportedSymbol>();
  const changes = [
    ...removedClasses(recent, removed, explained),
    ...layoutChanges(old, recent, kept, removed, added, explained),
  ];
  return { changes, explained };
}

/** Every symbol of the class is gone, its typeinfo, virtual table or constructors among them. */
function removedClasses(
  recent: ExportIndex,
  removed: readonly NamedSymbol[],
  explained: Set<ExportedSymbol>,
): Change[] {
  const owners = new Set<string>();
  for (const { symbol } of removed) {
    const owner = classOfSpecial(symbol.name) ?? classOfStructor(symbol.name);
    if (owner !== undefined) owners.add(owner);
  }
  const changes: Change[] = [];
  // An enclosing class comes first and takes its nested ones along.
  for (const owner of [...owners].sort((a, b) => a.length - b.length)) {
    const own = removed.filter(({ symbol }) => !explained.has(symbol) && isOfClass(symbol.name, owner));
    const distinct = new Set(own.map(({ symbol, cxx }) => cxx?.full ?? symbol.name));
    if (distinct.size < 2 || prefixesOf(owner).some((prefix) => recent.hasPrefix(prefix))) continue;
    for (const { symbol } of own) explained.add(symbol);
    const first = own.find(({ symbol }) => symbol.name.startsWith('_ZTI')) ?? own[0]!;
    changes.push(
      makeChange({
        kind: 'abi.class-removed',
        effect: 'incompatible',
        subject: first.symbol.name,
        message: `class ${classText(first.cxx, owner)} is gone (${counted(own.length, 'export')})`,
        consequence: 'the program does not start, or ends where it first uses the class: undefined symbol',
        symbols: own.map(({ symbol }) => gone(symbol)),
        fix: 'keep exporting the class; look whether a version script or a visibility option hides it',
      }),
    );
  }
  return changes;
}

/** `N2ns3FooE` or `3Foo` as a person would write it. */
function classText(cxx: CxxName | undefined, owner: string): string {
  return cxx?.description.class ?? owner.replace(/\d+/g, (_, at: number) => (at === 0 ? '' : '::'));
}

interface Evidence {
  readonly owner: string;
  readonly fact: string;
  readonly pairs: readonly SymbolPair[];
  /** Another version node holds the other layout: a process that loads both libraries keeps them apart. */
  readonly apart?: boolean;
}

/** All that speaks for another layout of one class is one change. */
function layoutChanges(
  old: ExportIndex,
  recent: ExportIndex,
  kept: readonly Kept[],
  removed: readonly NamedSymbol[],
  added: readonly NamedSymbol[],
  explained: Set<ExportedSymbol>,
): Change[] {
  const evidence = [
    ...kept.flatMap((pair) => tableSize(pair, old.library)),
    ...shiftedBases(removed, added),
    ...virtualness(old, recent, removed, added),
  ];
  const changes: Change[] = [];
  for (const [owner, facts] of Map.groupBy(evidence, (fact) => fact.owner)) {
    const pairs = facts.flatMap((fact) => fact.pairs);
    for (const { old: before, new: after } of pairs) {
      if (before !== undefined) explained.add(before);
      if (after !== undefined) explained.add(after);
    }
    const first = pairs[0]!;
    changes.push(
      makeChange({
        kind: 'abi.class-layout',
        effect: facts.every(({ apart }) => apart) ? 'incompatible' : 'forbidden',
        subject: (first.old ?? first.new)!.name,
        message: `class ${owner}: ${[...new Set(facts.map(({ fact }) => fact))].join(', ')}`,
        consequence:
          'programs construct, derive from and call it as it was: a call may land in another function',
        symbols: pairs,
        fix: 'add no virtual function, base or member to a class that users derive from or create; give the new one another name',
      }),
    );
  }
  return changes;
}

/** By the letter behind _ZT (Itanium C++ ABI, Virtual Tables and RTTI). */
const TABLES: Readonly<Record<string, string>> = {
  V: 'virtual table',
  T: 'VTT',
  I: 'typeinfo',
  C: 'construction vtable',
};

function tableSize({ old, new: now }: Kept, { architecture }: LibraryExports): Evidence[] {
  if (!isClassData(old.name) || old.size === now.size || old.size === 0 || now.size === 0) return [];
  const cxx = cxxName(old.name);
  const table = TABLES[old.name.charAt(3)] ?? 'table';
  const entries = (now.size - old.size) / (architecture.is64 ? 8 : 4);
  const detail =
    table === 'typeinfo'
      ? 'other base classes'
      : `${Math.abs(entries)} ${entries > 0 ? 'more' : 'fewer'} ${Math.abs(entries) === 1 ? 'entry' : 'entries'}`;
  const fact = `${table} of ${old.size} bytes has ${now.size} now (${detail})`;
  return [{ owner: ownerText(cxx, old.name), fact, pairs: [{ old, new: now }] }];
}

/** Of a construction vtable the class that is constructed, not the base that it is for. */
function ownerText(cxx: CxxName | undefined, name: string): string {
  if (cxx === undefined) return name;
  const inside = /^construction vtable for .*-in-(.*)$/.exec(cxx.full)?.[1];
  return inside ?? cxx.description.class ?? cxx.description.scope.join('::');
}

/** A thunk or construction vtable carries the offset of its base in its name, and nothing else changed in it. */
function shiftedBases(removed: readonly NamedSymbol[], added: readonly NamedSymbol[]): Evidence[] {
  const isOffset = ({ cxx }: NamedSymbol) =>
    cxx?.description.role === 'thunk' || cxx?.description.role === 'construction-vtable';
  const successors = Map.groupBy(added.filter(isOffset), ({ cxx }) => cxx!.full);
  return removed.filter(isOffset).flatMap(({ symbol, cxx }) => {
    const next = successors.get(cxx!.full)?.shift();
    if (next === undefined) return [];
    return [
      {
        owner: ownerText(cxx, symbol.name),
        fact: offsetFact(symbol.name, next.symbol.name),
        pairs: [{ old: symbol, new: next.symbol }],
        apart: symbol.version !== next.symbol.version,
      },
    ];
  });
}

/** A thunk lowers the pointer that it is called with by the offset of the base. */
function offsetFact(before: string, after: string): string {
  const offset = (name: string) => /^_ZThn(\d+)_/.exec(name)?.[1];
  if (offset(before) === undefined || offset(after) === undefined) return 'a base class at another offset';
  return `the base class at offset ${offset(before)} is at ${offset(after)} now`;
}

/**
 * A class that goes on existing gained or lost its virtual table: its objects gained or lost the pointer to it.
 * A deleting destructor is there only where the destructor is virtual (Itanium C++ ABI, Virtual Destructors):
 * with it on both sides the table was merely shown or hidden.
 */
function virtualness(
  old: ExportIndex,
  recent: ExportIndex,
  removed: readonly NamedSymbol[],
  added: readonly NamedSymbol[],
): Evidence[] {
  const judge = (
    list: readonly NamedSymbol[],
    fact: string,
    toPair: (symbol: ExportedSymbol) => SymbolPair,
  ) => {
    const names = new Set(list.map(({ symbol }) => symbol.name));
    const companions = Map.groupBy(list, ({ symbol: { name } }) => {
      return classOfSpecial(name) ?? (name.endsWith('D0Ev') ? classOfStructor(name) : undefined);
    });
    return list.flatMap(({ symbol, cxx }) => {
      const owner = symbol.name.startsWith('_ZTV') ? classOfSpecial(symbol.name) : undefined;
      if (owner === undefined || !names.has(symbol.name.replace('_ZTV', '_ZTI'))) return [];
      const existed = hasConstructor(old, owner) && hasConstructor(recent, owner);
      const deleting = `_ZN${owner}D0Ev`;
      if (!existed || (old.hasPrefix(deleting) && recent.hasPrefix(deleting))) return [];
      const constructors = old.symbols.filter(({ name }) => classOfStructor(name) === owner);
      const apart = constructors.every((reference) => recent.resolve(reference) === undefined);
      const own = (companions.get(owner) ?? []).map((companion) => companion.symbol);
      return [{ owner: ownerText(cxx, symbol.name), fact, pairs: own.map(toPair), apart }];
    });
  };
  return [
    ...judge(removed, 'it has no virtual functions any more', gone),
    ...judge(added, 'it has virtual functions now', come),
  ];
}

/** Whoever has the constructor would have the table too, if there were one. */
const hasConstructor = (side: ExportIndex, owner: string): boolean =>
  side.hasPrefix(`_ZN${owner}C1`) || side.hasPrefix(`_ZN${owner}C2`);
