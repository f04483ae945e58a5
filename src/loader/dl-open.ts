import { DF_1 } from '../elf/index.ts';
import type { DlCall, DlOutcome, DynamicObject, LoadedObject } from '../model/index.ts';
import { sweep } from './dl-close.ts';
import { connect, initialise, newObject } from './dl-objects.ts';
import { relocateAll, versionRefusal } from './dl-relocate.ts';
import { type DlObject, type DlState, isAlive, type Namespace } from './dl-state.ts';
import { inWords } from './error-words.ts';
import { findMapped, type LinkMap, mapLibrary } from './link-map.ts';
import { MAP_REFUSALS } from './map-refusals.ts';
import { type MappedTree, mapNeeded, refusalMessage, sizeOf } from './open-library.ts';

type OpenCall = Extract<DlCall, { call: 'dlopen' }>;

/** What dlopen(3) returned, and what it did. */
export interface OpenResult {
  /** undefined: NULL. */
  readonly object: DlObject | undefined;
  readonly outcome: DlOutcome;
}

/** With the text that dlerror(3) has. */
const refuse = (message: string): OpenResult => ({
  object: undefined,
  outcome: { call: 'dlopen', result: 'refused', message: inWords(message) },
});

/** glibc's limit of link maps, DL_NNS. */
const NAMESPACES = 16;

/** Who calls, and for dlmopen(3) an object of the wanted namespace. */
interface OpenPlace {
  readonly caller: DlObject;
  readonly near: DlObject | undefined;
}

/** dlopen(3) and dlmopen(3) (glibc elf/dl-open.c, dl_open_worker). */
export function openObject(state: DlState, call: OpenCall, { caller, near }: OpenPlace): OpenResult {
  const { file, mode } = call;
  const isElsewhere = call.namespace === 'new' || (near !== undefined && near.namespace.id !== 0);
  if (isElsewhere && file === null) return refuse('invalid namespace: Invalid argument');
  if (isElsewhere && mode.global) return refuse('invalid mode: Invalid argument');
  const subject = file === null ? '' : `${file}: `;
  if (mode.noBinding) return refuse(`${subject}invalid mode for dlopen(): Invalid argument`);
  const namespace = call.namespace === 'new' ? freeNamespace(state) : (near ?? caller).namespace;
  if (namespace === undefined) {
    return refuse(`${subject}no more namespaces available for dlmopen(): Invalid argument`);
  }
  if (call.namespace !== 'new' && !isAlive(namespace)) {
    return refuse(`${subject}invalid target namespace in dlmopen(): Invalid argument`);
  }
  // The program's own link map answers to the empty name.
  if (file === null || (file === '' && namespace.id === 0)) return openAgain(state, state.program, call);
  const { map } = namespace;
  const before = sizeOf(map);
  const root = mode.noLoad
    ? findMapped(map, file, caller.mapped)
    : mapLibrary(map, { name: file, requester: caller.mapped, isOpened: true });
  if (root === undefined) return { object: undefined, outcome: { call: 'dlopen', result: 'not-loaded' } };
  if ('refusal' in root) return refuse(refusalMessage(file, root));
  const known = namespace.objects.find((object) => object.mapped === root);
  if (known?.list !== undefined) return openAgain(state, known, call);
  const tree = mapNeeded(map, root, before);
  return 'refusal' in tree ? refuse(tree.refusal) : openNew(state, namespace, call, tree);
}

/** One that is open already, or was before: its flags are all that changes. */
function openAgain(state: DlState, object: DlObject, { mode }: OpenCall): OpenResult {
  object.openCount++;
  if (mode.noDelete) object.noDelete ??= { kind: 'nodelete', cause: 'flag' };
  const madeGlobal = mode.global && !object.isGlobal ? makeGlobal(state, object) : [];
  return opened(object, { added: [], initialised: [], madeGlobal });
}

function opened(
  object: DlObject,
  events: Record<'added' | 'initialised' | 'madeGlobal', readonly LoadedObject[]>,
): OpenResult {
  const { loaded, openCount: count } = object;
  return { object, outcome: { call: 'dlopen', result: 'opened', object: loaded, count, ...events } };
}

function freeNamespace(state: DlState): Namespace | undefined {
  const { namespaces } = state;
  const free = namespaces.findIndex((namespace) => !isAlive(namespace));
  const id = free < 0 ? namespaces.length : free;
  if (id >= NAMESPACES) return undefined;
  const base = namespaces[0]!;
  const loader = base.map.mapped.find(({ entry }) => entry.rule === 'loader');
  const map: LinkMap = { ...base.map, mapped: [], failures: [], ...(loader && { loader }) };
  const namespace: Namespace = { id, map, objects: [], unique: new Map() };
  namespaces[id] = namespace;
  return namespace;
}

/** Why a process that runs does not load a file (glibc elf/dl-load.c, _dl_map_object_from_fd). */
export function refusalOf(object: DynamicObject, glibcVersion: number, hasExecutableStack: boolean) {
  if ((object.flags1 & DF_1.NOOPEN) !== 0) return MAP_REFUSALS.notToBeOpened;
  const isStackFixed = glibcVersion >= STACK_FIXED_SINCE && !hasExecutableStack;
  return isStackFixed && object.executableStack ? MAP_REFUSALS.executableStack : undefined;
}

/** 2.41 NEWS: dlopen(3) no longer makes the stack executable. */
const STACK_FIXED_SINCE = 2041;

/** Makes an object and what it needs ready for use; all of it or nothing. */
function openNew(state: DlState, namespace: Namespace, { mode }: OpenCall, tree: MappedTree): OpenResult {
  const added = tree.added.map((entry) => newObject(state, namespace, entry, mode.deepBind));
  const object = connect(namespace, tree);
  object.openCount++;
  if (mode.noDelete) object.pendingNoDelete ??= { kind: 'nodelete', cause: 'flag' };
  const message = versionRefusal(object) ?? relocateAll(state, object, !mode.now && !state.bindNow);
  if (message !== undefined) {
    object.openCount--;
    if (object.openCount === 0 && object.kind === 'opened') sweep(state, object);
    return refuse(message);
  }
  activateNoDelete(namespace);
  extendScopes(object);
  const initialised = initialise(state, object);
  const madeGlobal = mode.global ? makeGlobal(state, object) : [];
  return opened(object, { added: added.map(({ loaded }) => loaded), initialised, madeGlobal });
}

/** Marks that earlier opens have left count too, even of those that failed. */
function activateNoDelete({ objects }: Namespace): void {
  for (const object of objects) {
    object.noDelete ??= object.pendingNoDelete;
    object.pendingNoDelete = undefined;
  }
}

/** What was opened before and is now part of this library's list finds what the library brought along. */
function extendScopes(object: DlObject): void {
  for (const one of object.list!) {
    if (!one.isInitialised || one.kind !== 'opened') continue;
    if (one.scope.some(({ owner, isSymbolic }) => owner === object && !isSymbolic)) continue;
    one.scope = [...one.scope, { owner: object, isSymbolic: false }];
  }
}

function makeGlobal({ program }: DlState, { list }: DlObject): LoadedObject[] {
  const added = list!.filter(({ isGlobal }) => !isGlobal);
  for (const object of added) object.isGlobal = true;
  program.list!.push(...added);
  return added.map(({ loaded }) => loaded);
}
