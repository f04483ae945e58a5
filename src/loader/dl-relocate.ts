import { STB, symbolBinding, symbolName, VERSYM_INDEX } from '../elf/index.ts';
import {
  type DynamicObject,
  LOOKUP_COPY,
  REFERENCE_LAZY,
  REFERENCE_STATIC_TLS,
  REFERENCE_TLS_DESCRIPTOR,
} from '../model/index.ts';
import { versionProblems } from './check-versions.ts';
import {
  type DlObject,
  type DlState,
  isNoDelete,
  markNoDelete,
  neighboursOf,
  scopeObjects,
} from './dl-state.ts';
import { type Binding, type Found, forEachReference, type LookupSite, lookUp, queryOf } from './resolve.ts';
import { isBelowThreadPointer, takeStaticTls } from './static-tls.ts';

/** Makes an object's scope the one that look-ups go through. */
export function enterScope(state: DlState, object: DlObject): LookupSite {
  const { index, scope, self } = state;
  const objects = scopeObjects(object.scope);
  scope.enter(objects.map(({ loaded }) => index.add(loaded.object, false)));
  const member = index.add(object.loaded.object, false);
  const isSymbolic = object.scope.some((element) => element.isSymbolic);
  if (isSymbolic) self.enter([member]);
  return {
    neighbours: neighboursOf(object.namespace),
    entry: object.loaded,
    member,
    scope,
    entries: objects.map(({ loaded }) => loaded),
    position: objects.indexOf(object),
    own: isSymbolic ? self : undefined,
    unique: object.namespace.unique,
  };
}

/** Compares the versions that new objects need, in lookup order; the first that is missing ends the open. */
export function versionRefusal({ list, namespace }: DlObject): string | undefined {
  const neighbours = neighboursOf(namespace);
  for (const { loaded, real } of list!) {
    if (real.isRelocated) continue;
    for (const problem of versionProblems(loaded, neighbours)) {
      if (problem.kind === 'no-library') return LOST_LIBRARY;
      if (problem.kind !== 'missing') continue;
      const { library, version, from } = problem;
      return `${library.path}: version \`${version}' not found (required by ${from.path})`;
    }
  }
  return undefined;
}

const LOST_LIBRARY =
  "Inconsistency detected by ld.so: dl-version.c: _dl_check_map_versions: Assertion `needed != NULL' failed!";

/** What is needed goes first. */
export function relocateAll(state: DlState, { dependencies }: DlObject, isLazy: boolean): string | undefined {
  for (const object of dependencies!.toReversed()) {
    const message = object.real.isRelocated ? undefined : relocate(state, object, isLazy);
    if (message !== undefined) return message;
  }
  return undefined;
}

/**
 * Relocates an object that was just mapped (glibc elf/dl-reloc.c, _dl_relocate_object); `isLazy` leaves calls
 * for later. Returns the text of dlerror(3) where something is missing; what was bound before it stays bound.
 */
function relocate(state: DlState, object: DlObject, isLazy: boolean): string | undefined {
  object.isRelocated = true;
  // The loader has relocated itself before anything else was there to look at.
  if (object.loaded.rule === 'loader') return undefined;
  const site = enterScope(state, object);
  const skipped = isLazy && !object.loaded.object.bindNow ? REFERENCE_LAZY : 0;
  let failure = useThreadStorage(state, object, object.loaded.object.threadLocals?.ownTraits ?? 0);
  if (failure !== undefined) return failure;
  let last: Binding | undefined;
  forEachReference(site.member, skipped, (reference, lookup, traits, isRemembered) => {
    if (!isRemembered || last === undefined) {
      last = bindReference(state, object, site, { reference, lookup, isRelocating: true });
      if (isFatal(last)) failure = undefinedSymbol(last);
    }
    const to = last.to && state.byLoaded.get(last.to);
    const places = (traits & REFERENCE_LAZY) === 0 ? object.bound : object.slots;
    places.set(reference, foundBy(last));
    if (to && failure === undefined) failure = useThreadStorage(state, to, traits);
    return failure === undefined;
  });
  return failure;
}

/**
 * Symbols that an object calls, has not called yet, and will not find as things stand: each ends the process then.
 * Nothing is bound.
 */
export function lostCalls(state: DlState, object: DlObject): number[] {
  const site = enterScope(state, object);
  // A look-up in vain leaves its mark among the unique symbols.
  const asking = { ...site, unique: new Map(site.unique) };
  const lost = new Set<number>();
  forEachReference(site.member, 0, (reference, lookup, traits) => {
    if ((traits & REFERENCE_LAZY) === 0 || object.slots.has(reference)) return true;
    const binding = lookUp(asking, queryOf(site.member, reference, lookup), reference);
    if (isFatal(binding) && !binding.isInconsistent) lost.add(reference);
    return true;
  });
  return [...lost];
}

