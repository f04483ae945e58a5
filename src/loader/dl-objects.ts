import { DF_1 } from '../elf/index.ts';
import type { LoadedObject } from '../model/index.ts';
import { dependencySort } from './dependency-sort.ts';
import type { DlObject, DlState, Namespace, ScopeElement } from './dl-state.ts';
import type { MapEntry, Mapped } from './link-map.ts';
import type { MappedTree } from './open-library.ts';

type Kind = DlObject['kind'];

/** An object of which nothing is known yet but where it came from. */
export function emptyObject(
  mapped: Mapped,
  loaded: LoadedObject,
  namespace: Namespace,
  kind: Kind,
): DlObject {
  const byFile = (loaded.object.flags1 & DF_1.NODELETE) !== 0;
  const object: Omit<DlObject, 'real'> & { real?: DlObject } = {
    mapped,
    loaded,
    namespace,
    kind,
    needed: [],
    openCount: 0,
    noDelete: undefined,
    pendingNoDelete: byFile ? { kind: 'nodelete', cause: 'file' } : undefined,
    hasThreadDestructors: false,
    isRelocated: false,
    isInitialised: false,
    isGlobal: false,
    isRemoved: false,
    loadedBy: undefined,
    list: undefined,
    dependencies: undefined,
    scope: [],
    bonds: undefined,
    bound: new Map(),
    slots: new Map(),
    tls: undefined,
  };
  object.real = object as DlObject;
  return object as DlObject;
}

/** Takes a newly mapped file into a namespace (glibc elf/dl-object.c, _dl_new_object). */
export function newObject(
  state: DlState,
  namespace: Namespace,
  mapped: Mapped,
  isDeepBound = false,
): DlObject {
  const requester = namespace.objects.find((object) => object.mapped === mapped.loadedBy);
  const loaded = { ...mapped.entry, order: state.nextOrder++, requester: requester?.loaded };
  const object = emptyObject(mapped, loaded, namespace, 'opened');
  const loader = namespace.id > 0 && mapped.entry.rule === 'loader' ? loaderOf(state) : undefined;
  if (loader) object.real = loader;
  object.loadedBy = requester;
  object.scope = firstScope(object, namespace.objects[0], isDeepBound);
  namespace.objects.push(object);
  state.byLoaded.set(loaded, object.real);
  if ((loaded.object.flags1 & DF_1.INITFIRST) !== 0) state.initFirst = object;
  return object;
}

const loaderOf = ({ namespaces }: DlState) =>
  namespaces[0]!.objects.find(({ loaded }) => loaded.rule === 'loader');

/**
 * The global scope, then that of the library which was opened and brought this one along; with RTLD_DEEPBIND the
 * other way round. DF_SYMBOLIC puts the object itself in front, RTLD_DEEPBIND makes that needless.
 */
function firstScope(object: DlObject, head: DlObject | undefined, isDeepBound: boolean): ScopeElement[] {
  let opener = object;
  while (opener.loadedBy) opener = opener.loadedBy;
  const local = { owner: opener, isSymbolic: false };
  const scope =
    head === undefined || head === opener
      ? [local]
      : isDeepBound
        ? [local, { owner: head, isSymbolic: false }]
        : [{ owner: head, isSymbolic: false }, local];
  const isSymbolic = object.loaded.object.symbolic && !isDeepBound;
  return isSymbolic ? [{ owner: object, isSymbolic }, ...scope] : scope;
}

/**
 * Gives the library that is opened its list, and what is new in it its dependencies (glibc elf/dl-deps.c,
 * _dl_map_object_deps). Returns the library.
 */
export function connect({ objects }: Namespace, { root, list, answers }: MappedTree): DlObject {
  const byEntry = new Map<MapEntry, DlObject>(objects.map((object) => [object.mapped, object]));
  const find = (entries: readonly MapEntry[]) => entries.map((entry) => byEntry.get(entry)!);
  const opened = byEntry.get(root)!;
  for (const [entry, answered] of answers) {
    const object = byEntry.get(entry)!;
    object.needed = find(answered);
    if (object === opened || object.list !== undefined) continue;
    object.dependencies ??= [object, ...object.needed];
  }
  opened.list = find(list);
  const own = new Set(opened.list);
  opened.bonds = opened.bonds?.filter(({ to }) => !own.has(to) || to === opened);
  opened.dependencies = sortDependencies(opened);
  return opened;
}

/** The object itself first, what is needed behind what needs it. */
export function sortDependencies(object: DlObject): DlObject[] {
  const others = object.list!.filter((one) => one !== object);
  const sorted = dependencySort([object, ...others], ({ dependencies }) =>
    (dependencies ?? []).filter(({ kind }) => kind !== 'program'),
  );
  return [object, ...sorted.filter((one) => one !== object)];
}

/** Runs the constructors that have not run yet, of what is needed first (glibc elf/dl-init.c, _dl_init). */
export function initialise(state: DlState, { dependencies }: DlObject): LoadedObject[] {
  const order = [...(state.initFirst ? [state.initFirst] : []), ...dependencies!.toReversed()];
  state.initFirst = undefined;
  const called: LoadedObject[] = [];
  for (const object of order) {
    // The loader's stand-in in another namespace has nothing to run.
    if (object.isInitialised || object.real !== object) continue;
    object.isInitialised = true;
    // The program's own constructors are called by its C library.
    if (object.kind !== 'program') called.push(object.loaded);
  }
  return called;
}
