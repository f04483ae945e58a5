import type { OpenedLibrary } from '../model/index.ts';
import {
  collectDependencies,
  type Faked,
  isMapped,
  type LinkMap,
  type MapEntry,
  type Mapped,
  mapLibrary,
  type Refused,
} from './link-map.ts';
import { failureSubject, isMapRefusal } from './map-refusals.ts';

/** A call of dlopen(3) that the program makes. */
export interface OpenRequest {
  readonly name: string;
  /** RTLD_DEEPBIND. */
  readonly deepBind?: boolean;
  /** RTLD_GLOBAL. */
  readonly global?: boolean;
}

/** An opened library before the process is finished. */
export type Opened =
  | {
      readonly kind: 'opened';
      readonly list: readonly Mapped[];
      readonly added: readonly Mapped[];
      readonly scope: readonly Mapped[];
    }
  | Extract<OpenedLibrary, { kind: 'refused' }>;

/**
 * Opens a library as far as its files go: what it needs is mapped, and nothing is looked up yet, so that what is
 * undefined refuses nothing (a session tells whether dlopen(3) succeeds). References of what is new are looked up
 * in the global scope and then in the library's own, with RTLD_DEEPBIND the other way round (glibc
 * elf/dl-object.c, _dl_new_object); with RTLD_GLOBAL the library's scope is then added to the global one.
 */
export function openLibrary(
  map: LinkMap,
  { name, deepBind, global: isGlobal }: OpenRequest,
  global: Mapped[],
  answers: Map<Mapped, MapEntry[]>,
): Opened {
  const before = sizeOf(map);
  const root = mapLibrary(map, { name, requester: map.root, isOpened: true });
  if ('refusal' in root) return { kind: 'refused', name, message: refusalMessage(name, root) };
  const tree = mapNeeded(map, root, before);
  if ('refusal' in tree) return { kind: 'refused', name, message: tree.refusal };
  for (const [entry, answered] of tree.answers) answers.set(entry, answered);
  const { list, added } = tree;
  const scopes = deepBind ? [...list, ...global] : [...global, ...list];
  if (isGlobal) global.push(...list.filter((entry) => !global.includes(entry)));
  return { kind: 'opened', list, added, scope: [...new Set(scopes)] };
}

/** How much a link map holds. */
export interface LinkMapSize {
  readonly mapped: number;
  readonly failures: number;
}

export const sizeOf = ({ mapped, failures }: LinkMap): LinkMapSize => ({
  mapped: mapped.length,
  failures: failures.length,
});

/** A library that is opened, with all that it needs. */
export interface MappedTree {
  readonly root: Mapped;
  /** Breadth-first. */
  readonly list: readonly Mapped[];
  /** What was not there before, in the order of the list. */
  readonly added: readonly Mapped[];
  readonly answers: ReadonlyMap<Mapped, MapEntry[]>;
}

/**
 * Maps what a library needs that was not there `before`: all of it, or nothing, with the text of dlerror(3) (glibc
 * elf/dl-deps.c, _dl_map_object_deps).
 */
export function mapNeeded(
  map: LinkMap,
  root: Mapped,
  before: LinkMapSize,
): MappedTree | { readonly refusal: string } {
  const { list: entries, answers } = collectDependencies(map, [root]);
  const missing = entries.find((entry): entry is Faked => !isMapped(entry));
  const failure = map.failures[before.failures];
  map.failures.length = before.failures;
  if (missing) {
    map.mapped.length = before.mapped;
    return { refusal: `${failure ? failureSubject(failure) : missing.name}: ${missing.message}` };
  }
  const list = entries.filter(isMapped);
  const fresh = new Set(map.mapped.slice(before.mapped));
  return { root, list, added: list.filter((entry) => fresh.has(entry)), answers };
}

/** The text of dlerror(3) for a library that cannot be mapped itself. */
export const refusalMessage = (name: string, { refusal, reason, path }: Refused): string =>
  `${isMapRefusal(refusal) ? name : (path ?? name)}: ${refusal}${reason === undefined ? '' : `: ${reason}`}`;
