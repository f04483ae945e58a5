import { STB, STV, symbolBinding, symbolVisibility, VERSYM_INDEX } from '../elf/index.ts';
import { LOOKUP_COPY, LOOKUP_PLT, type LoadedObject } from '../model/index.ts';
import { findNeeded, type Neighbours } from './check-versions.ts';
import type { IndexedObject } from './definitions.ts';
import type { Query, Scope } from './lookup.ts';

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

/** What a binding leads to. */
export interface Found {
  readonly to: LoadedObject;
  readonly definition: number;
}

/** The definitions of unique symbols that were met first, by the number of the name. */
export type UniqueSymbols = Map<number, Found>;

/** An object whose references are looked up, and where. */
export interface LookupSite {
  readonly neighbours: Neighbours;
  readonly entry: LoadedObject;
  readonly member: IndexedObject;
  readonly scope: Scope;
  /** The scope's entries, by position; which of them the object is, -1 for none. */
  readonly entries: readonly LoadedObject[];
  readonly position: number;
  /** DF_SYMBOLIC: a scope of the object alone, which is asked first. */
  readonly own: Scope | undefined;
  readonly unique: UniqueSymbols;
}

/** One reference that relocation asks a definition for. */
export type ReferenceVisitor = (
  reference: number,
  lookup: number,
  traits: number,
  /** glibc remembers the last look-up of an object (elf/dynamic-link.h, RESOLVE_MAP): one, not two. */
  isRemembered: boolean,
) => boolean;

/**
 * Calls `visit` with each reference of an object that needs a definition, in the loader's order, until it returns
 * false; not with those that have a trait of `skipped`.
 */
export function forEachReference(member: IndexedObject, skipped: number, visit: ReferenceVisitor): void {
  const { symbol, lookup, traits } = member.object.references;
  let last = -1;
  let lastLookup = -1;
  for (let at = 0; at < symbol.length; at++) {
    const reference = symbol[at]!;
    if ((traits[at]! & skipped) !== 0 || isBoundHere(member, reference)) continue;
    const isRemembered = reference === last && lookup[at] === lastLookup;
    last = reference;
    lastLookup = lookup[at]!;
    if (!visit(reference, lastLookup, traits[at]!, isRemembered)) return;
  }
}

/** A local, hidden or internal symbol needs no look-up (glibc elf/dynamic-link.h, RESOLVE_MAP). */
function isBoundHere({ object: { symbols } }: IndexedObject, symbol: number): boolean {
  if (symbol >= symbols.count) return true;
  if (symbolBinding(symbols.info[symbol]!) === STB.LOCAL) return true;
  const visibility = symbolVisibility(symbols.other[symbol]!);
  return visibility === STV.HIDDEN || visibility === STV.INTERNAL;
}

/** The version that a reference asks for: the verneed or verdef entry of its versym index. */
export function queryOf({ object, names, versions }: IndexedObject, symbol: number, lookup: number): Query {
  const versym = object.versions.versym;
  const index = versym === undefined ? 0 : versym[symbol]! & VERSYM_INDEX;
  const version = versions[index] ?? 0;
  const versionHidden = version !== 0 && (object.versions.byIndex.get(index)?.hidden ?? false);
  return { name: names[symbol]!, version, versionHidden, lookup };
}

/** Looks one reference up (glibc elf/dl-lookup.c, _dl_lookup_symbol_x). */
export function lookUp(site: LookupSite, query: Query, reference: number): Binding {
  const { entry, member } = site;
  const base = { from: entry, reference, query, isInconsistent: false };
  const found = findThrough(site, query, reference);
  if (found === undefined) return { ...base, to: undefined, definition: 0, kind: 'normal' };
  if (isInconsistent(site, query, reference, found.to)) {
    return { ...base, to: undefined, definition: 0, kind: 'normal', isInconsistent: true };
  }
  const isProtected = symbolVisibility(member.object.symbols.other[reference]!) === STV.PROTECTED;
  if (!isProtected) return { ...base, ...found, kind: 'normal' };
  // The loader may let another object win, but a protected symbol's own object keeps its definition. For
  // anything but calls it asks once more, as for a call, so that the program's PLT entry does not count.
  const isCall = query.lookup === LOOKUP_PLT;
  const decisive = isCall ? found : findThrough(site, { ...query, lookup: LOOKUP_PLT }, reference);
  const isElsewhere = decisive !== undefined && decisive.to !== entry;
  return { ...base, ...(isElsewhere ? { to: entry, definition: reference } : found), kind: 'protected' };
}

function findThrough(site: LookupSite, query: Query, reference: number): Found | undefined {
  const { entries, position, entry, scope, own } = site;
  const first = own?.find(query);
  if (first) return throughUnique(site, query, reference, { to: entry, definition: first.symbol });
  const match = scope.find(query);
  if (match === undefined) return undefined;
  const to = match.position === position ? entry : entries[match.position]!;
  return throughUnique(site, query, reference, { to, definition: match.symbol });
}

/** Whether a definition without a version stands in the object that the reference's version was to come from. */
function isInconsistent(
  { neighbours, entry }: LookupSite,
  query: Query,
  reference: number,
  to: LoadedObject,
): boolean {
  if (query.version === 0 || to.object.versions.versym !== undefined) return false;
  const { versym, byIndex } = entry.object.versions;
  const file = byIndex.get(versym![reference]! & VERSYM_INDEX)?.file;
  return file !== undefined && findNeeded(neighbours, file) === to;
}

/**
 * STB_GNU_UNIQUE (glibc elf/dl-lookup.c, do_lookup_unique): the first definition found in a process is the one
 * for everybody after it, even when it was looked up in vain; a program's copy of it takes its place.
 */
function throughUnique({ unique, entry }: LookupSite, query: Query, reference: number, found: Found): Found {
  const { to, definition } = found;
  if (symbolBinding(to.object.symbols.info[definition]!) !== STB.GNU_UNIQUE) return found;
  const isCopy = query.lookup === LOOKUP_COPY;
  const known = unique.get(query.name);
  if (known === undefined) unique.set(query.name, isCopy ? { to: entry, definition: reference } : found);
  return isCopy ? found : (known ?? found);
}
