import { ET } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import { type Chunk, segmentKind } from './layout.ts';
import { readOnlyChunks } from './loader-chunks.ts';
import { codeChunks, dataChunks, writableChunks } from './program-chunks.ts';
import { toolChunks } from './tool-chunks.ts';

/** All sections of a file in the order in which they stand in it, section header 0 left out. */
export function planChunks(context: Context): Chunk[] {
  const linked = context.type !== ET.REL;
  const chunks = [
    ...(linked ? readOnlyChunks(context) : []),
    ...codeChunks(context),
    ...(linked ? writableChunks(context) : []),
    ...dataChunks(context),
    ...toolChunks(context),
  ];
  const order = ['R', 'RX', 'RW', 'none'];
  return chunks.toSorted((a, b) => order.indexOf(segmentKind(a)) - order.indexOf(segmentKind(b)));
}
