import type { TraceEvent } from '../trace/event.ts';
import { type RunPlace, shortName } from './run-place.ts';

/** What a call of the dlopen API leaves in ld.so's trace. Objects go by their short names. */
export interface Mark {
  readonly kind: 'open' | 'unload' | 'bind';
  readonly object: string;
  /** open: how many handles of the object there are now. */
  readonly count?: number;
  /** bind: by this the look-up is found again. */
  readonly key?: string;
}

/** A look-up as the trace names it: on whose behalf, of what. */
export const lookupKey = (from: string, symbol: string, version: string | undefined): string =>
  `${symbol}${version === undefined ? '' : `@${version}`} in ${from}`;

/**
 * The marks of one process until its end, which begins with the program's own destructors. Of the bindings only
 * those that a call asked for: an object that is not initialised yet is being relocated.
 */
export function callMarks(
  events: readonly TraceEvent[],
  lookups: ReadonlySet<string>,
  program: string,
  place: RunPlace,
): Mark[] {
  const name = (path: string) => nameIn(path, program, place);
  const initialised = new Set<string>();
  const marks: Mark[] = [];
  for (const event of events) {
    switch (event.kind) {
      case 'init':
        initialised.add(name(event.object));
        break;
      case 'initialize':
        initialised.add(name(event.program));
        break;
      case 'dlopen':
        marks.push({ kind: 'open', object: name(event.object.path), count: event.count });
        break;
      case 'unload':
        // What a dlopen mapped in vain is removed without ever having been initialised.
        if (initialised.delete(name(event.object.path))) {
          marks.push({ kind: 'unload', object: name(event.object.path) });
        }
        break;
      case 'bind': {
        const from = name(event.from.path);
        const key = lookupKey(from, event.symbol, event.version);
        if (lookups.has(key) && initialised.has(from))
          marks.push({ kind: 'bind', object: name(event.to.path), key });
        break;
      }
      case 'fini':
        if (name(event.object.path) === program) return marks;
    }
  }
  return marks;
}

/** In some messages the program has no name. */
export const nameIn = (path: string, program: string, place: RunPlace): string =>
  path === '' ? program : shortName(path, place);
