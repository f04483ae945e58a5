/** What a timer takes; a longer time is waited for in pieces. */
const LONGEST = 2 ** 31 - 1;

/**
 * Allows a number of seconds for each step of work. Only one timer runs, whatever the number of steps: when it
 * fires and a step was done meanwhile, it is set again for the time that is left of the next.
 */
export class TimeLimit {
  private readonly milliseconds: number;
  private readonly onExceeded: () => void;
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  constructor(seconds: number, onExceeded: () => void) {
    this.milliseconds = seconds * 1000;
    this.onExceeded = onExceeded;
  }

  /** Work has begun, or there is none left. */
  busy(busy: boolean): void {
    if (!Number.isFinite(this.milliseconds)) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!busy) return;
    this.step();
    this.wait(this.milliseconds);
  }

  /** A step was done. */
  step(): void {
    this.since = performance.now();
  }

  private wait(milliseconds: number): void {
    const timer = setTimeout(
      () => {
        // What arrived while solder itself was busy is read first.
        setImmediate(() => {
          if (this.timer === timer) this.judge();
        });
      },
      Math.min(milliseconds, LONGEST),
    );
    this.timer = timer;
  }

  private judge(): void {
    const left = this.milliseconds - (performance.now() - this.since);
    if (left <= 0) this.onExceeded();
    else this.wait(left);
  }
}
