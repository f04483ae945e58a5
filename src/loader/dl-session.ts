import { DF_1 } from '../elf/index.ts';
import type { DlCall, DlOutcome, DynamicObject, LoadedObject, Process } from '../model/index.ts';
import { DefinitionIndex } from './definitions.ts';
import { closeObject, finaliseAll, wouldUnload } from './dl-close.ts';
import { emptyObject, initialise, sortDependencies } from './dl-objects.ts';
import { openObject, refusalOf } from './dl-open.ts';
import { lostCalls, relocateAll, versionRefusal } from './dl-relocate.ts';
import type { DlObject, DlState, Namespace } from './dl-state.ts';
import { findSymbol, placeObjects, type SymbolPlace, useFunction } from './dl-symbol.ts';
import type { LoadContext } from './environment.ts';
import type { LinkMap } from './link-map.ts';
import { startProcess } from './load-map.ts';
import { Scope } from './lookup.ts';
import { failureSubject } from './map-refusals.ts';
import type { BindingVisitor } from './resolve.ts';
import { layOutStaticTls } from './static-tls.ts';

export interface SessionOptions {
  /** LD_BIND_NOW is set. */
  readonly bindNow?: boolean;
  /** Is told every look-up that the loader makes for a reference, from the start. */
  readonly visit?: BindingVisitor;
}

/** A process that calls the dlopen API: each call changes it, and is answered with what it does. */
export interface DlSession {
  /** What is there before the program's first instruction. */
  readonly process: Process;
  /** Whose constructors the loader runs before the program's own, in this order. */
  readonly initialised: readonly LoadedObject[];
  /** Why the program does not start after all, in ld.so's words, its name left out: nothing is to be predicted. */
  readonly refusal: string | undefined;
  perform(call: DlCall): DlOutcome;
  /** Where dlsym(3) looks, in this order. */
  searched(call: Extract<DlCall, { call: 'dlsym' }>): readonly LoadedObject[];
  /** Symbols (their indexes) that an object will call lazily, and that nothing defines as things stand. */
  lostCalls(object: LoadedObject): readonly number[];
  /** The objects of a namespace (0: the base namespace), of all, or of all others, in link map order. */
  linkMap(namespace?: number | 'all' | 'others'): readonly LoadedObject[];
  /** The object of a handle, as long as it is loaded, and the number of its namespace. */
  handle(name: string): { readonly object: LoadedObject; readonly namespace: number } | undefined;
  /** What dlclose(3) of a handle would unload as things stand. */
  wouldUnload(name: string): readonly LoadedObject[];
  /**
   * An object's code has made thread-local objects that have destructors, in a thread that lives on
   * (__cxa_thread_atexit_impl): it stays.
   */
  keepForThread(object: LoadedObject): void;
  /** Whose destructors run when the process ends now, in this order. */
  exit(): readonly LoadedObject[];
}

/** What the program's dlopen calls have returned, by the names that it gives them. */
type Handles = Map<string, DlObject | undefined>;

/** Starts a program whose dlopen calls are to be predicted; `path` is its path as the user gave it. */
export function startSession(
  context: LoadContext,
  object: DynamicObject,
  path: string,
  options: SessionOptions = {},
): DlSession {
  const { process, state, initialised, refusal } = startState(context, object, path, options);
  const handles: Handles = new Map();
  return {
    process,
    initialised,
    refusal,
    perform: (call) => perform(state, handles, call),
    searched: (call) =>
      placeObjects(symbolPlace(state, call, (name) => findHandle(handles, name))).map(
        ({ real }) => real.loaded,
      ),
    lostCalls: (entry) => lostCalls(state, state.byLoaded.get(entry)!),
    linkMap: (namespace = 0) =>
      state.namespaces
        .filter(({ id }) => namespace === 'all' || (namespace === 'others' ? id > 0 : id === namespace))
        .flatMap(({ objects }) => objects.map(({ loaded }) => loaded)),
    handle(name) {
      const found = handles.get(name);
      if (found === undefined || found.isRemoved) return undefined;
      return { object: found.loaded, namespace: found.namespace.id };
    },
    wouldUnload(name) {
      const found = handles.get(name);
      return found === undefined ? [] : wouldUnload(found);
    },
    keepForThread(entry) {
      state.byLoaded.get(entry)!.hasThreadDestructors = true;
    },
    exit: () => finaliseAll(state),
  };
}

/** The answers to a list of calls that a program makes one after the other. */
export const performAll = (session: DlSession, calls: readonly DlCall[]): DlOutcome[] =>
  calls.map((call) => session.perform(call));

/** Undefined: the handle of an open that failed is NULL. */
function findHandle(handles: Handles, name: string): DlObject | undefined {
  if (!handles.has(name)) throw new RangeError(`no handle ${JSON.stringify(name)}`);
  return handles.get(name);
}

