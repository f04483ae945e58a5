import { SHT, STB } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import type { Chunk, Layout } from './layout.ts';
import { noteBlock } from './notes.ts';
import type { SymbolSpec } from './spec.ts';
import type { Block } from './writer.ts';

interface ChunkOptions {
  readonly align?: number;
  readonly entrySize?: number;
  readonly link?: string | number;
  readonly info?: string | number;
  readonly memorySize?: number;
}

/** One section; contents are made anew until the layout settles. */
export function chunk(
  name: string,
  type: number,
  flags: number,
  contents: (layout: Layout) => Block,
  options: ChunkOptions = {},
): Chunk {
  const { align = 1, entrySize = 0, link = 0, info = 0, memorySize = 0 } = options;
  return { name, type, flags, align, entrySize, link, info, memorySize, contents };
}

export const raw = (bytes: Uint8Array) => (): Block => ({ bytes, fields: [] });
export const NOTHING = raw(new Uint8Array(0));
export const text = (value: string) => new TextEncoder().encode(value);

export function symbolChunk(
  { encoding }: Context,
  name: string,
  type: number,
  flags: number,
  symbols: readonly SymbolSpec[],
  link: string,
  contents: (layout: Layout) => Block,
): Chunk {
  const info = 1 + symbols.filter(({ binding }) => binding === STB.LOCAL).length;
  const options = { align: encoding.is64 ? 8 : 4, entrySize: encoding.is64 ? 24 : 16, link, info };
  return chunk(name, type, flags, contents, options);
}

export function noteChunks({ spec, encoding }: Context, flags: number): Chunk[] {
  return (spec.notes ?? []).map((note, index) => {
    const contents = () => noteBlock(encoding, note, `note.${index}`);
    return chunk(note.section ?? `.note.${index}`, SHT.NOTE, flags, contents, { align: note.align ?? 4 });
  });
}
