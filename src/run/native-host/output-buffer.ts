const LIMIT = 1 << 20;

/** The first mebibyte of what a process printed on each of its streams. */
export class OutputBuffer {
  private readonly chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  private readonly sizes = { stdout: 0, stderr: 0 };

  add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const kept = chunk.subarray(0, LIMIT - this.sizes[stream]);
    if (kept.length === 0) return;
    this.sizes[stream] += kept.length;
    this.chunks[stream].push(kept);
  }

  /** As UTF-8. */
  text(stream: 'stdout' | 'stderr'): string {
    return Buffer.concat(this.chunks[stream]).toString('utf8');
  }
}
