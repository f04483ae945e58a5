/**
 * Requests one behind the other in one buffer, which is sent as a whole. `begin`, the fields, `finish`: a
 * request that was not finished is overwritten by the next.
 */
export class RequestWriter {
  private bytes = Buffer.allocUnsafeSlow(1 << 14);
  private start = 0;
  private pos = 0;

  /** Bytes of finished requests. */
  get size(): number {
    return this.start;
  }

  begin(id: number, operation: number): void {
    this.pos = this.start;
    this.u32(0);
    this.u32(id);
    this.u32(operation);
  }

  finish(): void {
    this.bytes.writeUInt32LE(this.pos - this.start - 4, this.start);
    this.start = this.pos;
  }

  /** A copy of all finished requests; the writer is empty then. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.start);
    this.bytes.copy(taken, 0, 0, this.start);
    this.start = 0;
    return taken;
  }

  private room(size: number): number {
    const at = this.pos;
    if (at + size > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, at + size));
      this.bytes.copy(grown, 0, 0, at);
      this.bytes = grown;
    }
    this.pos = at + size;
    return at;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.room(4);
    this.bytes.writeUInt32LE(value, at);
  }

  /** Any integer of up to 64 bits, signed or not. */
  u64(value: bigint): void {
    const at = this.room(8);
    this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  }

  f64(value: number): void {
    const at = this.room(8);
    this.bytes.writeDoubleLE(value, at);
  }

  /** A float in the low half of eight bytes. */
  f32(value: number): void {
    const at = this.room(8);
    this.bytes.writeFloatLE(value, at);
    this.bytes.writeUInt32LE(0, at + 4);
  }

  raw(value: Uint8Array): void {
    const at = this.room(value.length);
    this.bytes.set(value, at);
  }

  /** A string with its NUL; undefined stands for none. */
  string(value: string | undefined): void {
    if (value === undefined) {
      this.u32(0);
      return;
    }
    if (value.includes('\0')) throw new RangeError(`a name with a NUL: ${JSON.stringify(value)}`);
    const size = Buffer.byteLength(value) + 1;
    this.u32(size);
    const at = this.room(size);
    this.bytes.write(value, at);
    this.bytes[at + size - 1] = 0;
  }
}
