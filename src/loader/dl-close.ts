import type { DlOutcome, KeptBy, LoadedObject } from '../model/index.ts';
import { dependencySort } from './dependency-sort.ts';
import type { DlObject, DlState, Namespace } from './dl-state.ts';
import { returnStaticTls } from './static-tls.ts';

/** dlclose(3) (glibc elf/dl-close.c, _dl_close and _dl_close_worker). */
export function closeObject(state: DlState, object: DlObject): DlOutcome {
  const { path } = object.loaded;
  if (object.isRemoved || (object.noDelete === undefined && object.openCount === 0)) {
    // Of an object that is gone, the loader reads memory that was freed: this is what it mostly says.
    return { call: 'dlclose', result: 'refused', message: `${nameOf(object, path)}shared object not open` };
  }
  const brought = object.list ?? [object];
  let swept: Swept = NOTHING;
  if (object.noDelete === undefined) {
    object.openCount--;
    if (object.openCount === 0 && object.kind === 'opened') swept = sweep(state, object);
  }
  return {
    call: 'dlclose',
    result: 'closed',
    finalised: swept.finalised,
    unloaded: swept.unloaded,
    kept: brought
      .filter((one) => !one.isRemoved && (one.kind === 'opened' || one === object))
      .map((one) => ({ object: one.loaded, by: reasonsToKeep(one) })),
  };
}

const nameOf = ({ kind }: DlObject, path: string) => (kind === 'program' ? '' : `${path}: `);

interface Swept {
  readonly finalised: readonly LoadedObject[];
  readonly unloaded: readonly LoadedObject[];
}

const NOTHING: Swept = { finalised: [], unloaded: [] };

/** What dlclose(3) of an object would unload as things stand; nothing is closed. */
export function wouldUnload(object: DlObject): readonly LoadedObject[] {
  if (object.isRemoved || object.noDelete !== undefined || object.openCount !== 1) return [];
  object.openCount = 0;
  const used = markUsed(object.namespace);
  object.openCount = 1;
  return object.namespace.objects.filter((one) => !used.has(one)).map(({ loaded }) => loaded);
}

/** Removes what nothing keeps any more from the namespace of an object that was closed, or failed to open. */
export function sweep(state: DlState, closed: DlObject): Swept {
  const { namespace } = closed;
  const used = markUsed(namespace);
  const sorted = finalisationOrder(state, namespace.objects, closed);
  const gone = sorted.filter((object) => !used.has(object));
  if (gone.length === 0) return NOTHING;
  const finalised = gone.filter(({ isInitialised }) => isInitialised).map(({ loaded }) => loaded);
  for (const object of gone) {
    object.isInitialised = false;
    object.isRemoved = true;
  }
  for (const object of sorted) if (used.has(object)) leaveScopes(object, used);
  const global = state.program.list!;
  if (namespace.id === 0) state.program.list = global.filter(({ isRemoved }) => !isRemoved);
  returnStaticTls(
    state.tls,
    gone.map(({ tls, loaded }) => ({ place: tls, size: loaded.object.threadLocals?.size ?? 0 })),
  );
  forget(state, namespace, gone);
  return { finalised, unloaded: gone.map(({ loaded }) => loaded) };
}

/**
 * After an open that failed, glibc can be left with a unique symbol of an object that may still go: its entry then
 * points to unmapped memory. Here it is forgotten, as those of the objects that the open had mapped are.
 */
function forget(state: DlState, namespace: Namespace, gone: readonly DlObject[]): void {
  const removed = new Set(gone.map(({ loaded }) => loaded));
  namespace.objects = namespace.objects.filter(({ isRemoved }) => !isRemoved);
  const mapped = new Set(gone.map((object) => object.mapped));
  const kept = namespace.map.mapped.filter((entry) => !mapped.has(entry));
  namespace.map.mapped.splice(0, Number.POSITIVE_INFINITY, ...kept);
  for (const [name, { to }] of namespace.unique) if (removed.has(to)) namespace.unique.delete(name);
  if (state.initFirst?.isRemoved) state.initFirst = undefined;
}

