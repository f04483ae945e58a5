/** Larger than any name: one compiler-made name of a megabyte still fits. */
const FIRST_BLOB = 1 << 20;
const FIRST_SLOTS = 1 << 16;

/**
 * Interned symbol names: equal bytes get one small number, across all objects of a run, so that look-ups
 * compare numbers. Names live back to back in one growing array; the table is open-addressed by the hash of
 * DT_GNU_HASH (h * 33 + c).
 */
export class NameTable {
  private blob = new Uint8Array(FIRST_BLOB);
  private blobEnd = 0;
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private hashes = new Uint32Array(FIRST_SLOTS);
  private starts = new Uint32Array(FIRST_SLOTS);
  private lengths = new Uint32Array(FIRST_SLOTS);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number of the NUL-terminated name at `offset`, a new one for a name not seen before. */
  intern(bytes: Uint8Array, offset: number): number {
    let end = offset;
    let hash = 5381;
    for (; end < bytes.length; end++) {
      const byte = bytes[end]!;
      if (byte === 0) break;
      hash = (Math.imul(hash, 33) + byte) | 0;
    }
    hash >>>= 0;
    const slot = this.find(hash, bytes, offset, end - offset);
    return this.slots[slot]! >= 0 ? this.slots[slot]! : this.add(slot, hash, bytes.subarray(offset, end));
  }

  /** The slot that holds the name, or the free one where it belongs. */
  private find(hash: number, bytes: Uint8Array, offset: number, length: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const name = this.slots[slot]!;
      if (name < 0) return slot;
      if (this.hashes[name] === hash && this.equals(name, bytes, offset, length)) return slot;
    }
  }

  private equals(name: number, bytes: Uint8Array, offset: number, length: number): boolean {
    if (this.lengths[name] !== length) return false;
    const start = this.starts[name]!;
    for (let index = 0; index < length; index++) {
      if (this.blob[start + index] !== bytes[offset + index]) return false;
    }
    return true;
  }

  private add(slot: number, hash: number, name: Uint8Array): number {
    const id = this.count++;
    if (this.blobEnd + name.length > this.blob.length) {
      const larger = new Uint8Array(Math.max(this.blob.length * 2, this.blobEnd + name.length));
      larger.set(this.blob);
      this.blob = larger;
    }
    this.blob.set(name, this.blobEnd);
    this.hashes[id] = hash;
    this.starts[id] = this.blobEnd;
    this.lengths[id] = name.length;
    this.blobEnd += name.length;
    this.slots[slot] = id;
    if (this.count * 2 > this.slots.length) this.grow();
    return id;
  }

  private grow(): void {
    const size = this.slots.length * 2;
    this.hashes = enlarge(this.hashes, size);
    this.starts = enlarge(this.starts, size);
    this.lengths = enlarge(this.lengths, size);
    this.slots = new Int32Array(size).fill(-1);
    for (let id = 0; id < this.count; id++) {
      let slot = this.hashes[id]! & (size - 1);
      while (this.slots[slot]! >= 0) slot = (slot + 1) & (size - 1);
      this.slots[slot] = id;
    }
  }
}

function enlarge(column: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(column);
  return larger;
}
