import type { KeptBy, LoadedObject } from '../model/index.ts';
import type { Neighbours } from './check-versions.ts';
import type { DefinitionIndex } from './definitions.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import type { Scope } from './lookup.ts';
import type { BindingVisitor, Found, UniqueSymbols } from './resolve.ts';
import type { StaticTls, TlsPlace } from './static-tls.ts';

/** Why an object will never be unloaded. */
export type NoDelete = Extract<KeptBy, { kind: 'nodelete' }>;

/** A reference that keeps the object of its definition (glibc's l_reldeps). */
interface Bond {
  readonly to: DlObject;
  readonly symbol: string;
}

/**
 * One object of a running process: what glibc's struct link_map says of it (include/link.h), as far as the
 * calls of the dlopen API read or change it.
 */
export interface DlObject {
  readonly mapped: Mapped;
  readonly loaded: LoadedObject;
  readonly namespace: Namespace;
  /** l_type: only what was opened, or came along, can go again. */
  readonly kind: 'program' | 'startup' | 'opened';
  /** l_real: the object itself, or the process's one loader for its stand-in in another namespace. */
  real: DlObject;
  /** What its DT_NEEDED entries were answered with. */
  needed: readonly DlObject[];
  /** l_direct_opencount: open handles. */
  openCount: number;
  /** l_nodelete_active and l_nodelete_pending: the latter counts once some dlopen(3) has succeeded. */
  noDelete: NoDelete | undefined;
  pendingNoDelete: NoDelete | undefined;
  /** l_tls_dtor_count is not 0: a thread that lives has destructors to run out of it. */
  hasThreadDestructors: boolean;
  isRelocated: boolean;
  /** l_init_called. */
  isInitialised: boolean;
  /** l_global: in the global scope. */
  isGlobal: boolean;
  isRemoved: boolean;
  /** l_loader: whose DT_NEEDED brought it; undefined for what dlopen(3) itself asked for. */
  loadedBy: DlObject | undefined;
  /** l_searchlist: the object and what it needs, breadth-first; the program's is the global scope. */
  list: DlObject[] | undefined;
  /** l_initfini: the object, then what it needs; of what was opened, all of that, sorted. */
  dependencies: readonly DlObject[] | undefined;
  /** l_scope. */
  scope: readonly ScopeElement[];
  /** Empty: there were some that its own dependencies made needless. */
  bonds: Bond[] | undefined;
  /** What its references are bound to, by symbol; undefined: to NULL. */
  readonly bound: Map<number, Found | undefined>;
  /** What its jump slots lead to, by symbol, as far as they are bound. */
  readonly slots: Map<number, Found | undefined>;
  tls: TlsPlace;
}

/** One list of a lookup scope: an object's own list, or (DF_SYMBOLIC) the object alone. */
export interface ScopeElement {
  readonly owner: DlObject;
  readonly isSymbolic: boolean;
}

/** A link map of its own (dlmopen(3)); 0 is the base namespace, LM_ID_BASE. */
export interface Namespace {
  readonly id: number;
  readonly map: LinkMap;
  /** In link map order. */
  objects: DlObject[];
  readonly unique: UniqueSymbols;
}

/** A process between two calls. */
export interface DlState {
  readonly glibcVersion: number;
  /** LD_BIND_NOW. */
  readonly bindNow: boolean;
  readonly program: DlObject;
  /** By id; one without objects is free. */
  readonly namespaces: Namespace[];
  /** Every object there ever was, by its finished entry. */
  readonly byLoaded: Map<LoadedObject, DlObject>;
  readonly index: DefinitionIndex;
  readonly scope: Scope;
  readonly self: Scope;
  readonly tls: StaticTls;
  readonly visit: BindingVisitor | undefined;
  /** DF_1_INITFIRST: whose constructors run before all others at the next occasion. */
  initFirst: DlObject | undefined;
  /** Position of the next object in load order. */
  nextOrder: number;
}

export const isNoDelete = ({ noDelete, pendingNoDelete }: DlObject, isRelocating: boolean): boolean =>
  noDelete !== undefined || (isRelocating && pendingNoDelete !== undefined);

/** While objects are being relocated the mark is pending: the dlopen(3) may yet fail. */
export function markNoDelete(object: DlObject, isRelocating: boolean, cause: NoDelete): void {
  if (isRelocating) object.pendingNoDelete ??= cause;
  else object.noDelete ??= cause;
}

/** The objects of a scope in lookup order, each once. */
export function scopeObjects(scope: readonly ScopeElement[]): DlObject[] {
  const objects = new Set<DlObject>();
  for (const { owner, isSymbolic } of scope) {
    if (isSymbolic) continue;
    for (const object of owner.list ?? []) objects.add(object.real);
  }
  return [...objects];
}

/** What version checks of an object of the namespace go through. */
export const neighboursOf = ({ objects }: Namespace): Neighbours => ({
  scope: objects.map(({ real }) => real.loaded),
  dependencies: new Map(objects.map(({ loaded, needed }) => [loaded, needed.map(({ real }) => real.loaded)])),
});

export const isAlive = (namespace: Namespace): boolean => namespace.objects.length > 0;
