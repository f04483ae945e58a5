import { setImmediate } from 'node:timers/promises';
import { OutputBuffer } from '../native-host/output-buffer.ts';

/** What a process prints, taken step by step. */
export class OutputTail {
  private buffer = new OutputBuffer();

  readonly add = (stream: 'stdout' | 'stderr', chunk: Buffer): void => this.buffer.add(stream, chunk);

  /** What came since the last time. */
  async take(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    // The reply that ended the step may have been read before what was printed ahead of it.
    await setImmediate();
    const { buffer } = this;
    this.buffer = new OutputBuffer();
    return { stdout: buffer.text('stdout'), stderr: buffer.text('stderr') };
  }
}
