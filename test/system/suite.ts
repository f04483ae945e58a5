/** What one comparison with the tools of the machine found. */
export interface Verification {
  readonly passed: number;
  readonly failed: number;
  /** What was compared, what was left out and why, and every difference. */
  readonly lines: readonly string[];
}

/** Tells somebody who waits how far the work is. */
export type Watch = (line: string) => void;
