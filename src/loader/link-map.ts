import { DT } from '../elf/index.ts';
import {
  type Dependency,
  type DynamicObject,
  isProgram,
  type LoadedObject,
  type MissingLibrary,
  type SearchRule,
} from '../model/index.ts';
import type { LoadContext, LoaderSettings } from './environment.ts';
import { isMapRefusal } from './map-refusals.ts';
import { type Requester, type SearchResult, searchLibrary } from './search.ts';
import { expandTokens, tokenValues } from './search-path.ts';

/** An object of the link map while the process is being built. */
export interface Mapped extends Requester {
  readonly entry: Omit<LoadedObject, 'order' | 'requester'>;
  readonly loadedBy: Mapped | undefined;
  /** All names that it answers to (glibc's l_libname list and l_name). */
  readonly names: Set<string>;
}

/** A library that was not found; glibc's trace mode keeps such a "fake" entry in the link map too. */
export interface Faked {
  readonly name: string;
  readonly requester: Mapped;
  readonly message: string;
  readonly tried: MissingLibrary['tried'];
}

export type MapEntry = Mapped | Faked;
export const isMapped = (entry: MapEntry): entry is Mapped => 'entry' in entry;

/** The growing link map of a namespace and what goes with it. */
export interface LinkMap {
  readonly context: LoadContext;
  readonly settings: LoaderSettings;
  /** The program. */
  readonly root: Mapped;
  readonly mapped: Mapped[];
  readonly failures: { path: string; name: string; requester: Mapped; message: string }[];
  /** The loader, where the link map does not begin with it: it is never mapped twice (dlmopen(3)). */
  readonly loader?: Mapped;
  /** What a process that runs already does not load, in ld.so's words. */
  readonly refuse?: (object: DynamicObject) => string | undefined;
}

export function rootEntry({ files }: LoadContext, object: DynamicObject, path: string): Mapped {
  // The kernel tells the loader the canonical path of a program; a library keeps the path it was asked for by.
  const origin = isProgram(object)
    ? directoryOf(files.realPath(path))
    : originOf(path, files.workingDirectory);
  const entry = { kind: 'loaded', name: path, path, object, rule: 'root', ruleDetail: undefined } as const;
  // The root does not answer to its path (elf/dl-object.c, _dl_new_object).
  return { entry, object, path, origin, loadedBy: undefined, names: namesOf(object) };
}

/** The loader maps itself first of all; every `ld-linux` entry is answered with it. */
export function loaderEntry({ context, settings, root }: LinkMap): Mapped | undefined {
  const path = settings.loaderPath;
  const outcome = context.files.open(path, root.object.architecture);
  if (outcome.kind !== 'object' || outcome.object === root.object) return undefined;
  const { object } = outcome;
  const entry = { kind: 'loaded', name: path, path, object, rule: 'loader', ruleDetail: undefined } as const;
  const origin = originOf(path, context.files.workingDirectory);
  return { entry, object, path, origin, loadedBy: undefined, names: namesOf(object, path) };
}

const namesOf = (object: DynamicObject, ...names: string[]) =>
  new Set(object.soname === undefined ? names : [...names, object.soname]);

const directoryOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';

/** `$ORIGIN` of a library: the directory of its path made absolute, not canonical (glibc elf/dl-object.c). */
function originOf(path: string, workingDirectory: string): string {
  return directoryOf(path.startsWith('/') ? path : `${workingDirectory}/${path}`);
}

/** A library that could not be mapped, and why; `path` where a file is to blame. */
export interface Refused {
  readonly refusal: string;
  /** What the system said, where it is part of a message. */
  readonly reason?: string | undefined;
  readonly path?: string;
  readonly tried: MissingLibrary['tried'];
}

/** A file that no object of the link map came from yet. */
type FoundFile = Extract<SearchResult, { kind: 'found' }>;

/**
 * Answers one request for a library: by a name that an object has already, otherwise by the search, and then
 * by the file's identity (glibc elf/dl-load.c, _dl_map_object and _dl_map_object_from_fd).
 */
function locate(map: LinkMap, name: string, requester: Mapped): Mapped | Refused | FoundFile {
  const known = map.mapped.find(({ names }) => names.has(name));
  if (known) return known;
  const { context, settings, root } = map;
  const result = searchLibrary(context, settings, name, requester, root);
  switch (result.kind) {
    case 'broken':
      return { refusal: result.message, path: result.path, tried: [] };
    case 'missing':
      return { refusal: result.message, reason: result.reason, tried: result.tried };
    case 'found': {
      const twin = map.mapped.find((other) => isSameFile(other, result.object));
      twin?.names.add(name);
      return twin ?? result;
    }
  }
}

