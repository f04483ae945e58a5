import { WORDS } from './protocol.ts';

/** The part of a stack that was seen, from the stack pointer on. */
interface StackPiece {
  readonly start: bigint;
  readonly bytes: Uint8Array;
}

/** Who died, and when. */
interface Scene {
  /** Another thread than the one that does what is asked. */
  readonly isOtherThread: boolean;
  /** The host waited for a request. */
  readonly isWaiting: boolean;
}

/** What a dying host said: nothing at all when foreign code kept it from speaking. */
export interface LastWords {
  readonly fault:
    | {
        /** Number of the signal, and si_code. */
        readonly signal: number;
        readonly code: number;
        /** si_addr; 0 for a signal that was sent. */
        readonly address: bigint;
        readonly pc: bigint;
        readonly sp: bigint;
        /** The link register, on processors that have one; otherwise 0. */
        readonly link: bigint;
      }
    | undefined;
  /** exit(3) or quick_exit(3) was called. */
  readonly exit: 'exit' | 'quick_exit' | undefined;
  readonly scene: Scene | undefined;
  readonly stack: StackPiece;
  /** Text of /proc/PID/maps. */
  readonly mappings: string;
}

const HEADER = 8;
const NO_STACK: StackPiece = { start: 0n, bytes: new Uint8Array(0) };

/**
 * Reads the frames of a host's last words. A process may call exit(3) and die of a signal afterwards, in a
 * destructor: what came last counts. A frame that was cut off is left out.
 */
export function parseLastWords(bytes: Buffer): LastWords {
  let fault: LastWords['fault'];
  let exit: LastWords['exit'];
  let scene: Scene | undefined;
  let stack = NO_STACK;
  let mappings = '';
  for (let at = 0; bytes.length - at >= HEADER; ) {
    const size = bytes.readUInt32LE(at);
    const kind = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + HEADER, at + HEADER + size);
    if (body.length < size) break;
    at += HEADER + size;
    if (kind === WORDS.signal && size >= 48) {
      fault = {
        signal: body.readUInt32LE(0),
        code: body.readInt32LE(4),
        address: body.readBigUInt64LE(8),
        pc: body.readBigUInt64LE(16),
        sp: body.readBigUInt64LE(24),
        link: body.readBigUInt64LE(32),
      };
      scene = readScene(body, 40);
      mappings = '';
    } else if (kind === WORDS.exit && size >= 16) {
      exit = body.readUInt32LE(0) === 0 ? 'exit' : 'quick_exit';
      scene = readScene(body, 8);
      mappings = '';
    } else if (kind === WORDS.stack && size >= 8) {
      stack = { start: body.readBigUInt64LE(0), bytes: new Uint8Array(body.subarray(8)) };
    } else if (kind === WORDS.maps) {
      mappings += body.toString('utf8');
    }
  }
  return { fault, exit, scene, stack, mappings };
}

const readScene = (body: Buffer, at: number): Scene => ({
  isOtherThread: body.readUInt32LE(at) !== 0,
  isWaiting: body.readUInt32LE(at + 4) !== 0,
});
