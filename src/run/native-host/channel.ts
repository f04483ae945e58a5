import type { Socket } from 'node:net';
import { BadAddress, DlError, NotLoaded } from '../dl/errors.ts';
import { STATUS } from './protocol.ts';
import { ForeignBytes, type Reply, ReplyReader } from './reply-reader.ts';
import { RequestWriter } from './request-writer.ts';

/** One request: what is sent, what is made of the reply, and how it is called in messages. */
export interface Request<T> {
  readonly operation: number;
  /** May throw: nothing is sent then. */
  encode(writer: RequestWriter): void;
  decode(reply: Reply): T;
  /** `dlopen of libx.so`. */
  describe(): string;
}

interface Pending {
  readonly request: Request<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface ChannelEvents {
  /** The queue is empty, or no longer. */
  onBusy(busy: boolean): void;
  /** Replies have come. */
  onProgress(): void;
  /** What comes are no replies any more. */
  onGarbled(): void;
}

/** A batch that grows past so many bytes is sent at once. */
const BATCH = 1 << 16;
/** Answered requests are dropped from the front of the queue when there are so many. */
const DROP = 1 << 12;

/** Ids are 32 bits wide; 0 is that of the host's greeting. */
const nextId = (id: number): number => (id + 1) >>> 0;

/**
 * Requests on the way to the host, and their replies, which come in the same order. All requests of one turn
 * of the event loop are sent in one write.
 */
export class Channel {
  private readonly requests: Socket;
  private readonly writer = new RequestWriter();
  private readonly onBusy: (busy: boolean) => void;
  private queue: Pending[] = [];
  private head = 0;
  /** Ids of the next request and of the next reply. */
  private sending = 0;
  private expecting = 0;
  private flushing = false;
  private failure: Error | undefined;

  constructor(requests: Socket, replies: Socket, { onBusy, onProgress, onGarbled }: ChannelEvents) {
    this.requests = requests;
    this.onBusy = onBusy;
    const reader = new ReplyReader(
      () => (this.head < this.queue.length ? this.expecting : -1),
      (reply) => this.answer(reply),
    );
    replies.on('data', (chunk: Buffer) => {
      if (this.failure !== undefined) return;
      try {
        reader.push(chunk);
        onProgress();
      } catch (error) {
        if (!(error instanceof ForeignBytes)) throw error;
        onGarbled();
      }
    });
    // The host's end tells why a pipe broke.
    requests.on('error', () => {});
    replies.on('error', () => {});
    requests.resume();
  }

  /** The host is gone: every further request is rejected. */
  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** What the host is doing. */
  get current(): string | undefined {
    return this.queue[this.head]?.request.describe();
  }

  send<T>(request: Request<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure);
        return;
      }
      this.writer.begin(this.sending, request.operation);
      request.encode(this.writer);
      this.writer.finish();
      this.enqueue({ request, resolve: resolve as (value: unknown) => void, reject });
      if (this.writer.size >= BATCH) this.flush();
      else if (!this.flushing) {
        this.flushing = true;
        queueMicrotask(() => this.flush());
      }
    });
  }

  /** The greeting, which comes without a request. */
  greeting<T>(request: Pick<Request<T>, 'decode' | 'describe'>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const greeting = { operation: 0, encode: () => {}, ...request };
      this.enqueue({ request: greeting, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Rejects what the host was doing with `first`, and everything after it with `later`. */
  fail(first: Error, later: Error): void {
    this.failure = later;
    const open = this.queue.slice(this.head);
    this.queue = [];
    this.head = 0;
    for (const [index, { reject }] of open.entries()) reject(index === 0 ? first : later);
    if (open.length > 0) this.onBusy(false);
  }

  private enqueue(pending: Pending): void {
    this.sending = nextId(this.sending);
    this.queue.push(pending);
    if (this.queue.length - this.head === 1) this.onBusy(true);
  }

  private flush(): void {
    this.flushing = false;
    if (this.writer.size > 0 && this.failure === undefined) this.requests.write(this.writer.take());
  }

  private answer(reply: Reply): void {
    const { request, resolve, reject } = this.queue[this.head]!;
    const result = reply.status === STATUS.done ? request.decode(reply) : failureOf(reply, request);
    this.head++;
    this.expecting = nextId(this.expecting);
    if (this.head === this.queue.length) {
      this.queue = [];
      this.head = 0;
      this.onBusy(false);
    } else if (this.head === DROP) {
      this.queue.splice(0, DROP);
      this.head = 0;
    }
    if (result instanceof Error) reject(result);
    else resolve(result);
  }
}

const refusal = (message: string, what: string): DlError =>
  message === '' ? new NotLoaded(`${what}: it is not loaded`) : new DlError(message);

function failureOf(reply: Reply, request: Request<unknown>): Error {
  const what = request.describe();
  switch (reply.status) {
    case STATUS.refused:
      // dlerror(3) is silent about a library that RTLD_NOLOAD does not find.
      return refusal(reply.string(), what);
    case STATUS.badAddress:
      return new BadAddress(`${what}: nothing at address 0x${reply.u64().toString(16)}`);
    case STATUS.missing:
      return new DlError(`this C library has no ${reply.string()}`);
    case STATUS.noMemory:
      return new Error(`${what}: the host process has no memory left for it`);
    default:
      return new Error(`${what}: the host does not understand the request`);
  }
}