/** What a binding leads to; undefined: to NULL. */
export const foundBy = ({ to, definition }: Binding): Found | undefined => to && { to, definition };

/** Whether a binding that found nothing ends the call that asked for it. */
export const isFatal = ({ from, reference, to, isInconsistent }: Binding): boolean =>
  isInconsistent || (to === undefined && symbolBinding(from.object.symbols.info[reference]!) !== STB.WEAK);

/** In ld.so's words, its path first. */
export function undefinedSymbol({ from, reference, isInconsistent }: Binding): string {
  if (isInconsistent) return LOST_VERSION;
  const version = versionOf(from.object, reference);
  const name = symbolName(from.object.symbols, reference);
  return `${from.path}: undefined symbol: ${name}${version === undefined ? '' : `, version ${version}`}`;
}

const LOST_VERSION =
  "Inconsistency detected by ld.so: dl-lookup.c: check_match: Assertion `version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!";

function versionOf({ versions }: DynamicObject, symbol: number): string | undefined {
  const index = (versions.versym?.[symbol] ?? 0) & VERSYM_INDEX;
  const version = versions.byIndex.get(index);
  return version === undefined || version.hash === 0 ? undefined : version.name;
}

/** A reference to be bound. */
interface Reference {
  readonly reference: number;
  readonly lookup: number;
  readonly isRelocating: boolean;
}

/** Looks a reference up and records what follows from it for unloading. */
export function bindReference(
  state: DlState,
  object: DlObject,
  site: LookupSite,
  { reference, lookup, isRelocating }: Reference,
): Binding {
  const query = queryOf(site.member, reference, lookup);
  const wasKnown = site.unique.has(query.name);
  const binding = lookUp(site, query, reference);
  if (!wasKnown && lookup !== LOOKUP_COPY) keepUnique(state, object, query.name, isRelocating);
  state.visit?.(binding, site.scope);
  const { to } = binding;
  if (to === undefined) return binding;
  addBond(object, state.byLoaded.get(to)!, symbolName(object.loaded.object.symbols, reference), isRelocating);
  return binding;
}

/** Whoever provides a unique symbol first stays for good (glibc elf/dl-lookup.c, do_lookup_unique). */
export function keepUnique(
  { byLoaded }: DlState,
  { namespace }: DlObject,
  name: number,
  isRelocating: boolean,
): void {
  const found = namespace.unique.get(name);
  const provider = found && byLoaded.get(found.to)!;
  if (provider?.kind !== 'opened' || isNoDelete(provider, isRelocating)) return;
  const symbol = symbolName(found!.to.object.symbols, found!.definition);
  markNoDelete(provider, isRelocating, { kind: 'nodelete', cause: 'unique', symbol });
}

/**
 * A binding keeps the object of the definition for as long as the one that refers to it stays (glibc
 * elf/dl-lookup.c, add_dependency).
 */
export function addBond(from: DlObject, to: DlObject, symbol: string, isRelocating: boolean): void {
  if (to.kind !== 'opened' || from === to || isNoDelete(to, isRelocating)) return;
  if (from.dependencies?.includes(to) || from.bonds?.some((bond) => bond.to === to)) return;
  if (from.kind !== 'opened') {
    markNoDelete(to, isRelocating, { kind: 'nodelete', cause: 'bound', by: from.loaded, symbol });
  } else {
    from.bonds = [...(from.bonds ?? []), { to, symbol }];
  }
}

/** What a thread-local relocation does to the object that its definition stands in. */
function useThreadStorage({ tls }: DlState, object: DlObject, traits: number): string | undefined {
  const { threadLocals, architecture } = object.loaded.object;
  const asked = traits & (REFERENCE_STATIC_TLS | REFERENCE_TLS_DESCRIPTOR);
  if (asked === 0 || threadLocals === undefined || typeof object.tls === 'number') return undefined;
  if (!isBelowThreadPointer(architecture)) return undefined;
  const isOptional = (asked & REFERENCE_STATIC_TLS) === 0;
  const place = object.tls === 'dynamic' ? undefined : takeStaticTls(tls, threadLocals, isOptional);
  if (place !== undefined) object.tls = place;
  if (place !== undefined || isOptional) return undefined;
  return `${object.loaded.path}: cannot allocate memory in static TLS block`;
}
