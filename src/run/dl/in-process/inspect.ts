import { readFileSync } from 'node:fs';
import type {
  Address,
  AddressInfo,
  HandleInfo,
  LinkMapEntry,
  LoadedImage,
  LoadedImages,
  RawHandle,
} from '../backend.ts';
import { DlError } from '../errors.ts';
import type { CType, RecordType } from '../types/c-type.ts';
import { decode } from '../types/decode.ts';
import { array, struct } from '../types/layout.ts';
import type { DlFunctions } from './dl-functions.ts';
import type { OwnMemory } from './own-memory.ts';

/** The requests of dlinfo(3) (glibc dlfcn.h; musl knows RTLD_DI_LINKMAP alone). */
const RTLD_DI = { LMID: 1, LINKMAP: 2, SERINFO: 4, SERINFOSIZE: 5, ORIGIN: 6, TLS_MODID: 9, TLS_DATA: 10 };
const PATH_MAX = 4096;

/** link.h and elf.h, 64 bits. */
const LINK_MAP = struct({
  l_addr: 'uint64_t',
  l_name: 'char *',
  l_ld: 'void *',
  l_next: 'void *',
  l_prev: 'void *',
});
const ELF_SYM = struct({
  st_name: 'uint32_t',
  st_info: 'uint8_t',
  st_other: 'uint8_t',
  st_shndx: 'uint16_t',
  st_value: 'uint64_t',
  st_size: 'uint64_t',
});
const PHDR_INFO = struct({
  dlpi_addr: 'uint64_t',
  dlpi_name: 'char *',
  dlpi_phdr: 'void *',
  dlpi_phnum: 'uint16_t',
  dlpi_adds: 'uint64_t',
  dlpi_subs: 'uint64_t',
  dlpi_tls_modid: 'size_t',
  dlpi_tls_data: 'void *',
});
const PHDR = struct({
  p_type: 'uint32_t',
  p_flags: 'uint32_t',
  p_offset: 'uint64_t',
  p_vaddr: 'uint64_t',
  p_paddr: 'uint64_t',
  p_filesz: 'uint64_t',
  p_memsz: 'uint64_t',
  p_align: 'uint64_t',
});
/** struct Dl_serinfo: its head, then one entry for each directory. */
const SEARCH_HEAD = struct({ dls_size: 'size_t', dls_cnt: 'unsigned int' });
const SEARCH_ENTRY = struct({ dls_name: 'char *', dls_flags: 'unsigned int' });

type Members = Readonly<Record<string, bigint>>;
/** What asks this process about itself. */
export type Inspector = { readonly dl: DlFunctions; readonly memory: OwnMemory };

/** The structures above as they stand in memory: short members are number, which `Number` and BigInt take alike. */
const read = ({ memory }: Inspector, type: RecordType, address: Address) =>
  decode(type, memory.read(address, type.size)) as unknown as Members;
const stringAt = ({ memory }: Inspector, address: bigint) =>
  address === 0n ? '' : memory.readString(address);

export function addressInfo(inspector: Inspector, address: Address): AddressInfo | undefined {
  const info = new BigUint64Array(4);
  const extra = new BigUint64Array(1);
  if (inspector.dl.dladdr1(address, info, extra) === 0) return undefined;
  const [file, base, name, symbolAddress] = info as unknown as [bigint, bigint, bigint, bigint];
  return {
    object: stringAt(inspector, file),
    base,
    symbol: name === 0n ? undefined : symbolFacts(inspector, name, symbolAddress, extra[0]!),
  };
}

function symbolFacts(inspector: Inspector, name: bigint, address: Address, entry: Address) {
  const { st_size, st_info, st_other } = read(inspector, ELF_SYM, entry);
  return {
    name: stringAt(inspector, name),
    address,
    size: st_size!,
    info: Number(st_info),
    other: Number(st_other),
  };
}

export function handleInfo(inspector: Inspector, handle: RawHandle): HandleInfo {
  const word = (request: number) => {
    const into = new BigUint64Array(1);
    return inspector.dl.dlinfo(handle, request, into) === 0 ? into[0]! : undefined;
  };
  const map = word(RTLD_DI.LINKMAP);
  if (map === undefined) throw new DlError(inspector.dl.dlerror() ?? 'invalid handle');
  const entry = linkMapEntry(inspector, read(inspector, LINK_MAP, map));
  return {
    namespace: word(RTLD_DI.LMID),
    linkMap: entry,
    // glibc copies the program's, and the loader's own, from a null pointer (dlfcn/dlinfo.c).
    origin: entry.name === '' || entry.base === loaderBase() ? undefined : origin(inspector, handle),
    searchPath: searchPath(inspector, handle),
    tlsModule: word(RTLD_DI.TLS_MODID),
    tlsData: word(RTLD_DI.TLS_DATA),
  };
}

