import { ET, PF, PT, SHF, SHT } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import { type Layout, type Placed, type SegmentKind, segmentKind } from './layout.ts';
import type { SegmentSpec } from './spec.ts';

/** A program header's numbers. */
export interface PlannedSegment {
  readonly type: number;
  readonly flags: number;
  readonly align: number;
  readonly offset: bigint;
  readonly vaddr: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
}

const PAGE = 0x1000;

/** Program headers in GNU ld's order. Their number does not depend on where the sections are. */
export function planSegments(context: Context, layout: Layout, headerSize: number): PlannedSegment[] {
  const { spec, type } = context;
  if (type === ET.REL) return (spec.segments ?? []).map((segment) => givenSegment(segment, layout));
  const sections = layout.sections;
  const found: PlannedSegment[] = [];
  const one = (name: string, segmentType: number, flags: number) => {
    const section = layout.section(name);
    if (section) found.push(covering([section], segmentType, flags, section.chunk.align));
  };
  const load = (kind: SegmentKind, flags: number) => {
    const mapped = sections.filter(({ chunk }) => segmentKind(chunk) === kind && !isTbss(chunk));
    if (mapped.length > 0) found.push(covering(mapped, PT.LOAD, flags, PAGE));
  };
  one('.interp', PT.INTERP, PF.R);
  found.push(headerLoad(sections, headerSize));
  load('RX', PF.R | PF.X);
  load('RW', PF.R | PF.W);
  one('.dynamic', PT.DYNAMIC, PF.R | PF.W);
  for (const section of sections) {
    if (section.chunk.type === SHT.NOTE) found.push(covering([section], PT.NOTE, PF.R, section.chunk.align));
  }
  const tls = sections.filter(({ chunk }) => (chunk.flags & SHF.TLS) !== 0);
  if (tls.length > 0) found.push(covering(tls, PT.TLS, PF.R, 8));
  one('.note.gnu.property', PT.GNU_PROPERTY, PF.R);
  found.push({ type: PT.GNU_STACK, flags: PF.R | PF.W, align: 16, ...NO_PLACE });
  return [...found, ...(spec.segments ?? []).map((segment) => givenSegment(segment, layout))];
}

const NO_PLACE = { offset: 0n, vaddr: 0n, fileSize: 0n, memorySize: 0n };

const isTbss = ({ flags, type }: Placed['chunk']) => (flags & SHF.TLS) !== 0 && type === SHT.NOBITS;

/** The first PT_LOAD: the headers, and the sections that are only read. */
function headerLoad(sections: readonly Placed[], headerSize: number): PlannedSegment {
  const mapped = sections.filter(({ chunk }) => segmentKind(chunk) === 'R');
  const size = BigInt(Math.max(headerSize, ...mapped.map((section) => section.offset + section.size)));
  return { type: PT.LOAD, flags: PF.R, align: PAGE, offset: 0n, vaddr: 0n, fileSize: size, memorySize: size };
}

/** From the first section to the end of the last one. */
function covering(sections: readonly Placed[], type: number, flags: number, align: number): PlannedSegment {
  const { offset, address } = sections[0]!;
  const inFile = sections.filter(({ chunk }) => chunk.type !== SHT.NOBITS);
  const fileEnd = Math.max(offset, ...inFile.map((section) => section.offset + section.size));
  const memoryEnd = Math.max(...sections.map((section) => Number(section.address) + section.size));
  return {
    type,
    flags,
    align,
    offset: BigInt(offset),
    vaddr: address,
    fileSize: BigInt(fileEnd - offset),
    memorySize: BigInt(memoryEnd) - address,
  };
}

function givenSegment(spec: SegmentSpec, layout: Layout): PlannedSegment {
  const { type, flags = PF.R, align = 1, cover } = spec;
  const covered = cover?.map((name) => layout.section(name)).filter((section) => section !== undefined) ?? [];
  const base = covered.length > 0 ? covering(covered, type, flags, align) : NO_PLACE;
  return {
    type,
    flags,
    align,
    offset: BigInt(spec.offset ?? base.offset),
    vaddr: BigInt(spec.vaddr ?? base.vaddr),
    fileSize: BigInt(spec.fileSize ?? base.fileSize),
    memorySize: BigInt(spec.memorySize ?? base.memorySize),
  };
}
