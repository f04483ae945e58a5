import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';

/** Changes the type of a file's first dynamic relocation of the type `from` (x86-64). */
export function patchRelocation({ directory, write }: Bench, name: string, from: number, to: number): void {
  const bytes = readFileSync(join(directory, name));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shoff = Number(view.getBigUint64(40, true));
  const count = view.getUint16(60, true);
  for (let section = 0; section < count; section++) {
    const at = shoff + section * 64;
    if (view.getUint32(at + 4, true) !== 4) continue;
    const [offset, size] = [
      Number(view.getBigUint64(at + 24, true)),
      Number(view.getBigUint64(at + 32, true)),
    ];
    for (let entry = offset; entry < offset + size; entry += 24) {
      if (view.getUint32(entry + 8, true) !== from) continue;
      view.setUint32(entry + 8, to, true);
      write(name, bytes);
      return;
    }
  }
  throw new Error('no such relocation');
}
