import type { TracedObject, TraceEvent } from './event.ts';

export interface EventFilter {
  /** `NAME` or `NAME@VERSION`. */
  readonly symbol?: string | undefined;
  /** A path, or the last part of one. */
  readonly object?: string | undefined;
}

/** Whether an event is about the symbol and the object; undefined where neither is asked for: every event is. */
export function eventFilter({ symbol, object }: EventFilter): ((event: TraceEvent) => boolean) | undefined {
  const tests = [
    ...(symbol === undefined ? [] : [isAboutSymbol(symbol)]),
    ...(object === undefined ? [] : [isAboutObject(object)]),
  ];
  return tests.length === 0 ? undefined : (event) => tests.every((test) => test(event));
}

function isAboutSymbol(symbol: string): (event: TraceEvent) => boolean {
  const [name, version] = symbol.split(/@+/) as [string, string?];
  return (event) => {
    if (event.kind === 'lookup') return event.symbol === name;
    if (event.kind !== 'bind') return false;
    return event.symbol === name && (version === undefined || event.version === version);
  };
}

function isAboutObject(object: string): (event: TraceEvent) => boolean {
  const isIt = (path: string): boolean => path === object || path.endsWith(`/${object}`);
  const has = (value: unknown): boolean => {
    if (typeof value === 'string') return isIt(value);
    if (Array.isArray(value)) return value.some((item) => typeof item === 'string' && isIt(item));
    return typeof value === 'object' && value !== null && isIt((value as TracedObject).path);
  };
  return ({ kind: _, pid: __, ...parts }) => Object.values(parts).some(has);
}