/** Everything that must stay: what is open or marked, and what that depends on or is bound to. */
function markUsed({ objects }: Namespace): Set<DlObject> {
  const used = new Set<DlObject>();
  const use = (object: DlObject) => {
    if (used.has(object)) return;
    used.add(object);
    for (const dependency of object.dependencies ?? []) use(dependency);
    for (const { to } of object.bonds ?? []) use(to);
  };
  for (const object of objects) {
    const isRoot = object.kind !== 'opened' || object.openCount > 0 || object.hasThreadDestructors;
    if (isRoot || object.noDelete !== undefined) use(object);
  }
  return used;
}

/**
 * What stays loses the scopes of what goes; an object that only had its loader's gets one of its own in their
 * place.
 */
function leaveScopes(object: DlObject, used: ReadonlySet<DlObject>): void {
  if (object.kind !== 'opened') return;
  const isLost = ({ owner, isSymbolic }: DlObject['scope'][number]) => !isSymbolic && !used.has(owner);
  const first = object.scope.findIndex(isLost);
  if (first >= 0) {
    const kept = object.scope.filter((element) => !isLost(element));
    if (object.list === undefined && object.dependencies !== undefined) {
      object.list = [...object.dependencies];
      kept.splice(first, 0, { owner: object, isSymbolic: false });
    }
    object.scope = kept;
  }
  if (object.loadedBy?.isRemoved) object.loadedBy = undefined;
}

/** Since 2.39 what dlclose(3) was asked to close comes first, whatever depends on it. */
const CLOSED_FIRST_SINCE = 2039;

/**
 * The order in which destructors run: what needs or is bound to something goes before it; where both do not go
 * together, what is needed counts more (glibc elf/dl-sort-maps.c).
 */
function finalisationOrder(
  { glibcVersion }: DlState,
  objects: readonly DlObject[],
  closed?: DlObject,
): DlObject[] {
  const list = [...objects];
  const isClosedFirst = closed !== undefined && glibcVersion >= CLOSED_FIRST_SINCE;
  if (isClosedFirst) {
    list[list.indexOf(closed)] = list[0]!;
    list[0] = closed;
  }
  const needs = (object: DlObject) => (object.dependencies ?? []).filter(({ kind }) => kind !== 'program');
  let hasBonds = false;
  const sorted = dependencySort(list, (object) => {
    hasBonds ||= object.bonds !== undefined;
    return [...needs(object), ...(object.bonds ?? []).map(({ to }) => to).reverse()];
  });
  if (hasBonds) return dependencySort(sorted, needs);
  const first = list[0]!;
  return first.namespace.id === 0 || isClosedFirst
    ? [first, ...sorted.filter((one) => one !== first)]
    : sorted;
}

/** Why an object is still there. */
function reasonsToKeep(object: DlObject): KeptBy[] {
  const others = object.namespace.objects.filter((one) => one !== object);
  return [
    ...(object.kind === 'opened' ? [] : [{ kind: 'start' } as const]),
    ...(object.openCount > 0 && object.kind === 'opened'
      ? [{ kind: 'opened', count: object.openCount } as const]
      : []),
    ...(object.hasThreadDestructors ? [{ kind: 'thread-destructors' } as const] : []),
    ...(object.noDelete === undefined ? [] : [object.noDelete]),
    ...others
      .filter(({ needed }) => needed.includes(object))
      .map(({ loaded }) => ({ kind: 'needed', by: loaded }) as const),
    ...others.flatMap(({ loaded, bonds }) =>
      (bonds ?? [])
        .filter(({ to }) => to === object)
        .map(({ symbol }) => ({ kind: 'bound', by: loaded, symbol }) as const),
    ),
  ];
}

/**
 * Whose destructors run when the process ends (glibc elf/dl-fini.c): the newest namespace first, the program's
 * own last.
 */
export function finaliseAll(state: DlState): LoadedObject[] {
  return state.namespaces.toReversed().flatMap(({ objects }) => {
    const own = objects.filter((object) => object.real === object);
    if (own.length === 0) return [];
    return finalisationOrder(state, own)
      .filter(({ isInitialised }) => isInitialised)
      .map(({ loaded }) => loaded);
  });
}