/** getauxval(3): pairs of words, the end of which has type 0. */
const AT_BASE = 7n;

/** Where the kernel put the loader; undefined for a program without one, or where /proc is missing. */
function loaderBase(): bigint | undefined {
  try {
    const { buffer, byteOffset, byteLength } = Uint8Array.from(readFileSync('/proc/self/auxv'));
    const words = new BigUint64Array(buffer, byteOffset, byteLength / 8);
    const at = words.findIndex((type, index) => index % 2 === 0 && type === AT_BASE);
    return words[at + 1] || undefined;
  } catch {
    return undefined;
  }
}

function origin({ dl }: Inspector, handle: RawHandle): string | undefined {
  const into = new Uint8Array(PATH_MAX);
  if (dl.dlinfo(handle, RTLD_DI.ORIGIN, into) !== 0) return undefined;
  return Buffer.from(into.subarray(0, into.indexOf(0))).toString();
}

function searchPath(inspector: Inspector, handle: RawHandle): readonly string[] | undefined {
  const head = new Uint8Array(SEARCH_HEAD.size);
  if (inspector.dl.dlinfo(handle, RTLD_DI.SERINFOSIZE, head) !== 0) return undefined;
  const { dls_size, dls_cnt } = decode(SEARCH_HEAD, head) as unknown as { dls_size: bigint; dls_cnt: number };
  const all = new Uint8Array(Number(dls_size));
  all.set(head);
  if (inspector.dl.dlinfo(handle, RTLD_DI.SERINFO, all) !== 0) return undefined;
  const entries = decodeAll(SEARCH_ENTRY, dls_cnt, all.subarray(SEARCH_HEAD.size));
  return entries.map(({ dls_name }) => stringAt(inspector, dls_name!));
}

const decodeAll = (type: CType, count: number, bytes: Uint8Array) =>
  decode(array(type, count), bytes) as unknown as Members[];

const linkMapEntry = (inspector: Inspector, { l_addr, l_name, l_ld }: Members): LinkMapEntry => ({
  name: stringAt(inspector, l_name!),
  base: l_addr!,
  dynamic: l_ld!,
});

/** From the first entry of a handle's namespace on. */
export function linkMap(inspector: Inspector, handle: RawHandle): readonly LinkMapEntry[] {
  const into = new BigUint64Array(1);
  if (inspector.dl.dlinfo(handle, RTLD_DI.LINKMAP, into) !== 0) {
    throw new DlError(inspector.dl.dlerror() ?? 'invalid handle');
  }
  let at = into[0]!;
  for (let before = at; before !== 0n; ) {
    at = before;
    before = read(inspector, LINK_MAP, at)['l_prev']!;
  }
  const entries: LinkMapEntry[] = [];
  while (at !== 0n) {
    const entry = read(inspector, LINK_MAP, at);
    entries.push(linkMapEntry(inspector, entry));
    at = entry['l_next']!;
  }
  return entries;
}

export function images(inspector: Inspector): LoadedImages {
  const found: { info: Members; image: LoadedImage }[] = [];
  inspector.dl.iterate((address) => {
    const info = read(inspector, PHDR_INFO, address);
    found.push({ info, image: loadedImage(inspector, info) });
  });
  const [first] = found;
  return {
    added: first!.info['dlpi_adds']!,
    removed: first!.info['dlpi_subs']!,
    images: found.map(({ image }) => image),
  };
}

function loadedImage(inspector: Inspector, info: Members): LoadedImage {
  const count = Number(info['dlpi_phnum']);
  const headers = inspector.memory.read(info['dlpi_phdr']!, count * PHDR.size);
  return {
    name: stringAt(inspector, info['dlpi_name']!),
    base: info['dlpi_addr']!,
    segments: decodeAll(PHDR, count, headers).map(({ p_type, p_flags, p_vaddr, p_memsz }) => ({
      type: Number(p_type),
      flags: Number(p_flags),
      address: p_vaddr!,
      size: p_memsz!,
    })),
    tlsModule: info['dlpi_tls_modid']!,
    tlsData: info['dlpi_tls_data']!,
  };
}
