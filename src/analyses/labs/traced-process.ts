import type { BindingFacts } from '../bind-facts.ts';
import type { TraceEvent } from '../trace/event.ts';
import { TraceReader } from '../trace/trace-reader.ts';

/** What ld.so's trace told of one process. */
export interface TracedProcess {
  /** In the loader's order. */
  readonly events: readonly TraceEvent[];
  /** Each look-up as it was made. */
  readonly bindings: readonly BindingFacts[];
  /** The global lookup scope at the start, in lookup order; empty when the loader did not get so far. */
  readonly lookupOrder: readonly string[];
  /** The program's main was reached. */
  readonly started: boolean;
}

/** Reads what the loader wrote to the file of LD_DEBUG_OUTPUT. */
export function tracedProcess(text: string): TracedProcess {
  const events: TraceEvent[] = [];
  const reader = new TraceReader({ source: 'loader' }, (event) => events.push(event));
  reader.push(text);
  reader.end();
  return {
    events,
    bindings: events.flatMap((event): BindingFacts[] => {
      if (event.kind !== 'bind') return [];
      const { from, to, symbol, version, binding } = event;
      return [
        {
          from: from.path,
          symbol,
          ...(version === undefined ? {} : { version }),
          to: to.path,
          kind: binding,
        },
      ];
    }),
    lookupOrder: firstScope(events),
    started: events.some(({ kind }) => kind === 'transfer'),
  };
}

/** The first scope printed is the program's own. A temporary directory may have a blank in its path. */
function firstScope(events: readonly TraceEvent[]): readonly string[] {
  const scope = events.find((event) => event.kind === 'scope' && event.index === 0);
  return scope?.kind === 'scope' ? scope.objects.join(' ').split(/ (?=\.{0,2}\/)/) : [];
}
