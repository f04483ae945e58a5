import { type ElfFile, PF, PT, SHN, type SymbolTable, symbolName } from '../../elf/index.ts';

/** A runtime library that was linked into a file instead of being needed by it. */
export interface StaticRuntime {
  readonly name: string;
  /** By what it was told: a text or a symbol of it. */
  readonly evidence: string;
}

/** Texts that a runtime's own code prints or names, and nobody else's: they are left in a stripped file. */
const MARKS: readonly {
  readonly name: string;
  readonly texts: readonly string[];
  readonly symbol?: RegExp;
}[] = [
  {
    name: 'libc++abi',
    texts: ['cannot create thread specific key for __cxa_get_globals()', 'libc++abi: '],
  },
  {
    name: "libc++ of Android's NDK",
    texts: ['NSt6__ndk1'],
    symbol: /^_ZNSt6__ndk1(6thread|5mutex|12basic_string)/,
  },
  {
    name: "libc++ of OpenHarmony's SDK",
    texts: ['NSt4__n1', 'NSt3__h'],
    symbol: /^_ZNSt(4__n1|3__h)(6thread|5mutex)/,
  },
  {
    name: 'libc++',
    texts: ['NSt3__119__shared_weak_countE', 'NSt3__112system_errorE'],
    symbol: /^_ZNSt3__1(6thread4join|5mutex4lock|19__shared_weak_count)/,
  },
  {
    name: 'libstdc++',
    texts: ["terminate called after throwing an instance of '"],
    symbol: /^_ZN9__gnu_cxx27__verbose_terminate_handlerEv$/,
  },
  {
    name: 'Boost.Thread',
    texts: ['N5boost6detail16thread_data_baseE'],
    symbol: /^_ZN5boost6detail16thread_data_base/,
  },
  { name: 'emulated thread-local storage', texts: [], symbol: /^__emutls_get_address$/ },
];

/** More constants than a library of a hundred megabytes has are not searched. */
const SEARCH_LIMIT = 64 * 1024 * 1024;

/** The runtimes whose code is in the file itself. */
export function staticRuntimes(
  file: ElfFile,
  symbols: SymbolTable,
  table: SymbolTable | undefined,
): StaticRuntime[] {
  const present = textsIn(file);
  return MARKS.flatMap(({ name, texts, symbol }): StaticRuntime[] => {
    const text = texts.find((wanted) => present.has(wanted));
    if (text !== undefined) return [{ name, evidence: `it holds the text "${text}"` }];
    if (symbol === undefined) return [];
    const defined = definedName(symbols, symbol) ?? (table && definedName(table, symbol));
    return defined === undefined ? [] : [{ name, evidence: `it defines ${defined}` }];
  });
}

function definedName(symbols: SymbolTable, pattern: RegExp): string | undefined {
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.section[index] === SHN.UNDEF) continue;
    const name = symbolName(symbols, index);
    if (pattern.test(name)) return name;
  }
  return undefined;
}

/** Bytes that are searched at a time: the constants of a large library are larger than all that is known of it. */
const PIECE = 1024 * 1024;

const TEXTS = MARKS.flatMap(({ texts }) => texts);
/** Pieces overlap by what a text at the end of one may reach into the next. */
const OVERLAP = Math.max(...TEXTS.map((text) => text.length)) - 1;

/** Those of the marks' texts that stand in the file's read-only data, byte for byte as characters. */
function textsIn({ segments, source }: ElfFile): ReadonlySet<string> {
  const latin1 = new TextDecoder('latin1');
  const found = new Set<string>();
  let left = SEARCH_LIMIT;
  for (const { type, flags, offset, fileSize } of segments) {
    // Older linkers keep constants in the segment of the code.
    if (type !== PT.LOAD || (flags & PF.W) !== 0) continue;
    const size = Math.min(fileSize, left, Math.max(0, source.size - offset));
    left -= size;
    for (let at = 0; at < size; at += PIECE) {
      const bytes = source.read(offset + at, Math.min(PIECE + OVERLAP, size - at), 'constants');
      const piece = latin1.decode(bytes);
      for (const text of TEXTS) if (!found.has(text) && piece.includes(text)) found.add(text);
    }
  }
  return found;
}
