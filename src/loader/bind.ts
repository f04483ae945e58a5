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

  /**
   * Calls `visit` for each look-up in the loader's order; repeated look-ups are visited as they are made.
   * `visitOpened` is told those of the libraries that the process opens later, each with its own scope.
   */
  bind(process: Process, glibcVersion: number, visit: BindingVisitor, visitOpened?: BindingVisitor): void {
    const unique = new Map<number, Found>();
    const { root, scope } = process;
    this.bindObjects({ process, scope, order: relocationOrder(process), unique, glibcVersion }, visit);
    for (const opened of visitOpened === undefined ? [] : process.opened) {
      if (opened.kind === 'refused') continue;
      const own = relocationOrder({ ...process, root: opened.root, scope: opened.list });
      const order = own.filter((entry) => opened.added.includes(entry));
      this.bindObjects({ process, scope: opened.scope, order, unique, glibcVersion }, visitOpened!);
    }
    this.index.forget(root.object);
  }

  private bindObjects(
    { process, scope: entries, order, unique, glibcVersion }: Stage,
    visit: BindingVisitor,
  ) {
    const { scope, self } = this.scopesFor(glibcVersion);
    const members = entries.map((entry, position) =>
      this.index.add(entry.object, position === 0 && entry === process.root),
    );
    scope.enter(members);
    const positions = new Map(entries.map((entry, position) => [entry, position]));
    for (const entry of order) {
      const position = positions.get(entry)!;
      // The loader has relocated itself before anything else was there to look at.
      if (entry.rule === 'loader') continue;
      const member = members[position]!;
      const own = entry.object.symbolic ? self : undefined;
      own?.enter([member]);
      this.bindObject({ process, entries, position, entry, member, scope, own, unique }, visit);
    }
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

/** Objects that are bound through one scope, one after the other. */
interface Stage {
  readonly process: Process;
  readonly scope: readonly LoadedObject[];
  readonly order: readonly LoadedObject[];
  /** The definitions of unique symbols that were met first, by name. */
  readonly unique: Map<number, Found>;
  readonly glibcVersion: number;
}

interface ObjectWork {
  readonly process: Process;
  /** The scope's entries, by position. */
  readonly entries: readonly LoadedObject[];
  readonly position: number;
  readonly entry: LoadedObject;
  readonly member: IndexedObject;
  readonly scope: Scope;
  /** DF_SYMBOLIC: a scope of the object alone, which is asked first. */
  readonly own: Scope | undefined;
  readonly unique: Stage['unique'];
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
  const { entry, member } = work;
  const base = { from: entry, reference, query, isInconsistent: false };
  const found = findThrough(work, query, reference);
  if (found === undefined) return { ...base, to: undefined, definition: 0, kind: 'normal' };
  if (isInconsistent(work, query, reference, found.to)) {
    return { ...base, to: undefined, definition: 0, kind: 'normal', isInconsistent: true };
  }
  const isProtected = symbolVisibility(member.object.symbols.other[reference]!) === STV.PROTECTED;
  if (!isProtected) return { ...base, ...found, kind: 'normal' };
  // The loader may let another object win, but a protected symbol's own object keeps its definition. For
  // anything but calls it asks once more, as for a call, so that the program's PLT entry does not count.
  const isCall = query.lookup === LOOKUP_PLT;
  const decisive = isCall ? found : findThrough(work, { ...query, lookup: LOOKUP_PLT }, reference);
  const isElsewhere = decisive !== undefined && decisive.to !== entry;
  return { ...base, ...(isElsewhere ? { to: entry, definition: reference } : found), kind: 'protected' };
}

/** What a binding leads to. */
interface Found {
  readonly to: LoadedObject;
  readonly definition: number;
}

function findThrough(work: ObjectWork, query: Query, reference: number): Found | undefined {
  const { entries, position, entry, scope, own } = work;
  const first = own?.find(query);
  if (first) return throughUnique(work, query, reference, { to: entry, definition: first.symbol });
  const match = scope.find(query);
  if (match === undefined) return undefined;
  const to = match.position === position ? entry : entries[match.position]!;
  return throughUnique(work, query, reference, { to, definition: match.symbol });
}

/** Whether a definition without a version stands in the object that the reference's version was to come from. */
function isInconsistent(
  { process, entry }: ObjectWork,
  query: Query,
  reference: number,
  to: LoadedObject,
): boolean {
  if (query.version === 0 || to.object.versions.versym !== undefined) return false;
  const { versym, byIndex } = entry.object.versions;
  const file = byIndex.get(versym![reference]! & VERSYM_INDEX)?.file;
  return file !== undefined && findNeeded(process, file) === to;
}

/**
 * STB_GNU_UNIQUE (glibc elf/dl-lookup.c, do_lookup_unique): the first definition found in a process is the one
 * for everybody after it, even when it was looked up in vain; a program's copy of it takes its place.
 */
function throughUnique({ unique, entry }: ObjectWork, query: Query, reference: number, found: Found): Found {
  const { to, definition } = found;
  if (symbolBinding(to.object.symbols.info[definition]!) !== STB.GNU_UNIQUE) return found;
  const isCopy = query.lookup === LOOKUP_COPY;
  const known = unique.get(query.name);
  if (known === undefined) unique.set(query.name, isCopy ? { to: entry, definition: reference } : found);
  return isCopy ? found : (known ?? found);
}
