import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type LogKind, type TraceEvent, TraceReader } from '../../analyses/trace/index.ts';

/** Bytes that are read at once. */
export const CHUNK = 1 << 16;

const NAME = 'trace';
/** The value of LD_DEBUG_OUTPUT for a directory: ld.so adds a dot and the process number (ld.so(8)). */
export const logPrefix = (directory: string): string => join(directory, NAME);

/** The process that the loader has named a log after. */
export function ownerOf(name: string): number | undefined {
  const [, owner] = /^trace\.(\d+)$/.exec(name) ?? [];
  return owner === undefined ? undefined : Number(owner);
}

export interface LogFile {
  readonly name: string;
  readonly path: string;
  readonly owner: number;
}

/** The logs of a directory, by the process that each belongs to. */
export function logsIn(directory: string): LogFile[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const { name } = entry;
      const owner = entry.isFile() ? ownerOf(name) : undefined;
      return owner === undefined ? [] : [{ name, owner, path: join(directory, name) }];
    })
    .sort((a, b) => a.owner - b.owner);
}

/** A log as far as it is not its events. */
export interface ReadLog {
  readonly lines: number;
  /** Why it is none. */
  readonly trouble: string | undefined;
}

/** `owner` is the process that the log belongs to. */
export type EventListener = (event: TraceEvent, owner: number | undefined) => void;

/** Reads a whole log, once and a piece at a time, so that it may be a pipe. */
export function readLog(path: string, onEvent: EventListener): ReadLog {
  let reader: TraceReader | undefined;
  let isUnderstood = false;
  const begin = (start: Buffer): TraceReader => {
    const kind = kindOf(path, start);
    let { owner } = kind;
    return new TraceReader(kind, (event) => {
      // Of a log that names nobody the first process is taken for the one that has started the others.
      if (event.pid !== 0) owner ??= event.pid;
      isUnderstood ||= event.kind !== 'output' && event.kind !== 'unknown';
      onEvent(event, owner);
    });
  };
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(CHUNK);
  let packed: string | undefined;
  const file = openSync(path, 'r');
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      if (reader === undefined) {
        const start = buffer.subarray(0, size);
        packed = compressionOf(start);
        reader = begin(start);
      }
      reader.push(decoder.write(buffer.subarray(0, size)));
    }
  } finally {
    closeSync(file);
  }
  if (reader === undefined) return { lines: 0, trouble: 'an empty file' };
  reader.push(decoder.end());
  reader.end();
  const trouble = packed === undefined ? NOTHING : `compressed by ${packed}: uncompress it first`;
  return { lines: reader.lines, trouble: isUnderstood ? undefined : trouble };
}

const NOTHING = 'holds nothing that LD_DEBUG has written';

const MAGIC: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip'],
  ['425a68', 'bzip2'],
  ['fd377a58', 'xz'],
  ['28b52ffd', 'zstd'],
];

const compressionOf = (start: Buffer): string | undefined =>
  MAGIC.find(([magic]) => start.toString('hex', 0, magic.length / 2) === magic)?.[1];

/**
 * A log whose name ends in the number of a process, that of its first line, was written by ld.so alone; any other
 * may hold what the program wrote to its standard error.
 */
function kindOf(path: string, start: Buffer): LogKind & { readonly owner: number | undefined } {
  const [, owner] = /\.(\d+)$/.exec(basename(path)) ?? [];
  const [, first] = /^ *(\d+):\t/.exec(start.toString('latin1', 0, 64)) ?? [];
  if (owner === undefined || owner !== first) return { source: 'mixed', owner: undefined };
  return { source: 'loader', owner: Number(owner) };
}
