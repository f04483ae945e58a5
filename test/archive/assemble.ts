/** Hand-made archives, for the variants that no tool on the machine writes and for damaged ones. */

export interface Member {
  /** The name field as it stands in the file, at most 16 characters. */
  readonly name: string;
  readonly contents?: Uint8Array | string;
  /** What the size field says, when it is not the size of the contents. */
  readonly size?: number | string;
  /** What follows contents of odd size; a line feed unless told. */
  readonly padding?: string;
}

export function archive(members: readonly Member[], magic = '!<arch>\n'): Uint8Array {
  const parts: Uint8Array[] = [bytes(magic)];
  for (const { name, contents = '', size, padding = '\n' } of members) {
    const body = bytes(contents);
    const field = String(size ?? body.length).padEnd(10);
    parts.push(
      bytes(
        `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${field}\`\n`,
      ),
    );
    parts.push(body);
    if (body.length % 2 === 1) parts.push(bytes(padding));
  }
  return join(parts);
}

/** Numbers of `size` bytes each. */
export function words(values: readonly (number | bigint)[], size: 4 | 8, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [index, value] of values.entries()) {
    if (size === 4) view.setUint32(index * 4, Number(value), littleEndian);
    else view.setBigUint64(index * 8, BigInt(value), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

export function join(parts: readonly (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(bytes)));
}

function bytes(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}
