import { EM } from '../elf/index.ts';
import type { Architecture, ThreadLocals } from '../model/index.ts';

/**
 * Where a module's thread-local storage lies (glibc's l_tls_offset): so many bytes below the thread pointer, in
 * a block of its own that is allocated when first used, or undecided.
 */
export type TlsPlace = number | 'dynamic' | undefined;

/** The block that every thread has from its start, with what is left of it for libraries opened later. */
export interface StaticTls {
  /** Bytes below the thread pointer. */
  readonly size: number;
  readonly alignment: number;
  used: number;
  /** What descriptors may still take of it. */
  optional: number;
}

/** Bytes that are left over at the start, for up to four namespaces (glibc elf/dl-tls.c, LEGACY_TLS). */
const SURPLUS = 1664;
const OPTIONAL = 512;
/** Alignment of struct pthread. */
const TCB_ALIGNMENT = 64;

const roundUp = (value: number, alignment: number) => Math.ceil(value / alignment) * alignment;

/** Where the block lies below the thread pointer (ELF Handling For Thread-Local Storage, variant II). */
export const isBelowThreadPointer = ({ machine }: Architecture): boolean =>
  machine === EM.X86_64 || machine === EM['386'] || machine === EM.S390 || machine === EM.SPARCV9;

/**
 * Lays out the storage of the objects that are there at the start, in load order (glibc elf/dl-tls.c,
 * _dl_determine_tlsoffset). `undefined` stands for an object without any.
 */
export function layOutStaticTls(modules: readonly (ThreadLocals | undefined)[]) {
  let alignment = TCB_ALIGNMENT;
  let [offset, freeTop, freeBottom] = [0, 0, 0];
  const places = modules.map((module): TlsPlace => {
    if (module === undefined) return undefined;
    alignment = Math.max(alignment, module.alignment);
    const first = (module.alignment - module.misalignment) % module.alignment;
    const placeAfter = (top: number) => roundUp(top + module.size - first, module.alignment) + first;
    // A gap that alignment has left may hold a later module.
    const inGap = placeAfter(freeTop);
    if (freeBottom - freeTop >= module.size && inGap <= freeBottom) {
      freeTop = inGap;
      return inGap;
    }
    const place = placeAfter(offset);
    if (place > offset + module.size + (freeBottom - freeTop)) {
      freeTop = offset;
      freeBottom = place - module.size;
    }
    offset = place;
    return place;
  });
  const size = roundUp(offset + SURPLUS, alignment);
  const block: StaticTls = { size, alignment, used: offset, optional: OPTIONAL };
  return { block, places };
}

/**
 * Finds room for one more module (glibc elf/dl-reloc.c, _dl_try_allocate_static_tls); undefined where there is
 * none. For a descriptor, which can do without, only part of the room counts.
 */
export function takeStaticTls(
  block: StaticTls,
  module: ThreadLocals,
  isOptional: boolean,
): number | undefined {
  if (module.alignment > block.alignment) return undefined;
  const free = block.size - block.used;
  const needed = module.size + module.misalignment;
  if (free < needed) return undefined;
  const blocks = Math.floor((free - needed) / module.alignment);
  const taken = free - blocks * module.alignment - module.misalignment;
  if (isOptional && taken > block.optional) return undefined;
  if (isOptional) block.optional -= taken;
  block.used += taken;
  return block.used;
}

/**
 * Gives back what unloaded modules had, in the order in which they go, as far as it lies at the end (glibc
 * elf/dl-close.c, _dl_close_worker). Gaps stay lost.
 */
export function returnStaticTls(block: StaticTls, gone: readonly { place: TlsPlace; size: number }[]): void {
  let [start, end] = [-1, -1];
  for (const { place, size } of gone) {
    if (typeof place !== 'number') continue;
    if (start < 0 || place === start) {
      start = place - size;
      if (end < 0) end = place;
    } else if (place - size === end) {
      end = place;
    } else if (end === block.used) {
      block.used = start;
      [start, end] = [place - size, place];
    } else if (place === block.used) {
      block.used = place - size;
    } else if (end < place) {
      [start, end] = [place - size, place];
    }
  }
  if (end === block.used && end >= 0) block.used = start;
}
