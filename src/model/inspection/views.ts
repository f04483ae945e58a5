import { FormatError } from '../../bytes/index.ts';
import { type DynamicView, type ElfFile, ET, type Section, SHF, SHT } from '../../elf/index.ts';
import type { Diagnostic } from '../report.ts';

/**
 * The two views of a file, as far as they can be read: a broken section header table does not hide what the
 * loader sees, nor the other way round.
 */
export interface Views {
  readonly file: ElfFile;
  /** Empty for a file without section headers. */
  readonly sections: readonly Section[];
  /** Undefined for a file that no loader takes: object files, static programs, separate debug files. */
  readonly dynamic: DynamicView | undefined;
  /**
   * A file of debug information alone (`objcopy --only-keep-debug`, `eu-strip -f`): code and data are left out,
   * and what its program headers point to is something else.
   */
  readonly debugOnly: boolean;
}

/** Reads one part of a file; when its bytes are wrong the part is left out and the oddity written down. */
export type Attempt = <T>(read: () => T, otherwise: T) => T;

export function attempts(object: string, diagnostics: Diagnostic[]): Attempt {
  return (read, otherwise) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const known = diagnostics.some(({ message }) => message === error.message);
      if (!known) diagnostics.push({ level: 'warning', message: error.message, object });
      return otherwise;
    }
  };
}

export function viewsOf(file: ElfFile, attempt: Attempt): Views {
  const sections = attempt(() => file.sections, []);
  const debugOnly = isDebugOnly(file.header.type, sections);
  return {
    file,
    sections,
    debugOnly,
    dynamic: debugOnly ? undefined : attempt(() => file.dynamic, undefined),
  };
}

function isDebugOnly(type: number, sections: readonly Section[]): boolean {
  if (type !== ET.EXEC && type !== ET.DYN) return false;
  const isCode = ({ flags }: Section) => (flags & SHF.ALLOC) !== 0 && (flags & SHF.EXECINSTR) !== 0;
  const code = sections.filter(isCode);
  if (code.length > 0) return code.every((section) => section.type === SHT.NOBITS);
  return sections.some((section) => section.name === '.dynamic' && section.type === SHT.NOBITS);
}
