import type { DynamicObject, LoadedObject, MissingLibrary, OpenedLibrary, Process } from '../model/index.ts';
import type { LoadContext, LoaderSettings } from './environment.ts';
import {
  collectDependencies,
  type Faked,
  isMapped,
  type LinkMap,
  loaderEntry,
  type MapEntry,
  type Mapped,
  mapLibrary,
  rootEntry,
} from './link-map.ts';
import { type Opened, type OpenRequest, openLibrary } from './open-library.ts';

/**
 * What the loader maps before the program's first instruction (glibc elf/rtld.c, elf/dl-deps.c): the root, the
 * preloads, then breadth-first whatever is needed. `path` is the root's path as the user gave it; `requests` are
 * what the program opens later, in this order.
 */
export function loadProcess(
  context: LoadContext,
  object: DynamicObject,
  path: string,
  requests: readonly OpenRequest[] = [],
): Process {
  const started = mapProcess(context, object, path);
  const { map, list, answers } = started;
  const global = list.filter(isMapped);
  const opened = requests.map((request) => openLibrary(map, request, global, answers));
  return freeze({ ...started, opened }).process;
}

/** A process before its first instruction, and the finished entry of each object of its link map. */
export interface StartedProcess {
  readonly process: Process;
  readonly map: LinkMap;
  readonly loaded: ReadonlyMap<Mapped, LoadedObject>;
}

export function startProcess(context: LoadContext, object: DynamicObject, path: string): StartedProcess {
  const started = mapProcess(context, object, path);
  return { map: started.map, ...freeze({ ...started, opened: [] }) };
}

function mapProcess(context: LoadContext, object: DynamicObject, path: string) {
  const settings = context.settingsFor(object);
  const root = rootEntry(context, object, path);
  const map: LinkMap = { context, settings, root, mapped: [root], failures: [] };
  const loader = loaderEntry(map);
  if (loader) map.mapped.push(loader);
  const ignoredPreloads: Faked[] = [];
  const preloads: Mapped[] = [];
  for (const { name, from } of preloadNames(context, settings)) {
    const before = map.mapped.length;
    const entry = mapLibrary(map, { name, requester: root, rule: 'preload' });
    if ('refusal' in entry) {
      const message = `object '${name}' from ${from} cannot be preloaded (${entry.refusal}): ignored`;
      ignoredPreloads.push({ name, requester: root, message, tried: entry.tried });
    } else if (map.mapped.length > before) {
      // What was there before, the loader above all, stays where it is (elf/rtld.c, do_preload).
      preloads.push(entry);
    }
  }
  const { list, answers } = collectDependencies(map, [root, ...preloads]);
  return { map, list, answers, ignoredPreloads };
}

/** LD_PRELOAD, separated by spaces and colons, then /etc/ld.so.preload (ld.so(8); glibc elf/rtld.c). */
function preloadNames({ options }: LoadContext, { preloads }: LoaderSettings) {
  const names = (options.preload ?? '').split(/[ :]+/).filter((name) => name !== '');
  return [
    ...names.map((name) => ({ name, from: 'LD_PRELOAD' })),
    ...preloads.map((name) => ({ name, from: '/etc/ld.so.preload' })),
  ];
}

/** All that a process is made of. */
interface Unfinished {
  readonly map: LinkMap;
  readonly list: readonly MapEntry[];
  readonly answers: ReadonlyMap<Mapped, readonly MapEntry[]>;
  readonly ignoredPreloads: readonly Faked[];
  readonly opened: readonly Opened[];
}

/** The finished process: every entry knows its position and who asked for it. */
function freeze({ map, list, answers, ignoredPreloads, opened }: Unfinished) {
  const linkMap = loaderInPlace(list);
  const later = opened.flatMap((library) => (library.kind === 'opened' ? library.added : []));
  const orders = new Map([...linkMap, ...later].map((entry, order) => [entry, order]));
  const loaded = new Map<Mapped, LoadedObject>();
  const missing = new Map<Faked, MissingLibrary>();
  const finishMapped = (entry: Mapped): LoadedObject => {
    let finished = loaded.get(entry);
    if (finished === undefined) {
      const requester = entry.loadedBy && finishMapped(entry.loadedBy);
      finished = { ...entry.entry, order: orders.get(entry) ?? -1, requester };
      loaded.set(entry, finished);
    }
    return finished;
  };
  const finishFaked = (entry: Faked): MissingLibrary => {
    let finished = missing.get(entry);
    if (finished === undefined) {
      const { name, message, tried } = entry;
      const requester = finishMapped(entry.requester);
      finished = { kind: 'missing', order: orders.get(entry) ?? -1, name, requester, message, tried };
      missing.set(entry, finished);
    }
    return finished;
  };
  const finish = (entry: MapEntry) => (isMapped(entry) ? finishMapped(entry) : finishFaked(entry));
  const process: Process = {
    root: finishMapped(map.root),
    linkMap: linkMap.map(finish),
    scope: list.filter(isMapped).map(finishMapped),
    dependencies: new Map(
      [...answers].map(([entry, answered]) => [finishMapped(entry), answered.map(finish)]),
    ),
    failures: map.failures.map((failure) => ({ ...failure, requester: finishMapped(failure.requester) })),
    ignoredPreloads: ignoredPreloads.map(finishFaked),
    opened: opened.map((library): OpenedLibrary => {
      if (library.kind === 'refused') return library;
      const { list: own, added, scope } = library;
      const root = finishMapped(own[0]!);
      return {
        kind: 'opened',
        root,
        list: own.map(finishMapped),
        added: added.map(finishMapped),
        scope: scope.map(finishMapped),
      };
    }),
  };
  return { process, loaded };
}

/** The loader stands right behind the object before it in the scope, which has no missing ones (elf/rtld.c). */
function loaderInPlace(list: readonly MapEntry[]): readonly MapEntry[] {
  const at = list.findIndex((entry) => isMapped(entry) && entry.entry.rule === 'loader');
  let to = at;
  while (to > 0 && !isMapped(list[to - 1]!)) to--;
  return to === at ? list : [...list.slice(0, to), list[at]!, ...list.slice(to, at), ...list.slice(at + 1)];
}
