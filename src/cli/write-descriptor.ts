import { writeSync } from 'node:fs';
import { ClosedOutput } from './errors.ts';

/** Characters that are encoded at once: a large string never needs a second large buffer. */
const SLICE = 1 << 20;

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes text, or its bytes in UTF-8, to a file descriptor and returns when the kernel has taken all of it, so a slow reader slows
 * the writer down instead of filling the memory. Throws `ClosedOutput` when the reader of a pipe is gone.
 */
export function writeDescriptor(descriptor: number, text: string | Uint8Array): void {
  if (typeof text !== 'string') {
    writeBytes(descriptor, text);
    return;
  }
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + SLICE, text.length);
    const isHighSurrogate = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    if (end < text.length && isHighSurrogate) end--;
    writeBytes(descriptor, Buffer.from(text.slice(start, end)));
    start = end;
  }
}

function writeBytes(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new ClosedOutput();
      // A pipe that somebody else set to non-blocking is full: give its reader a moment.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(clock, 0, 0, 2);
    }
  }
}

/** A line for people on stderr; a closed stderr changes nothing about the result. */
export function writeError(text: string): void {
  try {
    writeDescriptor(2, `${text}\n`);
  } catch {}
}
