import { type ByteSource, Cursor } from '../bytes/index.ts';
import { DT, PT } from './constants/index.ts';
import type { ElfHeader } from './header.ts';
import type { Segment } from './segments.ts';

/** One entry of the dynamic section; `value` is d_val or d_ptr. */
export interface DynamicEntry {
  readonly tag: number;
  readonly value: bigint;
}

/** The dynamic section as the loader finds it, DT_NULL and what follows it left out. */
export interface DynamicEntries {
  readonly list: readonly DynamicEntry[];
  /** Where the section stands in the file. */
  readonly offset: number;
  /** The last value of a tag, as glibc keeps it when one is repeated (elf/get-dynamic-info.h). */
  get(tag: number): bigint | undefined;
}

/** Reads PT_DYNAMIC; undefined for a file without one (static programs, object files). */
export function readDynamicEntries(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
): DynamicEntries | undefined {
  const segment = segments.find(({ type }) => type === PT.DYNAMIC);
  if (segment === undefined || segment.fileSize === 0) return undefined;
  const { offset } = segment;
  const entrySize = header.is64 ? 16 : 8;
  const cursor = new Cursor(
    source.read(offset, segment.fileSize, 'PT_DYNAMIC'),
    header,
    'PT_DYNAMIC',
    offset,
  );
  const list: DynamicEntry[] = [];
  const last = new Map<number, bigint>();
  while (cursor.remaining >= entrySize) {
    const tag = Number(cursor.address());
    const value = cursor.address();
    if (tag === DT.NULL) break;
    list.push({ tag, value });
    last.set(tag, value);
  }
  return { list, offset, get: (tag) => last.get(tag) };
}

/** Tags whose value is the address of a table or function: no other table goes on past it. */
const TABLES = [
  DT.STRTAB,
  DT.SYMTAB,
  DT.HASH,
  DT.GNU_HASH,
  DT.VERSYM,
  DT.VERNEED,
  DT.VERDEF,
  DT.REL,
  DT.RELA,
  DT.RELR,
  DT.JMPREL,
  DT.INIT,
  DT.FINI,
  DT.INIT_ARRAY,
  DT.FINI_ARRAY,
  DT.PREINIT_ARRAY,
  DT.PLTGOT,
  DT.ANDROID_REL,
  DT.ANDROID_RELA,
  DT.ANDROID_RELR,
];

/** The lowest address above `address` at which a table of the dynamic section begins. */
export function nextTableAddress(entries: DynamicEntries, address: bigint): bigint | undefined {
  let next: bigint | undefined;
  for (const tag of TABLES) {
    const start = entries.get(tag);
    if (start !== undefined && start > address && (next === undefined || start < next)) next = start;
  }
  return next;
}
