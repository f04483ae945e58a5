/** Numbers that depend on a seed alone (mulberry32): the same seed makes the same input on every machine. */
export class Prng {
  private state: number;

  constructor(seed: number) {
    // Neighbouring seeds give unrelated sequences
    this.state = Math.imul(seed ^ (seed >>> 16), 0x9e3779b1) | 0;
  }

  /** 32 bits. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}
