import type { Encoding } from '../../../src/bytes/index.ts';

/** A number in an assembled file that can be found, and made a lie, by its name. */
export interface Field {
  readonly label: string;
  /** Offset in bytes from the start of the block, of the file once the file is assembled. */
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8;
}

/** Bytes of one section or header, and the numbers in it. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
}

export type Value = number | bigint;

/** Writes numbers of one class and byte order; each may be given a label. */
export class Writer {
  readonly encoding: Encoding;
  length = 0;
  private buffer = new Uint8Array(256);
  private readonly fields: Field[] = [];

  constructor(encoding: Encoding) {
    this.encoding = encoding;
  }

  u8(value: Value, label?: string): this {
    return this.number(1, value, label);
  }

  u16(value: Value, label?: string): this {
    return this.number(2, value, label);
  }

  u32(value: Value, label?: string): this {
    return this.number(4, value, label);
  }

  u64(value: Value, label?: string): this {
    return this.number(8, value, label);
  }

  /** Four or eight bytes by the file's class. */
  word(value: Value, label?: string): this {
    return this.number(this.encoding.is64 ? 8 : 4, value, label);
  }

  bytes(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  zeros(count: number): this {
    this.reserve(count);
    this.length += count;
    return this;
  }

  /** Signed LEB128 (DWARF 5, section 7.6). */
  sleb128(value: Value): this {
    for (let rest = BigInt(value); ; ) {
      const group = Number(rest & 0x7fn);
      rest >>= 7n;
      const done = rest === (group & 0x40 ? -1n : 0n);
      this.u8(done ? group : group | 0x80);
      if (done) return this;
    }
  }

  block(): Block {
    return { bytes: this.buffer.slice(0, this.length), fields: this.fields };
  }

  private number(size: Field['size'], value: Value, label: string | undefined): this {
    this.reserve(size);
    if (label !== undefined) this.fields.push({ label, offset: this.length, size });
    setNumber(this.buffer, this.length, size, value, this.encoding.littleEndian);
    this.length += size;
    return this;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.buffer.length, this.length + count));
    grown.set(this.buffer);
    this.buffer = grown;
  }
}

/** Overwrites `size` bytes; values wrap to the field's width, so that -1 is its largest value. */
export function setNumber(
  bytes: Uint8Array,
  offset: number,
  size: Field['size'],
  value: Value,
  littleEndian: boolean,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wrapped = BigInt.asUintN(8 * size, BigInt(value));
  if (size === 8) view.setBigUint64(offset, wrapped, littleEndian);
  else if (size === 4) view.setUint32(offset, Number(wrapped), littleEndian);
  else if (size === 2) view.setUint16(offset, Number(wrapped), littleEndian);
  else view.setUint8(offset, Number(wrapped));
}

/** A string table that grows by the names asked for; offset 0 is the empty name. */
export class StringPool {
  private readonly offsets = new Map<string, number>([['', 0]]);
  private readonly parts: Uint8Array[] = [new Uint8Array(1)];
  size = 1;

  offset(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.size;
    const bytes = new TextEncoder().encode(`${text}\0`);
    this.offsets.set(text, offset);
    this.parts.push(bytes);
    this.size += bytes.length;
    return offset;
  }

  block(): Block {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, fields: [] };
  }
}
