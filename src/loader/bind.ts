import { STB, STV, symbolBinding, symbolVisibility, VERSYM_INDEX } from '../elf/index.ts';
import { LOOKUP_COPY, LOOKUP_PLT, type LoadedObject, type Process } from '../model/index.ts';
import { findNeeded } from './check-versions.ts';
import { DefinitionIndex, type IndexedObject } from './definitions.ts';
import { type Query, Scope } from './lookup.ts';
import { relocationOrder } from './relocation-order.ts';

/** How a look-up ended. `protected`: an own protected symbol kept the reference at home. */
export type BindingKind = 'normal' | 'protected';

/** One look-up of a process and what it found. */
export interface Binding {
  readonly from: LoadedObject;
  /** Index of the referring symbol in `from`. */
  readonly reference: number;
  /** Undefined: nothing was found. */
  readonly to: LoadedObject | undefined;
  /** Index of the definition in `to`. */
  readonly definition: number;
  readonly kind: BindingKind;
  readonly query: Query;
  /**
   * The look-up ends the process: it came upon a definition without a version in the very object that the
   * version was to come from (an assertion in glibc elf/dl-lookup.c, check_match).
   */
  readonly isInconsistent: boolean;
}

/** What a visitor is told besides the binding: the scope, for asking who else would have done. */
export type BindingVisitor = (binding: Binding, scope: Scope) => void;

/**
 * Binds the processes of one run, one after the other; libraries are indexed once. Follows what ld.so does
 * with LD_BIND_NOW: every reference of every object, needed objects before those that need them.
 */
export class Binder {
  private readonly index = new DefinitionIndex();
  private readonly scopes = new Map<number, { scope: Scope; self: Scope }>();

  /** Calls `visit` for each look-up in the loader's order; repeated look-ups are visited as they are made. */
  bind(process: Process, glibcVersion: number, visit: BindingVisitor): void {
    const { scope, self } = this.scopesFor(glibcVersion);
    const members = process.scope.map((entry, position) => this.index.add(entry.object, position === 0));
    scope.enter(members);
    const unique = new Map<number, { owner: LoadedObject; symbol: number }>();
    const positions = new Map(process.scope.map((entry, position) => [entry, position]));
    for (const entry of relocationOrder(process)) {
      const position = positions.get(entry)!;
      // The loader has relocated itself before anything else was there to look at.
      if (entry.rule === 'loader') continue;
      const member = members[position]!;
      const own = entry.object.symbolic ? self : undefined;
      own?.enter([member]);
      this.bindObject({ process, position, entry, member, scope, own, unique }, visit);
    }
    const root = members[0]!;
    if (root.own !== undefined) this.index.forget(root.object);
  }

  private scopesFor(glibcVersion: number) {
    let scopes = this.scopes.get(glibcVersion);
    if (scopes === undefined) {
      scopes = { scope: new Scope(this.index, glibcVersion), self: new Scope(this.index, glibcVersion) };
      this.scopes.set(glibcVersion, scopes);
    }
    return scopes;
  }

  private bindObject(work: ObjectWork, visit: BindingVisitor): void {
    const { symbol, lookup } = work.entry.object.references;
    let last = -1;
    let lastLookup = -1;
    for (let at = 0; at < symbol.length; at++) {
      const reference = symbol[at]!;
      const narrowed = lookup[at]!;
      // glibc remembers the last look-up of an object (elf/dynamic-link.h, RESOLVE_MAP): one, not two.
      if (reference === last && narrowed === lastLookup) continue;
      if (isBoundHere(work.member, reference)) continue;
      last = reference;
      lastLookup = narrowed;
      const binding = lookUp(work, queryOf(work.member, reference, narrowed), reference);
      visit(binding, work.scope);
    }
  }
}

interface ObjectWork {
  readonly process: Process;
  readonly position: number;
  readonly entry: LoadedObject;
  readonly member: IndexedObject;
  readonly scope: Scope;
  /** DF_SYMBOLIC: a scope of the object alone, which is asked first. */
  readonly own: Scope | undefined;
  readonly unique: Map<number, { owner: LoadedObject; symbol: number }>;
}

