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
/** ABI versions of ELFOSABI_GNU below this one are known to glibc 2.36 (its libc-abis). */
const KNOWN_ABI_VERSIONS = 4;

const broken = (message: string): HeaderVerdict => ({ kind: 'broken', message });

/**
 * Compares the header of a file with what this loader can load (glibc elf/dl-load.c, open_verify), in its
 * order: a file of the other class is passed over whatever else it holds. So is one of another machine, in
 * glibc as Debian and its descendants build it; unchanged, it ends the load when the byte order or the system
 * is another one too. `start` holds the file's first bytes, `size` is its length.
 */
export function verifyHeader(start: Uint8Array, size: number, loader: Architecture): HeaderVerdict {
  const layout = loader.is64 ? LAYOUT_64 : LAYOUT_32;
  if (start.length < layout.size) return broken('file too short');
  if (MAGIC.some((byte, index) => start[index] !== byte)) return broken('invalid ELF header');
  if (start[4] !== (loader.is64 ? 2 : 1)) return { kind: 'foreign', otherClass: true };
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const { littleEndian } = loader;
  const isOtherMachine = view.getUint16(18, littleEndian) !== loader.machine;
  const problem = identificationProblem(start, littleEndian);
  if (problem !== undefined) return isOtherMachine ? OTHER_MACHINE : broken(problem);
  if (view.getUint32(20, littleEndian) !== EV_CURRENT) {
    return broken('ELF file version does not match current one');
  }
  if (isOtherMachine) return OTHER_MACHINE;
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

const OTHER_MACHINE: HeaderVerdict = { kind: 'foreign', otherClass: false };

/** What is wrong with the first 16 bytes, e_ident, besides the class. */
function identificationProblem(ident: Uint8Array, littleEndian: boolean): string | undefined {
  const [encoding, version, osabi, abiVersion] = ident.subarray(5, 9);
  if (encoding !== (littleEndian ? 1 : 2)) {
    return `ELF file data encoding not ${littleEndian ? 'little' : 'big'}-endian`;
  }
  if (version !== EV_CURRENT) return 'ELF file version ident does not match current one';
  if (osabi !== OSABI_SYSV && osabi !== OSABI_GNU) return 'ELF file OS ABI invalid';
  if (abiVersion !== 0 && !(osabi === OSABI_GNU && abiVersion! < KNOWN_ABI_VERSIONS)) {
    return 'ELF file ABI version invalid';
  }
  return ident.subarray(9, 16).some((byte) => byte !== 0) ? 'nonzero padding in e_ident' : undefined;
}
