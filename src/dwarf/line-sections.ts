import { type Decompressors, type ElfFile, stringTable } from '../elf/index.ts';
import type { LineSections } from './line-header.ts';

/** What a file has of line tables; undefined for one without. Throws `FormatError`. */
export function lineSections(elf: ElfFile, decompressors: Decompressors): LineSections | undefined {
  const line = elf.section('.debug_line');
  if (line === undefined) return undefined;
  const strings = (name: string) => {
    const section = elf.section(name);
    const bytes = section === undefined ? new Uint8Array(0) : elf.contents(section, decompressors);
    return stringTable(bytes, name, section?.offset ?? 0);
  };
  return {
    encoding: elf.header,
    line: elf.contents(line, decompressors),
    offset: line.offset,
    strings: strings('.debug_str'),
    lineStrings: strings('.debug_line_str'),
  };
}
