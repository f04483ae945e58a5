import { readFileSync } from 'node:fs';
import { Cursor, FormatError } from '../bytes/index.ts';
import { type CacheEntry, cacheKey, type LibraryCache } from '../loader/index.ts';

const OLD_MAGIC = 'ld.so-1.7.0';
const NEW_MAGIC = 'glibc-ld.so.cache1.1';
const OLD_HEADER = 16;
const OLD_ENTRY = 12;
const HEADER = 48;
const ENTRY = 24;
const EXTENSION_MAGIC = 0xeaa42174;
const TAG_GLIBC_HWCAPS = 1;
/** Marks an entry of a glibc-hwcaps directory; the low half of its hwcap is then an index. */
const HWCAP_EXTENSION = 1n << 62n;
/** Value of the flags byte's low bits; 0 (unset) and 2 are little-endian on all machines of today. */
const BIG_ENDIAN = 3;

/**
 * ld.so.cache of a file system; empty where there is none. So is a broken one to ld.so, which then searches
 * its directories (glibc elf/dl-cache.c, _dl_load_cache_lookup).
 */
export function readLibraryCache(path: string): LibraryCache {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return new Map();
  }
  try {
    return parseLibraryCache(bytes);
  } catch (error) {
    if (error instanceof FormatError) return new Map();
    throw error;
  }
}

/**
 * The new format, alone or behind the old one (glibc sysdeps/generic/dl-cache.h), or the old one alone. All
 * strings of the new one are addressed from the start of its header. Throws `FormatError`.
 */
export function parseLibraryCache(bytes: Uint8Array): LibraryCache {
  const start = newFormatStart(bytes);
  if (start === undefined) return parseOldFormat(bytes);
  const cache = new Map<string, CacheEntry[]>();
  const body = bytes.subarray(start);
  const littleEndian = ((body[28] ?? 0) & 3) !== BIG_ENDIAN;
  const cursor = new Cursor(body, { littleEndian, is64: true }, 'ld.so.cache', start);
  const count = cursor.seek(NEW_MAGIC.length).u32();
  const extension = cursor.seek(32).u32();
  if (count * ENTRY > cursor.end - HEADER) cursor.fail('truncated', `${count} entries`, 20);
  const text = textIn(body);
  const hwcapNames = readHwcapNames(cursor, extension, text);
  for (let index = 0; index < count; index++) {
    cursor.seek(HEADER + index * ENTRY);
    const flags = cursor.u32();
    const name = text(cursor.u32());
    const path = text(cursor.u32());
    const osVersion = cursor.u32();
    const hwcap = cursor.u64();
    const named = (hwcap & HWCAP_EXTENSION) !== 0n;
    const hwcapName = named ? (hwcapNames[Number(hwcap & 0xffffffffn)] ?? '') : undefined;
    addEntry(cache, name, { flags, path, osVersion, hwcap: named ? 0n : hwcap, hwcapName });
  }
  return cache;
}

/** Entries of flags, name and path; strings are addressed from the end of the entries. */
function parseOldFormat(bytes: Uint8Array): LibraryCache {
  const cache = new Map<string, CacheEntry[]>();
  if (!startsWith(bytes, OLD_MAGIC, 0)) return cache;
  const cursor = new Cursor(bytes, { littleEndian: true, is64: true }, 'ld.so.cache').seek(12);
  const count = cursor.u32();
  if (count * OLD_ENTRY > cursor.remaining) cursor.fail('truncated', `${count} entries`, 12);
  const text = textIn(bytes.subarray(OLD_HEADER + count * OLD_ENTRY));
  for (let index = 0; index < count; index++) {
    const flags = cursor.u32();
    const name = text(cursor.u32());
    addEntry(cache, name, { flags, path: text(cursor.u32()), osVersion: 0, hwcap: 0n, hwcapName: undefined });
  }
  return cache;
}

function addEntry(cache: Map<string, CacheEntry[]>, name: string, entry: CacheEntry): void {
  const key = cacheKey(name);
  const entries = cache.get(key);
  if (entries) entries.push(entry);
  else cache.set(key, [entry]);
}

/** Strings by offset. Decoded once: names are ASCII in practice, and other encodings keep their bytes apart. */
function textIn(bytes: Uint8Array): (offset: number) => string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return (offset) => {
    const end = all.indexOf('\0', offset);
    return decodeName(all.slice(offset, end < 0 ? undefined : end));
  };
}

/** The UTF-8 text behind one that was read byte by byte. */
function decodeName(latin1: string): string {
  return /[^\0-\x7f]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1;
}

function startsWith(bytes: Uint8Array, magic: string, at: number): boolean {
  for (let index = 0; index < magic.length; index++) {
    if (bytes[at + index] !== magic.charCodeAt(index)) return false;
  }
  return true;
}

function newFormatStart(bytes: Uint8Array): number | undefined {
  if (startsWith(bytes, NEW_MAGIC, 0)) return 0;
  if (!startsWith(bytes, OLD_MAGIC, 0)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < OLD_HEADER) return undefined;
  const oldCount = view.getUint32(12, true);
  const after = OLD_HEADER + oldCount * OLD_ENTRY;
  const aligned = Math.ceil(after / 8) * 8;
  return startsWith(bytes, NEW_MAGIC, aligned) ? aligned : undefined;
}

/** The extension's section of hwcap names, by index. None of a broken one, whose entries are then of no use. */
function readHwcapNames(cursor: Cursor, at: number, text: (offset: number) => string): string[] {
  if (at === 0 || at + 8 > cursor.end) return [];
  if (cursor.seek(at).u32() !== EXTENSION_MAGIC) return [];
  const sections = cursor.u32();
  if (sections * 16 > cursor.remaining) return [];
  const start = cursor.pos;
  for (let index = 0; index < sections; index++) {
    const tag = cursor.seek(start + index * 16).u32();
    cursor.skip(4); // flags
    const offset = cursor.u32();
    const size = cursor.u32();
    if (tag !== TAG_GLIBC_HWCAPS) continue;
    if (offset + size > cursor.end) return [];
    cursor.seek(offset);
    return Array.from({ length: Math.floor(size / 4) }, () => text(cursor.u32()));
  }
  return [];
}
