import { chmodSync, closeSync, constants, type FSWatcher, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type TraceEvent, TraceReader } from '../../analyses/trace/index.ts';
import { CHUNK, logsIn, ownerOf } from './log-file.ts';

/** Milliseconds between looks at the directory, should the kernel's notices fail. */
const INTERVAL = 100;
/** A look at very many logs takes its time: it is not to be more than a tenth of all. */
const PAUSE = 10;

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
  /** Rejects when a log cannot be read, or the listener wants no more of it. */
  readonly failure: Promise<never>;
  private readonly directory: string;
  private readonly listener: TailListener;
  private readonly logs = new Map<string, Log>();
  private readonly changed = new Set<string>();
  private readonly buffer = Buffer.allocUnsafe(CHUNK);
  private readonly begun = performance.now();
  private readonly watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout;
  private pending: NodeJS.Immediate | undefined;
  private readonly fail: (error: unknown) => void;
  private now = 0;
  private isOver = false;

  constructor(directory: string, listener: TailListener) {
    this.directory = directory;
    this.listener = listener;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failure = promise;
    this.fail = reject;
    this.watcher = this.watchDirectory();
    this.timer = setTimeout(() => this.look(), INTERVAL);
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
    this.isOver = true;
    this.watcher?.close();
    clearTimeout(this.timer);
    if (this.pending !== undefined) clearImmediate(this.pending);
  }

  private look(): void {
    const begun = performance.now();
    this.attempt(() => this.readAll());
    if (this.isOver) return;
    this.timer = setTimeout(() => this.look(), Math.max(INTERVAL, PAUSE * (performance.now() - begun)));
  }

  /** Work that nobody waits for: what it throws goes to whoever waits for the program. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this[Symbol.dispose]();
      this.fail(error);
    }
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
      this.attempt(() => this.readChanged());
    });
  }

  private readChanged(): void {
    for (const log of [...this.changed]) this.read(log);
    this.changed.clear();
    this.listener.onPause();
  }

  private readAll(): void {
    for (const { name } of logsIn(this.directory)) this.read(name);
    this.listener.onPause();
  }

  private read(name: string): void {
    const log = this.logs.get(name) ?? this.enter(name);
    // The directory of root's traces is one that others may write to.
    const file = openSync(log.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
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
    openToOthers(log.path);
    this.listener.onProcess(owner);
    return log;
  }
}

/** A process of root that becomes somebody else's and executes a program goes on with the log that root began. */
function openToOthers(path: string): void {
  if (process.geteuid?.() === 0) chmodSync(path, 0o666);
}
