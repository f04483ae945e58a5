import type { OutputListener } from '../native-host/start-host.ts';

const KEPT = 4096;

/** The end of what a process wrote to stderr. */
export class LastLine {
  private tail = Buffer.alloc(0);

  readonly listen: OutputListener = (stream, chunk) => {
    if (stream === 'stderr') this.tail = Buffer.concat([this.tail, chunk]).subarray(-KEPT);
  };

  /** Without the line break; empty when nothing was written. */
  get lastLine(): string {
    return this.tail.toString('utf8').trimEnd().split('\n').at(-1)!.trim();
  }
}
