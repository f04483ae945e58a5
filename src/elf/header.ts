import { type ByteSource, Cursor, type Encoding, FormatError } from '../bytes/index.ts';

/** The ELF header (gABI, ELF Header), with the extended numbering of large files resolved. */
export interface ElfHeader extends Encoding {
  readonly osabi: number;
  readonly abiVersion: number;
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly entry: bigint;
  readonly flags: number;
  /** File offsets, entry sizes in bytes and counts of the two header tables; 0 where a file has none. */
  readonly phoff: number;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shoff: number;
  readonly shentsize: number;
  readonly shnum: number;
  readonly shstrndx: number;
}

const EI_NIDENT = 16;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const PN_XNUM = 0xffff;
const SHN_XINDEX = 0xffff;

/** Whether the file starts with the ELF magic number; says nothing about the rest of it. */
export function looksLikeElf(source: ByteSource): boolean {
  if (source.size < MAGIC.length) return false;
  const start = source.read(0, MAGIC.length, 'ELF header');
  return MAGIC.every((byte, index) => start[index] === byte);
}

export function readHeader(source: ByteSource): ElfHeader {
  if (!looksLikeElf(source)) {
    throw new FormatError(
      'bad-magic',
      'ELF header',
      0,
      source.size === 0 ? 'the file is empty' : 'not an ELF file',
    );
  }
  const ident = source.read(0, EI_NIDENT, 'ELF header');
  const [elfClass, data, version] = [ident[4], ident[5], ident[6]];
  if (elfClass !== 1 && elfClass !== 2) {
    throw new FormatError(
      'bad-value',
      'ELF header',
      4,
      `class ${elfClass} is neither ELFCLASS32 nor ELFCLASS64`,
    );
  }
  if (data !== 1 && data !== 2) {
    throw new FormatError(
      'bad-value',
      'ELF header',
      5,
      `data encoding ${data} is neither ELFDATA2LSB nor ELFDATA2MSB`,
    );
  }
  if (version !== 1)
    throw new FormatError('bad-value', 'ELF header', 6, `ELF version ${version}, only 1 exists`);
  const encoding = { littleEndian: data === 1, is64: elfClass === 2 };
  const size = encoding.is64 ? 64 : 52;
  const cursor = new Cursor(source.read(0, size, 'ELF header'), encoding, 'ELF header').seek(EI_NIDENT);
  const type = cursor.u16();
  const machine = cursor.u16();
  const fileVersion = cursor.u32();
  const entry = cursor.address();
  const phoff = cursor.word();
  const shoff = cursor.word();
  const flags = cursor.u32();
  cursor.u16(); // e_ehsize: nothing depends on it
  const phentsize = cursor.u16();
  const phnum = cursor.u16();
  const shentsize = cursor.u16();
  const shnum = cursor.u16();
  const shstrndx = cursor.u16();
  const header: ElfHeader = {
    ...encoding,
    osabi: ident[7]!,
    abiVersion: ident[8]!,
    type,
    machine,
    version: fileVersion,
    entry,
    flags,
    phoff,
    phentsize,
    phnum,
    shoff,
    shentsize,
    shnum,
    shstrndx,
  };
  return resolveExtendedNumbering(source, header);
}

/**
 * Counts that do not fit into the header's 16 bits stand in the first section header (gABI, ELF Header,
 * e_phnum, e_shnum and e_shstrndx).
 */
function resolveExtendedNumbering(source: ByteSource, header: ElfHeader): ElfHeader {
  const { shoff, shnum, phnum, shstrndx } = header;
  const extended = (shnum === 0 && shoff !== 0) || phnum === PN_XNUM || shstrndx === SHN_XINDEX;
  if (!extended || shoff === 0) return header;
  const size = header.is64 ? 64 : 40;
  if (shoff + size > source.size) return header; // stripped of its section headers by truncation
  const cursor = new Cursor(source.read(shoff, size, 'section header 0'), header, 'section header 0', shoff);
  cursor.seek(header.is64 ? 32 : 20);
  const firstSize = cursor.word();
  const firstLink = cursor.u32();
  const firstInfo = cursor.u32();
  return {
    ...header,
    shnum: shnum === 0 ? firstSize : shnum,
    shstrndx: shstrndx === SHN_XINDEX ? firstLink : shstrndx,
    phnum: phnum === PN_XNUM ? firstInfo : phnum,
  };
}