/** A local, hidden or internal symbol needs no look-up (glibc elf/dynamic-link.h, RESOLVE_MAP). */
function isBoundHere({ object: { symbols } }: IndexedObject, symbol: number): boolean {
  if (symbol >= symbols.count) return true;
  if (symbolBinding(symbols.info[symbol]!) === STB.LOCAL) return true;
  const visibility = symbolVisibility(symbols.other[symbol]!);
  return visibility === STV.HIDDEN || visibility === STV.INTERNAL;
}

/** The version that a reference asks for: the verneed or verdef entry of its versym index. */
function queryOf({ object, names, versions }: IndexedObject, symbol: number, lookup: number): Query {
  const versym = object.versions.versym;
  const index = versym === undefined ? 0 : versym[symbol]! & VERSYM_INDEX;
  const version = versions[index] ?? 0;
  const versionHidden = version !== 0 && (object.versions.byIndex.get(index)?.hidden ?? false);
  return { name: names[symbol]!, version, versionHidden, lookup };
}

function lookUp(work: ObjectWork, query: Query, reference: number): Binding {
  const { process, position, entry, member, scope, own } = work;
  const base = { from: entry, reference, query, isInconsistent: false };
  const found = findThrough(scope, own, position, query);
  if (found === undefined) return { ...base, to: undefined, definition: 0, kind: 'normal' };
  const symbols = member.object.symbols;
  const isProtected = symbolVisibility(symbols.other[reference]!) === STV.PROTECTED;
  const to = process.scope[found.position]!;
  if (query.version !== 0 && to.object.versions.versym === undefined && isVersionOf(process, entry, reference, to)) {
    return { ...base, to: undefined, definition: 0, kind: 'normal', isInconsistent: true };
  }
  if (isProtected) {
    // The loader may let another object win, but a protected symbol's own object keeps its definition. For
    // anything but calls it asks once more, as for a call, so that the program's PLT entry does not count.
    const decisive =
      query.lookup === LOOKUP_PLT
        ? found
        : findThrough(scope, own, position, { ...query, lookup: LOOKUP_PLT });
    if (decisive !== undefined && decisive.position !== position) {
      return { ...base, to: entry, definition: reference, kind: 'protected' };
    }
  }
  const kind = isProtected ? 'protected' : 'normal';
  return { ...base, ...throughUnique(work, query, reference, to, found.symbol), kind };
}

/** Whether the version that a reference asks for is one that `library` was to define. */
function isVersionOf(process: Process, from: LoadedObject, reference: number, library: LoadedObject): boolean {
  const { versym, byIndex } = from.object.versions;
  const file = byIndex.get(versym![reference]! & VERSYM_INDEX)?.file;
  return file !== undefined && findNeeded(process, file) === library;
}

function findThrough(scope: Scope, own: Scope | undefined, position: number, query: Query) {
  const first = own?.find(query);
  return first ? { position, symbol: first.symbol } : scope.find(query);
}

/**
 * STB_GNU_UNIQUE (glibc elf/dl-lookup.c, do_lookup_unique): the first definition found in a process is the one
 * for everybody after it; a program's copy of it takes its place.
 */
function throughUnique(
  { unique, entry }: ObjectWork,
  query: Query,
  reference: number,
  to: LoadedObject,
  definition: number,
): { to: LoadedObject; definition: number } {
  const info = to.object.symbols.info[definition]!;
  if (symbolBinding(info) !== STB.GNU_UNIQUE) return { to, definition };
  const copy = query.lookup === LOOKUP_COPY;
  const known = unique.get(query.name);
  if (known === undefined) {
    unique.set(query.name, copy ? { owner: entry, symbol: reference } : { owner: to, symbol: definition });
    return { to, definition };
  }
  return copy ? { to, definition } : { to: known.owner, definition: known.symbol };
}
