import { PF, PT, type Section, type Segment } from '../../elf/index.ts';
import { sectionFlags, sectionType, segmentType } from './codes.ts';
import type { SectionFacts, SegmentFacts, TlsFacts } from './facts.ts';
import { hex } from './hex.ts';

export function segmentFacts(
  { type, flags, offset, vaddr, ...sizes }: Segment,
  machine: number,
): SegmentFacts {
  return {
    type: segmentType(type, machine),
    flags: [flags & PF.R && 'R', flags & PF.W && 'W', flags & PF.X && 'E'].filter(Boolean).join(''),
    offset: hex(offset),
    address: hex(vaddr),
    fileSize: sizes.fileSize,
    memorySize: sizes.memorySize,
    align: sizes.align,
  };
}

export function sectionFacts(section: Section, machine: number): SectionFacts {
  return {
    index: section.index,
    name: section.name,
    type: sectionType(section.type, machine),
    flags: sectionFlags(section.flags, machine),
    address: hex(section.address),
    offset: hex(section.offset),
    size: section.size,
    link: section.link,
    info: section.info,
    align: section.align,
    entrySize: section.entrySize,
  };
}

/** The thread-local block that each thread gets a copy of. */
export function tlsFacts(segments: readonly Segment[], staticTls: boolean): TlsFacts | undefined {
  const segment = segments.find(({ type }) => type === PT.TLS);
  if (segment === undefined) return undefined;
  return { size: segment.memorySize, initialized: segment.fileSize, align: segment.align, staticTls };
}
