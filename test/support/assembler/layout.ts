import { SHF, SHN, SHT } from '../../../src/elf/index.ts';
import type { Block } from './writer.ts';

/** A section to be: its contents may depend on where all sections end up. */
export interface Chunk {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly align: number;
  readonly entrySize: number;
  readonly link: string | number;
  readonly info: string | number;
  /** For SHT_NOBITS; others take what their contents take. */
  readonly memorySize: number;
  contents(layout: Layout): Block;
}

/** A section with its place. */
export interface Placed {
  readonly chunk: Chunk;
  readonly index: number;
  readonly offset: number;
  readonly address: bigint;
  readonly block: Block;
  /** Bytes in memory. */
  readonly size: number;
}

/** Where everything is; sections that do not exist (yet) are at 0 and empty. */
export class Layout {
  readonly sections: readonly Placed[];
  /** End of the last section's bytes in the file. */
  readonly end: number;
  private readonly byName = new Map<string, Placed>();

  constructor(sections: readonly Placed[], end: number) {
    this.sections = sections;
    this.end = end;
    for (const section of sections) {
      if (!this.byName.has(section.chunk.name)) this.byName.set(section.chunk.name, section);
    }
  }

  section(name: string): Placed | undefined {
    return this.byName.get(name);
  }

  address(name: string): bigint {
    return this.section(name)?.address ?? 0n;
  }

  size(name: string): number {
    return this.section(name)?.size ?? 0;
  }

  /** Section header index; a number stands for itself. */
  index(name: string | number): number {
    return typeof name === 'number' ? name : (this.section(name)?.index ?? 0);
  }

  /** st_shndx of a symbol's section. */
  symbolSection(name: string | number): number {
    if (name === 'UND') return SHN.UNDEF;
    if (name === 'ABS') return SHN.ABS;
    if (name === 'COMMON') return SHN.COMMON;
    return this.index(name);
  }

  sameAs(other: Layout): boolean {
    return (
      this.end === other.end &&
      this.sections.every(
        ({ offset, size }, index) =>
          offset === other.sections[index]?.offset && size === other.sections[index].size,
      )
    );
  }
}

const PAGE = 0x1000;
export const alignUp = (value: number, align: number): number =>
  align > 1 ? Math.ceil(value / align) * align : value;

export type SegmentKind = 'R' | 'RX' | 'RW' | 'none';
/** The PT_LOAD that maps a section. */
export function segmentKind({ flags }: Chunk): SegmentKind {
  if ((flags & SHF.ALLOC) === 0) return 'none';
  if (flags & SHF.WRITE) return 'RW';
  return flags & SHF.EXECINSTR ? 'RX' : 'R';
}

/** Space for program headers at the start, then the sections in order; loaded ones get pages of their own. */
export function place(
  chunks: readonly Chunk[],
  headerSize: number,
  loaded: boolean,
  previous: Layout,
): Layout {
  let offset = headerSize;
  let address = headerSize;
  let kind: SegmentKind = 'R';
  const sections: Placed[] = [];
  for (const [position, chunk] of chunks.entries()) {
    const nobits = chunk.type === SHT.NOBITS;
    const block = chunk.contents(previous);
    const next = segmentKind(chunk);
    if (next !== kind && next !== 'none') {
      // The file has no padding between segments: the address is moved to another page instead.
      address = alignUp(address, PAGE) + (offset % PAGE);
    }
    kind = next;
    const start = alignUp(offset, chunk.align);
    address += start - offset;
    const size = nobits ? chunk.memorySize : block.bytes.length;
    const mapped = loaded && kind !== 'none';
    sections.push({
      chunk,
      index: position + 1,
      offset: start,
      address: mapped ? BigInt(address) : 0n,
      block,
      size,
    });
    offset = start + (nobits ? 0 : size);
    // .tbss takes no addresses: each thread has its own
    if (!nobits || (chunk.flags & SHF.TLS) === 0) address += size;
  }
  return new Layout(sections, offset);
}
