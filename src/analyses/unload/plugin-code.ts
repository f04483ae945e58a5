import { type CodeMap, type IsWanted, readableSymbolTable, readCodeMap } from '../../elf/code/index.ts';
import { DT, type ElfFile, SHN, STT, type SymbolTable, symbolName, symbolType } from '../../elf/index.ts';
import { baseName, type DynamicObject } from '../../model/index.ts';
import { type ExportedSymbol, isMangled } from '../exports/exported-symbols.ts';
import { exportingObject } from '../exports/library.ts';
import { isRememberedCall } from './callbacks.ts';
import { type StaticRuntime, staticRuntimes } from './static-runtimes.ts';

/** Functions, by their first addresses, at which the loader or others enter an object. */
interface Entries {
  /** DT_INIT and DT_INIT_ARRAY: run when it is loaded. */
  readonly open: readonly number[];
  /** DT_FINI and DT_FINI_ARRAY: run when it is unloaded. */
  readonly close: readonly number[];
  /** What a host can call: exports, and functions that exported variables point to. */
  readonly exports: readonly number[];
  /** Functions that any table of addresses names. */
  readonly tables: readonly number[];
}

/** All that the analysis of unloading knows of one file; nothing refers to the file any more. */
export interface PluginCode {
  readonly object: DynamicObject;
  readonly path: string;
  /** The soname, or the file's name. */
  readonly name: string;
  /** Names that it takes from others. */
  readonly imports: ReadonlySet<string>;
  /** Undefined for a machine whose code is not read. */
  readonly map: CodeMap | undefined;
  readonly entries: Entries;
  readonly runtimes: readonly StaticRuntime[];
  /** Constructors and destructors besides those that the compiler's own start files bring. */
  readonly constructors: number;
  readonly destructors: number;
  /** The name of a function, or its address in hexadecimal where no symbol tells. */
  nameOf(start: number): string;
}

/**
 * Functions of the C++ standard library and of other header libraries: a plugin exports the instances that it
 * happens to use, and no host calls them.
 */
const LIBRARY_NAME = /^_Z([nd][wal]|(T[VTISChv]|N?[KVR]*)*(S[tabsiod]|9__gnu_cxx|10__cxxabiv1|5boost))/;

/**
 * Reads one file; `uses` are the names by which others enter it, undefined for all that it exports. Of its calls of
 * others those are remembered that `isWanted` takes.
 */
export function readPluginCode(
  file: ElfFile,
  object: DynamicObject,
  path: string,
  uses?: ReadonlySet<string>,
  isWanted: IsWanted = isRememberedCall,
): PluginCode {
  const map = readCodeMap(file, isWanted);
  const symtab = readableSymbolTable(file);
  const { init, fini, initArray, finiArray } = pointers(file, map);
  const tables = map === undefined ? [] : [...map.slots.own.values()].filter((at) => map.functions.has(at));
  const names = functionNamer(object.symbols, symtab);
  return {
    object,
    path,
    name: object.soname ?? baseName(path),
    imports: importedNames(object.symbols),
    map,
    entries: {
      open: [...init, ...initArray],
      close: [...fini, ...finiArray],
      exports: entryPoints(object, path, map, uses),
      tables,
    },
    runtimes: staticRuntimes(file, object.symbols, symtab),
    constructors: ownCount(initArray, names),
    destructors: ownCount(finiArray, names),
    nameOf: names,
  };
}

/** Functions of crtbeginS.o (GCC, LLVM), and of their atomics for AArch64, by the names of their symbols. */
const START_FILES: ReadonlySet<string> = new Set([
  'frame_dummy',
  '__do_init',
  '__do_fini',
  '__do_global_dtors_aux',
  'init_have_lse_atomics',
]);

/** Entries of an array that are the object's own. In a stripped file the first one is taken for crtbeginS.o's. */
function ownCount(array: readonly number[], nameOf: (start: number) => string): number {
  const isNamed = array.some((start) => START_FILES.has(nameOf(start)));
  const own = array.filter((start) => !START_FILES.has(nameOf(start)));
  return Math.max(0, own.length - (isNamed ? 0 : 1));
}

/** Names that an object takes from others. */
export function importedNames(symbols: SymbolTable): Set<string> {
  const names = new Set<string>();
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.section[index] === SHN.UNDEF) names.add(symbolName(symbols, index));
  }
  return names;
}

/** The arrays as the loader leaves them: what a relocation puts into a slot, or what stands there. */
function pointers(file: ElfFile, map: CodeMap | undefined) {
  const { dynamic } = file;
  if (dynamic === undefined) return { init: [], fini: [], initArray: [], finiArray: [] };
  const { init, fini, initArray, finiArray } = dynamic.initFini;
  const array = (tag: number, contents: BigUint64Array): number[] => {
    const start = Number(dynamic.entries.get(tag) ?? 0n);
    const word = file.header.is64 ? 8 : 4;
    return Array.from(
      contents,
      (value, index) => map?.slots.own.get(start + word * index) ?? Number(value),
    ).filter((address) => address !== 0 && address !== -1);
  };
  return {
    init: init === undefined ? [] : [Number(init)],
    fini: fini === undefined ? [] : [Number(fini)],
    initArray: array(DT.INIT_ARRAY, initArray),
    finiArray: array(DT.FINI_ARRAY, finiArray),
  };
}

/** Larger variables are no tables of operations; in bytes. */
const TABLE_LIMIT = 64 * 1024;

/** Exported functions, and functions that exported variables point to: tables of operations. */
function entryPoints(
  object: DynamicObject,
  path: string,
  map: CodeMap | undefined,
  uses: ReadonlySet<string> | undefined,
): number[] {
  if (map === undefined) return [];
  const wanted = (symbol: ExportedSymbol) =>
    uses === undefined ? !(isMangled(symbol.name) && LIBRARY_NAME.test(symbol.name)) : uses.has(symbol.name);
  const { own, all } = exportingObject(object, path);
  const found = new Set<number>();
  for (const symbol of uses === undefined ? own : all) {
    if (!wanted(symbol)) continue;
    const start = Number(symbol.value);
    if (symbol.kind === 'function' && map.functions.has(start)) found.add(start);
    if (symbol.kind !== 'variable') continue;
    for (let at = start; at < start + Math.min(Number(symbol.size), TABLE_LIMIT); at += 8) {
      const target = map.slots.own.get(at);
      if (target !== undefined && map.functions.has(target)) found.add(target);
    }
  }
  return [...found];
}

/** Names are collected when the first one is asked for; a global name is better than a local one. */
function functionNamer(
  dynamicSymbols: SymbolTable,
  symtab: SymbolTable | undefined,
): (start: number) => string {
  let names: Map<number, string> | undefined;
  const collect = (): Map<number, string> => {
    const found = new Map<number, string>();
    for (const table of symtab === undefined ? [dynamicSymbols] : [dynamicSymbols, symtab]) {
      for (let index = 1; index < table.count; index++) {
        const type = symbolType(table.info[index]!);
        if ((type !== STT.FUNC && type !== STT.GNU_IFUNC) || table.section[index] === SHN.UNDEF) continue;
        const at = Number(table.value[index]!);
        if (!found.has(at)) found.set(at, symbolName(table, index));
      }
    }
    return found;
  };
  return (start) => {
    names ??= collect();
    return names.get(start) ?? `0x${start.toString(16)}`;
  };
}
