/** Where text goes, in pieces of any size. */
export type Write = (text: string) => void;

/** Lines are handed on in pieces of about this many bytes. */
const CHUNK = 1 << 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text as the bytes that `Lines.bytes` takes: worth it for what stands in many lines. */
export const encode = (text: string): Uint8Array => encoder.encode(text);

const SPACE = 0x20;
const TILDE = 0x7e;
const NEWLINE = 0x0a;
const DIGITS = encode('0123456789abcdef');

/**
 * Puts lines together byte by byte. A table of fifty thousand symbols costs half of what it costs as strings,
 * which have to be made, joined and encoded one by one.
 */
export class Lines {
  private readonly write: Write;
  private buffer = new Uint8Array(CHUNK + 1024);
  private length = 0;

  constructor(write: Write) {
    this.write = write;
  }

  text(text: string): void {
    this.bytes(encode(text));
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const { buffer, length } = this;
    for (let index = 0; index < bytes.length; index++) buffer[length + index] = bytes[index]!;
    this.length += bytes.length;
  }

  /**
   * The bytes from `start` to the next NUL, if all of them are printable ASCII characters; nothing and `false`
   * otherwise.
   */
  plainName(bytes: Uint8Array, start: number): boolean {
    let at = this.length;
    for (let index = start; index < bytes.length; index++) {
      const byte = bytes[index]!;
      if (byte === 0) break;
      if (byte < SPACE || byte > TILDE) return false;
      if (at === this.buffer.length) this.grow(1);
      this.buffer[at++] = byte;
    }
    this.length = at;
    return true;
  }

  /** A whole number below 2^53 in base 10 or 16, after `prefix`, set to the right in `width` columns. */
  number(value: number, base: 10 | 16, prefix: Uint8Array, width: number): void {
    let digits = 1;
    for (let rest = Math.floor(value / base); rest > 0; rest = Math.floor(rest / base)) digits++;
    const used = prefix.length + digits;
    this.reserve(Math.max(width, used));
    for (let blank = used; blank < width; blank++) this.buffer[this.length++] = SPACE;
    for (let index = 0; index < prefix.length; index++) this.buffer[this.length++] = prefix[index]!;
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const next = Math.floor(rest / base);
      this.buffer[at] = DIGITS[rest - next * base]!;
      rest = next;
    }
    this.length += digits;
  }

  /** Ends a line. */
  newline(): void {
    this.reserve(1);
    this.buffer[this.length++] = NEWLINE;
    if (this.length >= CHUNK) this.flush();
  }

  /** Hands on what is left. */
  flush(): void {
    if (this.length > 0) this.write(decoder.decode(this.buffer.subarray(0, this.length)));
    this.length = 0;
  }

  private reserve(count: number): void {
    if (this.length + count > this.buffer.length) this.grow(count);
  }

  private grow(count: number): void {
    const larger = new Uint8Array((this.buffer.length + count) * 2);
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
