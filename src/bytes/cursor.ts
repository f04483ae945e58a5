import { FormatError } from './format-error.ts';

/** What a cursor needs to know to decode numbers of a file. */
export interface Encoding {
  readonly littleEndian: boolean;
  /** Whether addresses, offsets and sizes are eight bytes wide (ELFCLASS64) or four (ELFCLASS32). */
  readonly is64: boolean;
}

/**
 * A bounded reader over one part of a file. It knows the part's name and where the part starts, so every
 * error says `SECTION+0xOFFSET` with the offset from the start of the file.
 */
export class Cursor {
  readonly view: DataView;
  readonly section: string;
  /** File offset of the first byte of `view`. */
  readonly base: number;
  readonly littleEndian: boolean;
  readonly is64: boolean;
  readonly end: number;
  pos = 0;

  constructor(bytes: Uint8Array, encoding: Encoding, section: string, base = 0) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.section = section;
    this.base = base;
    this.littleEndian = encoding.littleEndian;
    this.is64 = encoding.is64;
    this.end = bytes.byteLength;
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  fail(code: FormatError['code'], detail: string, at = this.pos): never {
    throw new FormatError(code, this.section, this.base + at, detail);
  }

  seek(pos: number): this {
    // Written so that NaN fails too
    if (!(pos >= 0 && pos <= this.end))
      this.fail('truncated', `position ${pos} is outside ${this.end} bytes`);
    this.pos = pos;
    return this;
  }

  skip(count: number): this {
    return this.seek(this.pos + count);
  }

  private take(count: number): number {
    const at = this.pos;
    if (this.end - at < count) this.fail('truncated', `needs ${count} bytes, ${this.end - at} are left`);
    this.pos = at + count;
    return at;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), this.littleEndian);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), this.littleEndian);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), this.littleEndian);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.take(8), this.littleEndian);
  }

  /** An address: four or eight bytes by the file's class, lossless. */
  address(): bigint {
    return this.is64 ? this.u64() : BigInt(this.u32());
  }

  /** An offset, size or count: four or eight bytes by the file's class. A value past 2^53 cannot be real. */
  word(): number {
    if (!this.is64) return this.u32();
    const at = this.take(8);
    const low = this.view.getUint32(this.littleEndian ? at : at + 4, this.littleEndian);
    const high = this.view.getUint32(this.littleEndian ? at + 4 : at, this.littleEndian);
    if (high >= 0x200000) this.fail('bad-value', 'offset or size of 2^53 or more', at);
    return high * 0x1_0000_0000 + low;
  }

  bytes(count: number): Uint8Array {
    if (!(count >= 0)) this.fail('bad-value', `range of ${count} bytes`);
    const at = this.take(count);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, count);
  }
}
