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
 * glibc elf/dl-open.c, dl_open_worker: maps the library and what it needs, all of it or nothing. References of
 * what is new are looked up in the global scope and then in the library's own, with RTLD_DEEPBIND the other way
 * round (elf/dl-object.c, _dl_new_object); with RTLD_GLOBAL the library's scope is then added to the global one.
 */
export function openLibrary(
  map: LinkMap,
  { name, deepBind, global: isGlobal }: OpenRequest,
  global: Mapped[],
  answers: Map<Mapped, MapEntry[]>,
): Opened {
  const [mapped, failures] = [map.mapped.length, map.failures.length];
  const refuse = (message: string): Opened => {
    map.mapped.length = mapped;
    map.failures.length = failures;
    return { kind: 'refused', name, message };
  };
  const root = mapLibrary(map, name, map.root);
  if ('refusal' in root) return refuse(refusalMessage(name, root));
  const own = collectDependencies(map, [root]);
  const missing = own.list.find((entry): entry is Faked => !isMapped(entry));
  if (missing) return refuse(`${map.failures[failures]?.path ?? missing.name}: ${missing.message}`);
  for (const [entry, answered] of own.answers) answers.set(entry, answered);
  const list = own.list.filter(isMapped);
  const scopes = deepBind ? [...list, ...global] : [...global, ...list];
  if (isGlobal) global.push(...list.filter((entry) => !global.includes(entry)));
  return { kind: 'opened', list, added: map.mapped.slice(mapped), scope: [...new Set(scopes)] };
}

/** The text of dlerror(3). */
const refusalMessage = (name: string, { refusal, reason, path }: Refused): string =>
  `${path ?? name}: ${refusal}${reason === undefined ? '' : `: ${reason}`}`;
