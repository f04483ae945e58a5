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
import { type Requester, searchLibrary } from './search.ts';
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

/** The growing link map and what goes with it. */
export interface LinkMap {
  readonly context: LoadContext;
  readonly settings: LoaderSettings;
  readonly root: Mapped;
  readonly mapped: Mapped[];
  readonly failures: { path: string; name: string; requester: Mapped; message: string }[];
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

/**
 * Answers one request for a library: by a name that an object has already, otherwise by the search, and then
 * by the file's identity (glibc elf/dl-load.c, _dl_map_object and _dl_map_object_from_fd).
 */
export function mapLibrary(
  map: LinkMap,
  name: string,
  requester: Mapped,
  rule?: SearchRule,
): Mapped | Refused {
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
      const { object, path, detail } = result;
      const twin = map.mapped.find((other) => isSameFile(other, object));
      if (twin) {
        twin.names.add(name);
        return twin;
      }
      const entry = {
        kind: 'loaded',
        name,
        path,
        object,
        rule: rule ?? result.rule,
        ruleDetail: detail,
      } as const;
      const origin = originOf(path, context.files.workingDirectory);
      const added = { entry, object, path, origin, loadedBy: requester, names: namesOf(object, name, path) };
      map.mapped.push(added);
      return added;
    }
  }
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
  const entry = mapLibrary(map, expanded, requester);
  if (!('refusal' in entry)) return entry;
  if (tag === DT.AUXILIARY) return undefined;
  const { refusal, reason, path, tried } = entry;
  const message = reason === undefined ? refusal : `${refusal}: ${reason}`;
  const isNew = !map.failures.some((failure) => failure.name === expanded && failure.path === path);
  if (path !== undefined && isNew) map.failures.push({ path, name: expanded, requester, message });
  return { name: expanded, requester, message, tried };
}
