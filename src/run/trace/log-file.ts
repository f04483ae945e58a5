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
  return readdirSync(directory)
    .flatMap((name) => {
      const owner = ownerOf(name);
      return owner === undefined ? [] : [{ name, owner, path: join(directory, name) }];
    })
    .sort((a, b) => a.owner - b.owner);
}

/** Reads a whole log, a piece at a time; returns how many lines it has. */
export function readLog(path: string, kind: LogKind, onEvent: (event: TraceEvent) => void): number {
  const reader = new TraceReader(kind, onEvent);
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, 'r');
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      reader.push(decoder.write(buffer.subarray(0, size)));
    }
  } finally {
    closeSync(file);
  }
  reader.push(decoder.end());
  reader.end();
  return reader.lines;
}

/**
 * A log whose name ends in the number of a process was written by ld.so alone; any other may hold what the
 * program wrote to its standard error.
 */
export function sourceOf(path: string): LogKind & { readonly owner: number | undefined } {
  const [, owner] = /\.(\d+)$/.exec(basename(path)) ?? [];
  return owner === undefined
    ? { source: 'mixed', owner: undefined }
    : { source: 'loader', owner: Number(owner) };
}
