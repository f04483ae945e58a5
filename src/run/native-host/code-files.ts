import { FormatError } from '../../bytes/index.ts';
import { ElfFile, PT, type SymbolTable, symbolBinding, symbolName, symbolType } from '../../elf/index.ts';
import { type FileSource, openFile } from '../../host/file-source.ts';
import type { Mapping } from './mappings.ts';

const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;

/** A function and how far into it an address lies, in bytes. */
export interface FunctionPlace {
  readonly symbol: string;
  readonly offset: bigint;
}

/** The files behind the code of a process. What cannot be read as one is as if it had no symbols. */
export class CodeFiles implements Disposable {
  private readonly files = new Map<string, { source: FileSource; elf: ElfFile } | undefined>();

  /** The function at `address` by the file's symbol table, where it has one that covers the address. */
  functionAt(mapping: Mapping, address: bigint): FunctionPlace | undefined {
    return this.attempt(mapping.path, ({ elf }) => {
      const fileOffset = Number(address - mapping.start + mapping.offset);
      const segment = elf.segments.find(
        ({ type, offset, fileSize }) =>
          type === PT.LOAD && offset <= fileOffset && fileOffset < offset + fileSize,
      );
      if (segment === undefined) return undefined;
      const value = segment.vaddr + BigInt(fileOffset - segment.offset);
      // Of a stripped file the dynamic symbols are left.
      const table = elf.symbolTable ?? elf.dynamic?.symbols;
      return table && coveringFunction(table, value);
    });
  }

  /** Up to `count` bytes of code that stand before `address`, and the e_machine that they are made for. */
  codeBefore(
    mapping: Mapping,
    address: bigint,
    count: number,
  ): { bytes: Uint8Array; machine: number } | undefined {
    return this.attempt(mapping.path, ({ source, elf }) => {
      const end = Number(address - mapping.start + mapping.offset);
      const start = Math.max(0, end - count);
      // A copy, since the source reads the next range into the same block.
      const bytes = new Uint8Array(source.read(start, end - start, 'code'));
      return { bytes, machine: elf.header.machine };
    });
  }

  private attempt<T>(
    path: string,
    work: (file: { source: FileSource; elf: ElfFile }) => T | undefined,
  ): T | undefined {
    try {
      if (!this.files.has(path)) {
        this.files.set(path, undefined);
        const source = openFile(path);
        try {
          this.files.set(path, { source, elf: new ElfFile(source) });
        } catch (error) {
          source.close();
          throw error;
        }
      }
      const file = this.files.get(path);
      return file && work(file);
    } catch (error) {
      // Not a file at all (`[vdso]`), deleted meanwhile, or damaged.
      const isExpected = error instanceof FormatError || (error as NodeJS.ErrnoException).code !== undefined;
      if (!isExpected) throw error;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.files.values()) file?.source.close();
    this.files.clear();
  }
}

/** The innermost function whose size covers `value`, an address as the file has it; of two names for it the one that others can use. */
export function coveringFunction(table: SymbolTable, value: bigint): FunctionPlace | undefined {
  let best = -1;
  const isLocal = (index: number): boolean => symbolBinding(table.info[index]!) === 0;
  for (let index = 1; index < table.count; index++) {
    const start = table.value[index]!;
    if (start > value || start + table.size[index]! <= value || table.section[index] === 0) continue;
    const type = symbolType(table.info[index]!);
    if (type !== STT_FUNC && type !== STT_GNU_IFUNC) continue;
    const isBetter = best < 0 || start > table.value[best]! || (start === table.value[best] && isLocal(best));
    if (isBetter) best = index;
  }
  return best < 0 ? undefined : { symbol: symbolName(table, best), offset: value - table.value[best]! };
}
