import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import type { Creator } from '../../analyses/soak/observation.ts';
import type { CodeRange } from './bundled-runtime.ts';

/** The layout of `struct recorder_file` (native/recorder/table.h), in bytes. */
const MAGIC = 0x52444c53;
const OBJECTS = { count: 128, size: 512 };
const PASSED = 4096;
const NUMBERED = { keys: 1024, fds: 16384, signals: 65 } as const;
const NAMED = { threads: 8192, mappings: 8192, heap: 1 << 18 } as const;
const WORD = 8;
const HEADER = 16;

/** An address in a file: the return address of the call that made something. */
interface Site {
  readonly object: string;
  readonly address: bigint;
}

/** One thing that is still there. */
export interface Survivor {
  readonly resource: Creator['resource'];
  /** Number of the key, descriptor or signal; address of the rest. */
  readonly id: bigint;
  /** Bytes of a mapping or block; null for what has no size. */
  readonly bytes: number | null;
  /** A thread's: it has ended and waits for somebody to join it. */
  readonly ended: boolean;
  readonly site: Site;
}

const tablesSize = (tables: Readonly<Record<string, number>>, columns: number): number =>
  Object.values(tables).reduce((sum, entries) => sum + entries * columns * WORD, 0);

const NAMES_END = HEADER + OBJECTS.count * OBJECTS.size;
const TABLES = NAMES_END + OBJECTS.size + PASSED * 2 * WORD;
const SIZE = TABLES + tablesSize(NUMBERED, 1) + tablesSize(NAMED, 3);

/** `passed`: functions of a run time that is linked into the object that dlopen(3) knows by this name. */
export function makeRecorderFile(path: string, object: string, passed: readonly CodeRange[]): void {
  const start = Buffer.alloc(TABLES);
  const ranges = Buffer.byteLength(object) < OBJECTS.size ? passed.slice(0, PASSED) : [];
  start.writeUInt32LE(ranges.length, HEADER - 4);
  if (ranges.length > 0) start.write(object, NAMES_END);
  for (const [index, { start: first, end }] of ranges.entries()) {
    const at = NAMES_END + OBJECTS.size + index * 2 * WORD;
    start.writeBigUInt64LE(first, at);
    start.writeBigUInt64LE(end, at + WORD);
  }
  writeFileSync(path, start, { flag: 'wx', mode: 0o600 });
  truncateSync(path, SIZE);
}

/** A thread's state, in place of a size. */
const ENDED = 2n;

export interface Recorded {
  /** Everything whose end was not seen. */
  readonly survivors: readonly Survivor[];
  /** Things that were made and found no room. */
  readonly missed: number;
}

/** Undefined when the recorder never came to work. */
export function readRecorderFile(path: string): Recorded | undefined {
  const bytes = readFileSync(path);
  if (bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const names = Array.from({ length: Math.min(OBJECTS.count, bytes.readUInt32LE(4)) }, (_, index) => {
    const start = HEADER + index * OBJECTS.size;
    const name = bytes.subarray(start, start + OBJECTS.size);
    return name.toString('utf8', 0, Math.max(0, name.indexOf(0)));
  });
  const siteAt = (at: number): Site | undefined => {
    const word = bytes.readBigUInt64LE(at);
    const object = names[Number(word >> 48n) - 1];
    return object === undefined ? undefined : { object, address: word & 0xffff_ffff_ffffn };
  };
  const survivors: Survivor[] = [];
  let at = TABLES;
  for (const [resource, entries] of entriesOf(NUMBERED)) {
    for (let number = 0; number < entries; number++) {
      const site = siteAt(at + number * WORD);
      if (site !== undefined)
        survivors.push({ resource, id: BigInt(number), bytes: null, ended: false, site });
    }
    at += entries * WORD;
  }
  for (const [resource, entries] of entriesOf(NAMED)) {
    for (let number = 0; number < entries; number++) {
      const id = bytes.readBigUInt64LE(at + number * WORD);
      if (id <= 1n) continue;
      const site = siteAt(at + (entries + number) * WORD);
      const size = bytes.readBigUInt64LE(at + (2 * entries + number) * WORD);
      if (site === undefined) continue;
      const isThread = resource === 'threads';
      const ended = isThread && size === ENDED;
      survivors.push({ resource, id, bytes: isThread ? null : Number(size), ended, site });
    }
    at += entries * 3 * WORD;
  }
  return { survivors, missed: bytes.readUInt32LE(8) };
}

const entriesOf = <K extends string>(tables: Readonly<Record<K, number>>): [K, number][] =>
  Object.entries(tables) as [K, number][];
