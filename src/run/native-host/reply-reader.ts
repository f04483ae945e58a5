/** Bytes on the pipe that no host has written. */
export class ForeignBytes extends Error {
  override readonly name = 'ForeignBytes';
}

const HEADER = 12;

/** The fields of one reply, in order. A read past its end throws `ForeignBytes`. */
export class Reply {
  readonly id: number;
  readonly status: number;
  private readonly bytes: Buffer;
  private readonly end: number;
  private pos: number;

  /** `bytes` holds the whole frame from `start` to `end`. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.id = bytes.readUInt32LE(start + 4);
    this.status = bytes.readUInt32LE(start + 8);
    this.pos = start + HEADER;
    this.end = end;
  }

  private take(size: number): number {
    const at = this.pos;
    if (this.end - at < size) throw new ForeignBytes(`a reply of ${this.end} bytes ends too early`);
    this.pos = at + size;
    return at;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.take(8));
  }

  f64(): number {
    return this.bytes.readDoubleLE(this.take(8));
  }

  /** The low half of eight bytes. */
  f32(): number {
    return this.bytes.readFloatLE(this.take(8));
  }

  /** A copy. */
  raw(size: number): Uint8Array {
    const at = this.take(size);
    return new Uint8Array(this.bytes.subarray(at, at + size));
  }

  /** Everything that is left, as a copy. */
  rest(): Uint8Array {
    return this.raw(this.end - this.pos);
  }

  string(): string {
    const size = this.u32();
    const at = this.take(size);
    return this.bytes.toString('utf8', at, at + size);
  }
}

/** Cuts what arrives into replies. `expects` tells the id that the next one must have: -1 for none. */
export class ReplyReader {
  private readonly expects: () => number;
  private readonly onReply: (reply: Reply) => void;
  /** The beginning of a frame whose end has not arrived: `filled` bytes of it. */
  private partial = Buffer.alloc(0);
  private filled = 0;

  constructor(expects: () => number, onReply: (reply: Reply) => void) {
    this.expects = expects;
    this.onReply = onReply;
  }

  /** Throws `ForeignBytes` for what cannot be the reply that is waited for. */
  push(arrived: Buffer): void {
    let chunk = arrived;
    let pos = 0;
    if (this.filled > 0) {
      if (this.filled < HEADER) {
        chunk = Buffer.concat([this.partial.subarray(0, this.filled), arrived]);
        this.filled = 0;
      } else {
        pos = arrived.copy(this.partial, this.filled);
        this.filled += pos;
        if (this.filled < this.partial.length) return;
        const frame = this.partial;
        this.filled = 0;
        this.partial = Buffer.alloc(0);
        this.onReply(new Reply(frame, 0, frame.length));
      }
    }
    while (chunk.length - pos >= HEADER) {
      const size = this.frameSize(chunk, pos);
      if (chunk.length - pos < size) {
        this.keep(chunk, pos, size);
        return;
      }
      this.onReply(new Reply(chunk, pos, pos + size));
      pos += size;
    }
    if (pos < chunk.length) this.keep(chunk, pos, chunk.length - pos);
  }

  private frameSize(chunk: Buffer, at: number): number {
    const size = chunk.readUInt32LE(at) + 4;
    const id = chunk.readUInt32LE(at + 4);
    if (size < HEADER || id !== this.expects()) throw new ForeignBytes(`reply ${id} of ${size} bytes`);
    return size;
  }

  private keep(chunk: Buffer, at: number, size: number): void {
    this.partial = Buffer.allocUnsafeSlow(size);
    this.filled = chunk.copy(this.partial, 0, at);
  }
}
