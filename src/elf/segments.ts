import { type ByteSource, Cursor, FormatError } from '../bytes/index.ts';
import { PT } from './constants/index.ts';
import type { ElfHeader } from './header.ts';

/** One program header (gABI, Program Header). Sizes and offsets in bytes. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: bigint;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

export function readSegments(source: ByteSource, header: ElfHeader): Segment[] {
  const { phoff, phnum, phentsize, is64 } = header;
  if (phnum === 0 || phoff === 0) return [];
  const entrySize = is64 ? 56 : 32;
  if (phentsize < entrySize) {
    throw new FormatError(
      'bad-value',
      'ELF header',
      is64 ? 54 : 42,
      `e_phentsize ${phentsize} is below ${entrySize}`,
    );
  }
  const table = source.read(phoff, phnum * phentsize, 'program headers');
  const cursor = new Cursor(table, header, 'program headers', phoff);
  const segments: Segment[] = [];
  for (let index = 0; index < phnum; index++) {
    cursor.seek(index * phentsize);
    segments.push(is64 ? readSegment64(cursor) : readSegment32(cursor));
  }
  return segments;
}

function readSegment64(cursor: Cursor): Segment {
  const type = cursor.u32();
  const flags = cursor.u32();
  const offset = cursor.word();
  const vaddr = cursor.u64();
  cursor.skip(8); // p_paddr: without meaning for processes
  return {
    type,
    flags,
    offset,
    vaddr,
    fileSize: cursor.word(),
    memorySize: cursor.word(),
    align: cursor.word(),
  };
}

function readSegment32(cursor: Cursor): Segment {
  const type = cursor.u32();
  const offset = cursor.u32();
  const vaddr = BigInt(cursor.u32());
  cursor.skip(4); // p_paddr
  const fileSize = cursor.u32();
  const memorySize = cursor.u32();
  const flags = cursor.u32();
  return { type, flags, offset, vaddr, fileSize, memorySize, align: cursor.u32() };
}

/** What a process sees at its addresses before relocation: PT_LOAD contents, addressed as the file says. */
export interface Image {
  /** File offset of an address, and how many bytes of the file follow it there; undefined outside the file. */
  locate(address: bigint): { readonly offset: number; readonly available: number } | undefined;
}

export function imageOf(segments: readonly Segment[]): Image {
  const loads = segments.filter((segment) => segment.type === PT.LOAD && segment.fileSize > 0);
  return {
    locate(address) {
      for (const { vaddr, fileSize, offset } of loads) {
        if (address < vaddr || address >= vaddr + BigInt(fileSize)) continue;
        const into = Number(address - vaddr);
        return { offset: offset + into, available: fileSize - into };
      }
      return undefined;
    },
  };
}
