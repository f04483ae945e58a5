import { BoundedCounts } from './bounded-counts.ts';
import type { TraceEvent } from './event.ts';
import type { ImageTrace } from './trace-facts.ts';

/** Objects that are counted. */
const PROVIDERS = 1 << 10;
const TOP_SYMBOLS = 20;

/** Who provides definitions, and for which symbols they are wanted most. */
export class BindingCounts {
  private readonly providers = new BoundedCounts(PROVIDERS);
  private readonly bound: BoundedCounts;
  private readonly asked: BoundedCounts;

  /** `symbolLimit`: symbols that are counted. */
  constructor(symbolLimit: number) {
    this.bound = new BoundedCounts(symbolLimit);
    this.asked = new BoundedCounts(symbolLimit);
  }

  add(event: Extract<TraceEvent, { kind: 'bind' | 'lookup' }>): void {
    if (event.kind === 'lookup') this.asked.add(event.symbol);
    else {
      this.bound.add(event.symbol);
      this.providers.add(event.to.path);
    }
  }

  facts(): Pick<ImageTrace, 'providers' | 'symbols'> {
    const providers = this.providers.top(Number.POSITIVE_INFINITY);
    return {
      providers: providers.map(({ name, count }) => ({ object: name, bindings: count })),
      symbols: this.bound.top(TOP_SYMBOLS).map(({ name, count }) => ({
        symbol: name,
        bindings: count,
        lookups: this.asked.get(name),
      })),
    };
  }
}
