import { closeSync, type FSWatcher, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type TraceEvent, TraceReader } from '../../analyses/trace/index.ts';
import { CHUNK, logsIn, ownerOf } from './log-file.ts';

/** Milliseconds between looks at the directory, should the kernel's notices fail. */
const INTERVAL = 100;

interface Log {
  readonly path: string;
  readonly owner: number;
  readonly reader: TraceReader;
  readonly decoder: StringDecoder;
  offset: number;
}

export interface TailListener {
  /** `at`: milliseconds since the tail was started, when the line was read. */
  onEvent(event: TraceEvent, owner: number, at: number): void;
  /** A process has begun to write. */
  onProcess(pid: number): void;
  /** All that was there has been read. */
  onPause(): void;
}

/** Reads the logs that appear in a directory while they grow, and says when it saw what. */
export class LogTail implements Disposable {
  private readonly directory: string;
  private readonly listener: TailListener;
  private readonly logs = new Map<string, Log>();
  private readonly changed = new Set<string>();
  private readonly buffer = Buffer.allocUnsafe(CHUNK);
  private readonly begun = performance.now();
  private readonly watcher: FSWatcher | undefined;
  private readonly timer: NodeJS.Timeout;
  private pending: NodeJS.Immediate | undefined;
  private now = 0;

  constructor(directory: string, listener: TailListener) {
    this.directory = directory;
    this.listener = listener;
    this.watcher = this.watchDirectory();
    this.timer = setInterval(() => this.readAll(), INTERVAL);
  }

  /** Lines of all logs so far. */
  get lines(): number {
    return [...this.logs.values()].reduce((sum, { reader }) => sum + reader.lines, 0);
  }

  /** Reads what is left, and says what was held back in case it would go on. */
  end(): void {
    this.readAll();
    for (const { reader, decoder } of this.logs.values()) {
      reader.push(decoder.end());
      reader.end();
    }
  }

  [Symbol.dispose](): void {
    this.watcher?.close();
    clearInterval(this.timer);
    if (this.pending !== undefined) clearImmediate(this.pending);
  }

  /** undefined: the system has no more watches; the interval does. */
  private watchDirectory(): FSWatcher | undefined {
    try {
      const watcher = watch(this.directory, (_, name) => this.notice(name));
      return watcher.on('error', () => watcher.close());
    } catch {
      return undefined;
    }
  }

  private notice(name: string | null): void {
    if (name === null || ownerOf(name) === undefined) return;
    this.changed.add(name);
    this.pending ??= setImmediate(() => {
      this.pending = undefined;
      for (const log of [...this.changed]) this.read(log);
      this.changed.clear();
      this.listener.onPause();
    });
  }

  private readAll(): void {
    for (const { name } of logsIn(this.directory)) this.read(name);
    this.listener.onPause();
  }

  private read(name: string): void {
    const log = this.logs.get(name) ?? this.enter(name);
    const file = openSync(log.path, 'r');
    try {
      let size = this.readChunk(file, log);
      // Nothing came for a while: the last message does not go on in another line.
      if (size === 0) log.reader.settle();
      for (; size > 0; size = this.readChunk(file, log)) {
        this.now = performance.now() - this.begun;
        log.reader.push(log.decoder.write(this.buffer.subarray(0, size)));
      }
    } finally {
      closeSync(file);
    }
  }

  private readChunk(file: number, log: Log): number {
    const size = readSync(file, this.buffer, 0, CHUNK, log.offset);
    log.offset += size;
    return size;
  }

  private enter(name: string): Log {
    const owner = ownerOf(name)!;
    const log: Log = {
      path: join(this.directory, name),
      owner,
      reader: new TraceReader({ source: 'loader' }, (event) => this.listener.onEvent(event, owner, this.now)),
      decoder: new StringDecoder('utf8'),
      offset: 0,
    };
    this.logs.set(name, log);
    this.listener.onProcess(owner);
    return log;
  }
}