/** RTLD_NOLOAD: undefined for a library that could be mapped, or would be refused only then. */
export function findMapped(map: LinkMap, name: string, requester: Mapped): Mapped | Refused | undefined {
  const located = locate(map, name, requester);
  if ('entry' in located) return located;
  return 'refusal' in located && !isMapRefusal(located.refusal) ? located : undefined;
}

/** How a library comes to be mapped. */
export interface MapRequest {
  readonly name: string;
  readonly requester: Mapped;
  readonly rule?: SearchRule;
  /** Asked for by dlopen(3): the requester only tells where to look. */
  readonly isOpened?: boolean;
}

export function mapLibrary(
  map: LinkMap,
  { name, requester, rule, isOpened = false }: MapRequest,
): Mapped | Refused {
  const located = locate(map, name, requester);
  if ('entry' in located || 'refusal' in located) return located;
  const loadedBy = isOpened ? undefined : requester;
  const added = isLoader(map, name, located) ?? newEntry(map, { name, loadedBy, rule }, located);
  if ('refusal' in added) return added;
  map.mapped.push(added);
  return added;
}

/** The entry that stands for the loader in a namespace of its own (glibc elf/dl-load.c, l_real). */
function isLoader({ loader }: LinkMap, name: string, { object, path }: FoundFile): Mapped | undefined {
  if (loader === undefined || !(loader.object === object || loader.names.has(name))) return undefined;
  return {
    ...loader,
    entry: { ...loader.entry, name, path },
    path,
    names: namesOf(loader.object, name, path),
  };
}

function newEntry(
  { context, refuse }: LinkMap,
  { name, loadedBy, rule }: { name: string; loadedBy: Mapped | undefined; rule: SearchRule | undefined },
  found: FoundFile,
): Mapped | Refused {
  const { object, path, detail: ruleDetail } = found;
  const refusal = refuse?.(object);
  if (refusal !== undefined) return { refusal, tried: [] };
  const entry = { kind: 'loaded', name, path, object, rule: rule ?? found.rule, ruleDetail } as const;
  const origin = originOf(path, context.files.workingDirectory);
  return { entry, object, path, origin, loadedBy, names: namesOf(object, name, path) };
}

/**
 * Only what the search has opened is known by its inode. The loader never learns that of the root, nor its
 * own: a request that leads to their files by another name gets a second copy.
 */
function isSameFile({ entry, object }: Mapped, other: DynamicObject): boolean {
  if (entry.rule === 'root' || entry.rule === 'loader') return false;
  if (object === other) return true;
  const [first, second] = [object.identity, other.identity];
  return first !== undefined && first.device === second?.device && first.inode === second.inode;
}

/**
 * The breadth-first list that is both load order and lookup scope (glibc elf/dl-deps.c,
 * _dl_map_object_deps). A filtee stands right before the object that names it.
 */
export function collectDependencies(map: LinkMap, start: readonly Mapped[]) {
  const list: MapEntry[] = [...start];
  const answers = new Map<Mapped, MapEntry[]>();
  for (let at = 0; at < list.length; ) {
    const current = list[at]!;
    if (!isMapped(current) || answers.has(current)) {
      at++;
      continue;
    }
    const answered: MapEntry[] = [];
    answers.set(current, answered);
    let insertAt = at;
    for (const dependency of current.object.dependencies) {
      const entry = answer(map, dependency, current);
      if (entry === undefined) continue;
      answered.push(entry);
      const place = list.indexOf(entry);
      if (dependency.tag === DT.NEEDED) {
        if (place < 0) list.push(entry);
      } else if (place < 0 || place > insertAt) {
        if (place >= 0) list.splice(place, 1);
        list.splice(insertAt++, 0, entry);
      }
    }
    // Filtees that now stand in front of the current object are next; otherwise its successor is.
    if (insertAt === at) at++;
  }
  return { list, answers };
}

/** undefined: nothing is loaded, and nothing is wrong. */
function answer(map: LinkMap, { tag, name }: Dependency, requester: Mapped): MapEntry | undefined {
  const expanded = expandTokens(name, tokenValues(map.settings, requester.origin));
  if (expanded === undefined) {
    // A name that cannot be expanded is skipped, but fatal for DT_AUXILIARY, which must not be fatal
    // otherwise: so it is written (elf/dl-deps.c, expand_dst and its callers).
    if (tag !== DT.AUXILIARY) return undefined;
    return { name, requester, message: 'empty dynamic string token substitution', tried: [] };
  }
  const entry = mapLibrary(map, { name: expanded, requester });
  if (!('refusal' in entry)) return entry;
  if (tag === DT.AUXILIARY) return undefined;
  const { refusal, reason, path, tried } = entry;
  const message = reason === undefined ? refusal : `${refusal}: ${reason}`;
  const isNew = !map.failures.some((failure) => failure.name === expanded && failure.path === path);
  if (path !== undefined && isNew) map.failures.push({ path, name: expanded, requester, message });
  return { name: expanded, requester, message, tried };
}
