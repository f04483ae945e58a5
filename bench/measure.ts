import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** What one run of a command cost, by the kernel's own books. */
export interface Measurement {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of processor time, user and system, of the command and every child that it waited for. */
  readonly cpu: number;
  /** Bytes of memory that the largest of these processes had resident at its peak. */
  readonly peak: number;
  /** Exit status; 128 and the signal's number for a command that was killed, as a shell says it. */
  readonly status: number;
  /** The last line that it wrote to stderr. */
  readonly complaint: string;
}

const SOURCE = new URL('measure.c', import.meta.url).pathname;
const BUILD = new URL('../build/bench/', import.meta.url).pathname;
const HELPER = `${BUILD}measure`;

/**
 * Runs a command with its output thrown away and says what it cost.
 *
 * The figures are those of wait4(2), which Node does not offer: the small program measure.c asks for them.
 * /usr/bin/time would do, but few machines have it; a shell's `times` counts in hundredths and knows no
 * memory; sampling /proc misses whatever happens after the last sample. A small parent matters as well: Linux
 * counts the memory of the process that forked into the peak of its child, which would be Node's 50 MB.
 */
export async function measure(command: readonly string[]): Promise<Measurement> {
  buildHelper();
  const child = spawn(HELPER, command, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  const [complaints, line] = await Promise.all([
    text(child.stderr!),
    text(child.stdio[3] as NodeJS.ReadableStream),
    ended,
  ]);
  const [wall, user, system, kibibytes, waitStatus] = line.trim().split(' ').map(Number);
  if (waitStatus === undefined) throw new Error(`${HELPER} failed: ${complaints}`);
  return {
    wall: wall!,
    cpu: user! + system!,
    peak: kibibytes! * 1024,
    status: exitStatus(waitStatus),
    complaint: complaints.trimEnd().split('\n').at(-1)!,
  };
}

/** The status word of wait(2): a signal in the low seven bits, otherwise the exit status above them. */
function exitStatus(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? waitStatus >> 8 : 128 + signal;
}

function buildHelper(): void {
  const built = statSync(HELPER, { throwIfNoEntry: false });
  if (built && built.mtimeMs > statSync(SOURCE).mtimeMs) return;
  mkdirSync(BUILD, { recursive: true });
  // Another process may be starting the helper just now: it must never see half a file.
  const fresh = `${HELPER}.${process.pid}`;
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-o', fresh, SOURCE], { stdio: 'inherit' });
  renameSync(fresh, HELPER);
}
