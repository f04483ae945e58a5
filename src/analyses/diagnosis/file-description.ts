import { isArchive } from '../../archive/index.ts';
import { type ByteSource, FormatError } from '../../bytes/index.ts';
import { ElfFile, ET, elfTypeName, looksLikeElf, machineName, PT } from '../../elf/index.ts';
import type { Architecture } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';

/** What a file is, for somebody who took it for a library. */
export interface FileDescription {
  readonly kind:
    | 'library'
    | 'program'
    | 'object'
    | 'core'
    | 'archive'
    | 'linker-script'
    | 'empty'
    | 'text'
    | 'debug'
    | 'damaged'
    | 'other';
  /** With its article: `a static archive`. */
  readonly what: string;
  readonly architecture?: Architecture;
  /** The files that a linker script names. */
  readonly names?: readonly string[];
}

/** As much of a file as a look at it takes. */
const HEAD = 4096;

/** undefined for what cannot be read. */
export const describeFile = (files: DiagnosisFiles, path: string): FileDescription | undefined =>
  files.read(path, describeSource);

function describeSource(source: ByteSource): FileDescription {
  if (source.size === 0) return { kind: 'empty', what: 'an empty file' };
  const head = source.read(0, Math.min(HEAD, source.size), 'start');
  if (isArchive(head)) return { kind: 'archive', what: 'a static archive' };
  if (looksLikeElf(source)) return describeElf(source);
  if (head.some((byte) => byte === 0)) return { kind: 'other', what: binaryKind(head) };
  return describeText(new TextDecoder('latin1').decode(head));
}

const binaryKind = (head: Uint8Array): string => {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (head.every((byte) => byte === 0)) return 'a file of zeros, as an interrupted copy leaves it';
  if (starts(0x4d, 0x5a)) return 'a file for Windows (PE)';
  if (starts(0xcf, 0xfa, 0xed, 0xfe) || starts(0xca, 0xfe, 0xba, 0xbe)) return 'a file for macOS (Mach-O)';
  if (starts(0x1f, 0x8b)) return 'compressed with gzip';
  if (starts(0x50, 0x4b)) return 'a ZIP archive';
  if (starts(0x42, 0x43, 0xc0, 0xde)) return 'LLVM bitcode';
  return 'no ELF file';
};

function describeText(text: string): FileDescription {
  const script = /\b(?:INPUT|GROUP)\s*\(([^)]*)/.exec(text.replace(/\/\*.*?\*\//gs, ' '));
  if (script) {
    const names = script[1]!.split(/[\s,()]+/).filter((name) => /[./]/.test(name));
    return { kind: 'linker-script', what: 'a linker script: text for ld, not a library', names };
  }
  if (text.startsWith('version https://git-lfs')) {
    return { kind: 'text', what: 'a pointer that Git LFS left in the place of the file' };
  }
  if (text.startsWith('#!')) return { kind: 'text', what: 'a script' };
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return { kind: 'text', what: 'a page of HTML or XML' };
  return { kind: 'text', what: 'text' };
}

function describeElf(source: ByteSource): FileDescription {
  try {
    const file = new ElfFile(source);
    const { type, machine, is64, littleEndian } = file.header;
    const architecture = { machine, is64, littleEndian };
    const of = `for ${architectureText(architecture)}`;
    if (type === ET.REL)
      return { kind: 'object', what: `an object file ${of}, not linked yet`, architecture };
    if (type === ET.CORE)
      return { kind: 'core', what: 'a core file, the memory of a dead process', architecture };
    if (type !== ET.EXEC && type !== ET.DYN) {
      return { kind: 'other', what: `an ELF file of type ${elfTypeName(type)}`, architecture };
    }
    const dynamic = file.segments.find((segment) => segment.type === PT.DYNAMIC);
    const hasCode = file.segments.some((segment) => segment.type === PT.LOAD && segment.fileSize > 0);
    if (type === ET.DYN && (dynamic?.fileSize === 0 || (dynamic !== undefined && !hasCode))) {
      return { kind: 'debug', what: 'debug information that was split off a library', architecture };
    }
    if (type === ET.EXEC || (file.interpreter !== undefined && file.dynamic?.soname === undefined)) {
      return { kind: 'program', what: `a program ${of}`, architecture };
    }
    return { kind: 'library', what: `a library ${of}`, architecture };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { kind: 'damaged', what: `a damaged ELF file (${error.message})` };
  }
}

/** `AARCH64, 64-bit`: as a person would ask for a package. */
export function architectureText({ machine, is64, littleEndian }: Architecture): string {
  const order = littleEndian ? '' : ', big-endian';
  return `${machineName(machine).replace(/^EM_/, '')}, ${is64 ? 64 : 32}-bit${order}`;
}
