import { ET } from '../elf/index.ts';
import type { Architecture } from '../model/index.ts';

/** What the loader makes of a file's first bytes. */
export type HeaderVerdict =
  | { readonly kind: 'fits' }
  /** Made for another loader: the search passes over it. */
  | { readonly kind: 'foreign'; readonly otherClass: boolean }
  /** The load ends here, in ld.so's words. */
  | { readonly kind: 'broken'; readonly message: string };

/** Where the two classes keep what is looked at (gABI, ELF Header), and how long a program header is. */
const LAYOUT_32 = { size: 52, phoff: 28, phentsize: 42, phnum: 44, programHeader: 32 } as const;
const LAYOUT_64 = { size: 64, phoff: 32, phentsize: 54, phnum: 56, programHeader: 56 } as const;

/** As many bytes as the verdict needs. */
export const VERIFIED_BYTES = LAYOUT_64.size;

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const OSABI_SYSV = 0;
const OSABI_GNU = 3;
const EV_CURRENT = 1;
/** The ABI versions of ELFOSABI_GNU that glibc knows: default, unique symbols, absolute symbols (libc-abis). */
const KNOWN_ABI_VERSIONS = 3;

const broken = (message: string): HeaderVerdict => ({ kind: 'broken', message });

/**
 * Compares the header of a file with what this loader can load (glibc elf/dl-load.c, open_verify), in its
 * order: a file of the other class is passed over whatever else it holds, one of another machine only when
 * the bytes before that say nothing odd. `start` holds the file's first bytes, `size` is its length.
 */
export function verifyHeader(start: Uint8Array, size: number, loader: Architecture): HeaderVerdict {
  const layout = loader.is64 ? LAYOUT_64 : LAYOUT_32;
  if (start.length < layout.size) return broken('file too short');
  const verdict = verifyIdentification(start, loader);
  if (verdict !== undefined) return verdict;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const { littleEndian } = loader;
  if (view.getUint32(20, littleEndian) !== EV_CURRENT) {
    return broken('ELF file version does not match current one');
  }
  if (view.getUint16(18, littleEndian) !== loader.machine) return { kind: 'foreign', otherClass: false };
  const type = view.getUint16(16, littleEndian);
  if (type !== ET.DYN && type !== ET.EXEC) return broken('only ET_DYN and ET_EXEC can be loaded');
  if (view.getUint16(layout.phentsize, littleEndian) !== layout.programHeader) {
    return broken("ELF file's phentsize not the expected size");
  }
  const phoff = loader.is64
    ? Number(view.getBigUint64(layout.phoff, littleEndian))
    : view.getUint32(layout.phoff, littleEndian);
  const programHeaders = view.getUint16(layout.phnum, littleEndian) * layout.programHeader;
  return phoff + programHeaders > size ? broken('cannot read file data') : { kind: 'fits' };
}

/** The first 16 bytes, e_ident. */
function verifyIdentification(ident: Uint8Array, loader: Architecture): HeaderVerdict | undefined {
  if (MAGIC.some((byte, index) => ident[index] !== byte)) return broken('invalid ELF header');
  const [elfClass, encoding, version, osabi, abiVersion] = ident.subarray(4, 9);
  if (elfClass !== (loader.is64 ? 2 : 1)) return { kind: 'foreign', otherClass: true };
  if (encoding !== (loader.littleEndian ? 1 : 2)) {
    return broken(`ELF file data encoding not ${loader.littleEndian ? 'little' : 'big'}-endian`);
  }
  if (version !== EV_CURRENT) return broken('ELF file version ident does not match current one');
  if (osabi !== OSABI_SYSV && osabi !== OSABI_GNU) return broken('ELF file OS ABI invalid');
  if (abiVersion !== 0 && !(osabi === OSABI_GNU && abiVersion! < KNOWN_ABI_VERSIONS)) {
    return broken('ELF file ABI version invalid');
  }
  if (ident.subarray(9, 16).some((byte) => byte !== 0)) return broken('nonzero padding in e_ident');
  return undefined;
}
