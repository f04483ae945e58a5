/**
 * Counts names without remembering more than `limit` of them: when there are more, those counted least are
 * forgotten. What is frequent stays, and is counted too low by no more than what was forgotten of it.
 */
export class BoundedCounts {
  private readonly limit: number;
  private counts = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  add(name: string): void {
    const count = this.counts.get(name);
    if (count !== undefined) this.counts.set(name, count + 1);
    else {
      if (this.counts.size >= this.limit) this.forget();
      this.counts.set(copyOf(name), 1);
    }
  }

  get(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** The most frequent, ties by name. */
  top(size: number): { name: string; count: number }[] {
    return [...this.counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
      .slice(0, size);
  }

  private forget(): void {
    const sorted = [...this.counts].sort((a, b) => b[1] - a[1]);
    this.counts = new Map(sorted.slice(0, this.limit >> 1));
  }
}

/** A string of its own: a slice would keep the whole text alive that it was cut from. */
export const copyOf = (text: string): string => ` ${text}`.slice(1);
