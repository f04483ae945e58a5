import { SHN, STB, STT, STV, symbolBinding, symbolType, symbolVisibility } from '../elf/index.ts';
import { type DlCall, type DlOutcome, LOOKUP_ANY, REFERENCE_LAZY } from '../model/index.ts';
import type { IndexedObject } from './definitions.ts';
import {
  addBond,
  bindReference,
  enterScope,
  foundBy,
  isFatal,
  keepUnique,
  undefinedSymbol,
} from './dl-relocate.ts';
import { type DlObject, type DlState, scopeObjects } from './dl-state.ts';
import type { Query } from './lookup.ts';
import type { Found } from './resolve.ts';

type SymbolCall = Extract<DlCall, { call: 'dlsym' }>;
type UseCall = Extract<DlCall, { call: 'use' }>;

const refused = (call: DlOutcome['call'], message: string): DlOutcome => ({
  call,
  result: 'refused',
  message,
});

/** Where dlsym(3) looks. */
export type SymbolPlace =
  | { readonly kind: 'handle'; readonly object: DlObject }
  | { readonly kind: 'default' | 'next'; readonly caller: DlObject };

/** dlsym(3) and dlvsym(3) (glibc elf/dl-sym.c, do_sym). */
export function findSymbol(state: DlState, call: SymbolCall, place: SymbolPlace): DlOutcome {
  const asker = place.kind === 'handle' ? place.object : place.caller;
  const { index } = state;
  const query: Query = {
    name: index.nameNumber(call.symbol),
    version: call.version === undefined ? 0 : index.versionNumber(call.version),
    versionHidden: call.version !== undefined,
    lookup: LOOKUP_ANY,
    isNewest: true,
  };
  const found = findAmong(state, asker, placeObjects(place), query);
  if (found === undefined) {
    const version = call.version === undefined ? '' : `, version ${call.version}`;
    return refused('dlsym', `${asker.loaded.path}: undefined symbol: ${call.symbol}${version}`);
  }
  const object = state.byLoaded.get(found.to)!;
  if (place.kind === 'default') addBond(asker, object, call.symbol, false);
  const { symbols } = found.to.object;
  const isThreadLocal = symbolType(symbols.info[found.definition]!) === STT.TLS;
  // Its storage is allocated now, and not among that of the start any more.
  if (isThreadLocal) object.tls ??= 'dynamic';
  const isAbsolute = symbols.section[found.definition] === SHN.ABS;
  const isNull = isAbsolute && !isThreadLocal && symbols.value[found.definition] === 0n;
  return { call: 'dlsym', result: 'found', object: found.to, definition: found.definition, isNull };
}

/** The objects that are searched, in this order. */
export function placeObjects(place: SymbolPlace): readonly DlObject[] {
  switch (place.kind) {
    case 'handle':
      return place.object.list ?? [];
    case 'default':
      return scopeObjects(place.caller.scope);
    case 'next': {
      let opener = place.caller;
      while (opener.loadedBy) opener = opener.loadedBy;
      const list = opener.list ?? [];
      return list.slice(list.indexOf(place.caller) + 1);
    }
  }
}

function findAmong(
  state: DlState,
  asker: DlObject,
  objects: readonly DlObject[],
  query: Query,
): Found | undefined {
  const { index, scope } = state;
  scope.enter(objects.map(({ real }) => index.add(real.loaded.object, false)));
  const match = objects.length === 0 ? undefined : scope.find(query);
  if (match === undefined) return undefined;
  const found = { to: objects[match.position]!.real.loaded, definition: match.symbol };
  if (symbolBinding(found.to.object.symbols.info[found.definition]!) !== STB.GNU_UNIQUE) return found;
  const { unique } = asker.namespace;
  if (!unique.has(query.name)) {
    unique.set(query.name, found);
    keepUnique(state, asker, query.name, false);
  }
  return unique.get(query.name);
}

/**
 * A function is called: through its jump slot, which is bound now if it was not before (glibc elf/dl-runtime.c,
 * _dl_fixup), through a reference that was bound when the object was loaded, or, without any, at home.
 */
export function useFunction(state: DlState, { symbol }: UseCall, object: DlObject): DlOutcome {
  const { loaded, slots, bound } = object;
  const member = state.index.add(loaded.object, false);
  const asked = findReference(member, state.index.nameNumber(symbol));
  if (asked === undefined) return refused('use', `${loaded.path}: does not refer to ${symbol}`);
  const { reference, lookup, isSlot } = asked;
  const places = isSlot ? slots : bound;
  if (!places.has(reference)) {
    const isAtHome = symbolVisibility(loaded.object.symbols.other[reference]!) !== STV.DEFAULT;
    if (!isSlot || isAtHome) return usedAt({ to: loaded, definition: reference });
    const site = enterScope(state, object);
    const binding = bindReference(state, object, site, { reference, lookup, isRelocating: false });
    if (isFatal(binding)) return refused('use', `symbol lookup error: ${undefinedSymbol(binding)}`);
    places.set(reference, foundBy(binding));
  }
  const found = places.get(reference);
  return found ? usedAt(found) : refused('use', NULL_FUNCTION);
}

const usedAt = ({ to, definition }: Found): DlOutcome => ({
  call: 'use',
  result: 'bound',
  object: to,
  definition,
});

const NULL_FUNCTION = 'the weak symbol has no definition: its address is NULL';

/** The symbol of that name that the object's code refers to, in the first place that waits for a call. */
function findReference({ object, names }: IndexedObject, name: number) {
  const { symbol, lookup, traits } = object.references;
  let found: { reference: number; lookup: number; isSlot: boolean } | undefined;
  for (let at = 0; at < symbol.length; at++) {
    if (names[symbol[at]!] !== name) continue;
    const isSlot = (traits[at]! & REFERENCE_LAZY) !== 0;
    if (found === undefined || (isSlot && !found.isSlot)) {
      found = { reference: symbol[at]!, lookup: lookup[at]!, isSlot };
    }
  }
  return found;
}