function perform(state: DlState, handles: Handles, call: DlCall): DlOutcome {
  const find = (name: string) => findHandle(handles, name);
  switch (call.call) {
    case 'dlopen': {
      const near = typeof call.namespace === 'object' ? find(call.namespace.of) : undefined;
      const caller = call.caller === undefined ? state.program : objectNamed(state, call.caller);
      const { object, outcome } = openObject(state, call, { near, caller });
      handles.set(call.handle, object);
      return outcome;
    }
    case 'dlsym':
      return findSymbol(state, call, symbolPlace(state, call, find));
    case 'dlclose': {
      const object = find(call.handle);
      if (object) return closeObject(state, object);
      return { call: 'dlclose', result: 'refused', message: 'the handle is NULL: dlclose() reads from it' };
    }
    case 'use':
      return useFunction(state, call, objectNamed(state, call.object));
  }
}

/** A handle that is NULL, of an open that failed, is RTLD_DEFAULT. */
function symbolPlace(
  state: DlState,
  { handle, caller }: Extract<DlCall, { call: 'dlsym' }>,
  find: (name: string) => DlObject | undefined,
): SymbolPlace {
  const from = caller === undefined ? state.program : objectNamed(state, caller);
  if (typeof handle !== 'string') return { kind: handle.pseudo, caller: from };
  const object = find(handle);
  return object ? { kind: 'handle', object } : { kind: 'default', caller: from };
}

/** By its path, the name that it was asked for by, its soname or its file's name; the oldest of several. */
function objectNamed({ namespaces }: DlState, name: string): DlObject {
  const objects = namespaces.flatMap((namespace) => namespace.objects);
  const found =
    objects.find(({ loaded }) => loaded.path === name) ??
    objects.find(({ mapped }) => mapped.names.has(name)) ??
    objects.find(({ loaded }) => loaded.path.endsWith(`/${name}`));
  if (found === undefined) throw new RangeError(`no object ${JSON.stringify(name)}`);
  return found;
}

/** The process as the loader leaves it to the program (glibc elf/rtld.c, dl_main). */
function startState(context: LoadContext, object: DynamicObject, path: string, options: SessionOptions) {
  const { process, map, loaded } = startProcess(context, object, path);
  const { version } = map.settings;
  const hasExecutableStack = process.scope.some((entry) => entry.object.executableStack);
  const refuse = (file: DynamicObject) => refusalOf(file, version, hasExecutableStack);
  const running: LinkMap = {
    ...map,
    mapped: map.mapped.filter((entry) => loaded.has(entry)),
    failures: [],
    refuse,
  };
  const namespace: Namespace = { id: 0, map: running, objects: [], unique: new Map() };
  const byLoaded = new Map<LoadedObject, DlObject>();
  for (const [mapped, entry] of loaded) {
    const kind = entry === process.root ? 'program' : 'startup';
    byLoaded.set(entry, emptyObject(mapped, entry, namespace, kind));
  }
  const findAll = (entries: Process['linkMap']) =>
    entries.flatMap((entry) => (entry.kind === 'loaded' ? [byLoaded.get(entry)!] : []));
  namespace.objects = findAll(process.linkMap);
  const program = byLoaded.get(process.root)!;
  const { block, places } = layOutStaticTls(namespace.objects.map((one) => one.loaded.object.threadLocals));
  namespace.objects.forEach((one, at) => {
    one.needed = findAll(process.dependencies.get(one.loaded) ?? []);
    if (one !== program) one.dependencies = [one, ...one.needed];
    one.isGlobal = true;
    one.tls = places[at];
    one.loadedBy = one.loaded.requester && byLoaded.get(one.loaded.requester);
    one.scope = [{ owner: program, isSymbolic: false }];
    if (one !== program && one.loaded.object.symbolic)
      one.scope = [{ owner: one, isSymbolic: true }, ...one.scope];
  });
  program.openCount = 1;
  program.list = findAll(process.scope);
  program.dependencies = sortDependencies(program);
  const index = new DefinitionIndex();
  const state: DlState = {
    glibcVersion: version,
    bindNow: options.bindNow ?? false,
    program,
    namespaces: [namespace],
    byLoaded,
    index,
    scope: new Scope(index, version),
    self: new Scope(index, version),
    tls: block,
    visit: options.visit,
    initFirst: namespace.objects.findLast(
      ({ loaded: entry }) => (entry.object.flags1 & DF_1.INITFIRST) !== 0,
    ),
    nextOrder: process.linkMap.length,
  };
  const refusal = missingAtStart(process) ?? versionRefusal(program) ?? lookupRefusal(state);
  return { process, state, refusal, initialised: initialise(state, program) };
}

function lookupRefusal(state: DlState): string | undefined {
  const message = relocateAll(state, state.program, !state.bindNow);
  return message && `symbol lookup error: ${message}`;
}

function missingAtStart({ linkMap, failures }: Process): string | undefined {
  const missing = linkMap.find((entry) => entry.kind === 'missing');
  const subject = failures[0] === undefined ? missing?.name : failureSubject(failures[0]);
  return missing && `error while loading shared libraries: ${subject}: ${missing.message}`;
}
