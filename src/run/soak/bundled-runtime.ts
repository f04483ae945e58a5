import { FormatError } from '../../bytes/index.ts';
import { ElfFile, type SymbolTable, symbolName, symbolType } from '../../elf/index.ts';
import { openFile } from '../../host/file-source.ts';

/** Addresses as the file has them; `end` is the first behind it. */
export interface CodeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Functions that work for others wherever they stand: operators new, what is in namespace std (also templates of a
 * header), what the C++ ABI and the runtimes name for themselves (Itanium C++ ABI, 5.1).
 */
const RUNTIME = /^(_Zn[wa]|_ZZ?N?K?S[tabsiod]|_ZN10__cxxabiv1|_ZN9__gnu_cxx|__cxa_)/;
/** A template that was made for a lambda may have its code within (5.1.8). */
const OF_LAMBDA = /Ul\w*E\d*_/;
const STT_FUNC = 2;
/** Between two functions: what the linker fills up with. */
const PADDING = 64n;

/** From the lowest address up, neighbours joined; empty for a file that is stripped or cannot be read. */
export function bundledRuntime(path: string): CodeRange[] {
  try {
    using source = openFile(path);
    const elf = new ElfFile(source);
    const table = elf.symbolTable ?? elf.dynamic?.symbols;
    return table === undefined ? [] : joined(runtimeFunctions(table));
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code !== undefined) return [];
    throw error;
  }
}

interface Place extends CodeRange {
  readonly isRuntime: boolean;
}

function runtimeFunctions(table: SymbolTable): Place[] {
  const places: Place[] = [];
  for (let index = 1; index < table.count; index++) {
    if (table.section[index] === 0 || symbolType(table.info[index]!) !== STT_FUNC) continue;
    const start = table.value[index]!;
    const name = symbolName(table, index);
    const isRuntime = RUNTIME.test(name) && !OF_LAMBDA.test(name);
    places.push({ start, end: start + table.size[index]!, isRuntime });
  }
  return places.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/** A stretch ends where a function begins that is none of a run time. */
function joined(places: readonly Place[]): CodeRange[] {
  const ranges: { start: bigint; end: bigint }[] = [];
  let open: { start: bigint; end: bigint } | undefined;
  for (const { start, end, isRuntime } of places) {
    if (!isRuntime) {
      open = undefined;
    } else if (open !== undefined && start <= open.end + PADDING) {
      if (end > open.end) open.end = end;
    } else {
      open = { start, end };
      ranges.push(open);
    }
  }
  return ranges;
}
