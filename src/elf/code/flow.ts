/** The jumps of one function, in the order of their addresses: where control goes. */
export class Flow {
  private readonly at: number[] = [];
  private readonly target: (number | undefined)[] = [];
  private readonly next: (number | undefined)[] = [];

  /** A jump, or with neither target nor next the end of a way: a return, a jump that leaves the function. */
  jump(at: number, target: number | undefined, next: number | undefined): void {
    this.at.push(at);
    this.target.push(target);
    this.next.push(next);
  }

  /** Whether the instruction at an address may run again after it has run, within one call of the function. */
  comesBackTo(address: number): boolean {
    const seen = new Set<number>();
    // The instruction itself is passed when a way begins at or before it and its next jump stands behind it.
    const pending = [address + 1];
    for (let from = pending.pop(); from !== undefined; from = pending.pop()) {
      const index = this.firstFrom(from);
      const end = this.at[index] ?? Number.POSITIVE_INFINITY;
      if (from <= address && address <= end) return true;
      if (seen.has(index) || index === this.at.length) continue;
      seen.add(index);
      for (const way of [this.target[index], this.next[index]]) if (way !== undefined) pending.push(way);
    }
    return false;
  }

  /** Whether every way from `start` to an end of the function passes the instruction at an address. */
  isPassedBy(start: number, address: number): boolean {
    const seen = new Set<number>();
    const pending = [start];
    for (let from = pending.pop(); from !== undefined; from = pending.pop()) {
      const index = this.firstFrom(from);
      const end = this.at[index] ?? Number.POSITIVE_INFINITY;
      if (from <= address && address <= end) continue;
      if (seen.has(index)) continue;
      seen.add(index);
      const ways = [this.target[index], this.next[index]].filter((way) => way !== undefined);
      if (ways.length === 0) return false;
      pending.push(...ways);
    }
    return true;
  }

  /** Index of the first jump that does not stand before an address. */
  private firstFrom(address: number): number {
    let low = 0;
    let high = this.at.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
