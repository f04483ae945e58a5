import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { bySeries, SERIES, type SeriesName } from '../../analyses/soak/observation.ts';
import { STAGES } from '../native-host/protocol.ts';

const WORD = 8;
/** A record of native/host/soak.c: the numbers in the order of `SERIES`, and what the call returned. */
const RECORD = (SERIES.length + 1) * WORD;
const STATE = 16;
const CHUNK = 1 << 20;

/** What the host is at. */
export interface SoakState {
  /** Completed rounds. */
  readonly done: number;
  /** The round at work. */
  readonly round: number;
  readonly stage: (typeof STAGES)[number];
}

/** The file into which the host writes a record after each round. It outlives the host. */
export class SoakRecords implements Disposable {
  readonly path: string;
  private readonly descriptor: number;

  constructor(path: string, rounds: number) {
    this.path = path;
    this.descriptor = openSync(path, 'wx+', 0o600);
    // Written, not only sized: a full disk shall be told here, and not by a signal to the host.
    const zeros = Buffer.alloc(CHUNK);
    for (let left = STATE + (rounds + 1) * RECORD; left > 0; left -= CHUNK) {
      writeSync(this.descriptor, zeros, 0, Math.min(left, CHUNK));
    }
  }

  get state(): SoakState {
    const bytes = this.read(0, STATE);
    return {
      done: Math.max(0, bytes.readUInt32LE(0) - 1),
      round: bytes.readUInt32LE(4),
      stage: STAGES[bytes.readUInt32LE(8)] ?? 'before',
    };
  }

  /** The columns of all completed rounds, and the results of the calls. */
  series(): { series: Record<SeriesName, readonly number[]>; results: BigUint64Array } {
    const count = this.read(0, STATE).readUInt32LE(0);
    const bytes = this.read(STATE, count * RECORD);
    // The host runs on this machine: its numbers are in the order of bytes that typed arrays have.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, (count * RECORD) / 4);
    const column = (at: number): number[] => {
      const values: number[] = [];
      for (let index = 2 * at; index < words.length; index += RECORD / 4) {
        values.push(numberOf(words[index]!, words[index + 1]!));
      }
      return values;
    };
    const series = bySeries((_, at) => column(at));
    const results = new BigUint64Array(Math.max(0, count - 1));
    for (let round = 1; round < count; round++) {
      results[round - 1] = bytes.readBigUInt64LE(round * RECORD + SERIES.length * WORD);
    }
    return { series, results };
  }

  private read(at: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(size);
    readSync(this.descriptor, bytes, 0, size, at);
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.descriptor);
  }
}

/** UNKNOWN_RESOURCE of native/host/resources.h has all bits set. */
const numberOf = (low: number, high: number): number =>
  high === 0xffff_ffff ? Number.NaN : high * 2 ** 32 + low;
