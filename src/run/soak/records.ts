import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { SERIES, type SeriesName } from '../../analyses/soak/observation.ts';
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
  series(): { series: Record<SeriesName, readonly number[]>; results: readonly bigint[] } {
    const count = this.read(0, STATE).readUInt32LE(0);
    const bytes = this.read(STATE, count * RECORD);
    const column = (at: number): number[] =>
      Array.from({ length: count }, (_, index) =>
        numberOf(bytes.readBigUInt64LE(index * RECORD + at * WORD)),
      );
    const series = Object.fromEntries(SERIES.map((name, at) => [name, column(at)]));
    const results = Array.from({ length: Math.max(0, count - 1) }, (_, index) =>
      bytes.readBigUInt64LE((index + 1) * RECORD + SERIES.length * WORD),
    );
    return { series: series as Record<SeriesName, readonly number[]>, results };
  }

  private read(at: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    readSync(this.descriptor, bytes, 0, size, at);
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.descriptor);
  }
}

/** UNKNOWN_RESOURCE of native/host/resources.h. */
const UNKNOWN = 0xffff_ffff_ffff_ffffn;

const numberOf = (value: bigint): number => (value === UNKNOWN ? Number.NaN : Number(value));
