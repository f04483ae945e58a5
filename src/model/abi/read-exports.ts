import {
  DF,
  type DynamicView,
  type ElfFile,
  PF,
  PT,
  SHN,
  STB,
  STT,
  STV,
  symbolBinding,
  symbolName,
  symbolType,
  symbolVisibility,
  VERSYM_HIDDEN,
  VERSYM_INDEX,
  type Versions,
} from '../../elf/index.ts';
import { sortByName } from '../inspection/sort-by-name.ts';
import { SymbolList } from '../inspection/symbols.ts';
import type {
  ExportBinding,
  ExportedSymbol,
  LibraryExports,
  Relro,
  SymbolKind,
  VersionNode,
} from './library-exports.ts';
import { compareVersions } from './library-version.ts';
import { inOrder } from './order.ts';

/** Symbols that cannot satisfy a reference have no entry (glibc elf/dl-lookup.c, check_match). */
const KINDS: Readonly<Record<number, SymbolKind>> = {
  [STT.NOTYPE]: 'NOTYPE',
  [STT.OBJECT]: 'OBJECT',
  [STT.FUNC]: 'FUNC',
  [STT.COMMON]: 'COMMON',
  [STT.TLS]: 'TLS',
  [STT.GNU_IFUNC]: 'GNU_IFUNC',
};

const BINDINGS: Readonly<Record<number, ExportBinding>> = {
  [STB.GLOBAL]: 'GLOBAL',
  [STB.WEAK]: 'WEAK',
  [STB.GNU_UNIQUE]: 'GNU_UNIQUE',
};

const isFunction = (kind: SymbolKind): boolean => kind === 'FUNC' || kind === 'GNU_IFUNC';

/**
 * One side of a comparison, from the loader's view of a file; undefined for a file without a dynamic section.
 * `fileName` is the library's own name, without folders and with links resolved. Throws `FormatError`.
 */
export function readExports(file: ElfFile, path: string, fileName: string): LibraryExports | undefined {
  const { dynamic, header, segments } = file;
  if (dynamic === undefined) return undefined;
  const stack = segments.find(({ type }) => type === PT.GNU_STACK);
  const { soname, rpath, runpath, versions } = dynamic;
  const glibcFloor = highestGlibc(versions);
  return {
    path,
    fileName,
    evidence: 'symbols',
    architecture: { machine: header.machine, is64: header.is64, littleEndian: header.littleEndian },
    ...(soname === undefined ? {} : { soname }),
    needed: dynamic.needed,
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    hasVersionTable: versions.versym !== undefined,
    versions: versionNodes(versions),
    ...(glibcFloor === undefined ? {} : { glibcFloor }),
    relro: relroOf(file, dynamic),
    executableStack: stack === undefined || (stack.flags & PF.X) !== 0,
    textRelocations: dynamic.textRelocations,
    staticTls: (dynamic.flags & DF.STATIC_TLS) !== 0,
    symbolic: dynamic.symbolic,
    symbols: readSymbols(dynamic),
  };
}

function versionNodes({ definitions }: Versions): VersionNode[] {
  return definitions
    .filter(({ base }) => !base)
    .map(({ name, index, parents }) => ({ name, index, parents }))
    .sort((a, b) => a.index - b.index);
}

/** PT_GNU_RELRO covers the PLT's slots only where everything is bound at start. */
function relroOf({ segments }: ElfFile, { bindNow }: DynamicView): Relro {
  if (!segments.some(({ type }) => type === PT.GNU_RELRO)) return 'none';
  return bindNow ? 'full' : 'partial';
}

/** The numbers of a version of glibc's; packed relative relocations came with 2.36. */
function glibcVersion(name: string): readonly number[] | undefined {
  if (name === 'GLIBC_ABI_DT_RELR') return [2, 36];
  const match = /^GLIBC_(\d{1,4}(?:\.\d{1,4})+)$/.exec(name);
  return match === null ? undefined : match[1]!.split('.').map(Number);
}

function highestGlibc({ needs }: Versions): string | undefined {
  let highest: readonly number[] | undefined;
  for (const { name } of needs.flatMap(({ versions }) => versions)) {
    const version = glibcVersion(name);
    if (version !== undefined && compareVersions(version, highest ?? []) > 0) highest = version;
  }
  return highest?.join('.');
}

function readSymbols({ symbols, versions, firstHashedSymbol }: DynamicView): ExportedSymbol[] {
  const { info, other, section, value, size, count } = symbols;
  const { versym, byIndex } = versions;
  const indexes = new Uint32Array(count);
  let length = 0;
  for (let index = Math.max(1, firstHashedSymbol); index < count; index++) {
    if (section[index] === SHN.UNDEF) continue;
    const kind = KINDS[symbolType(info[index]!)];
    const visibility = symbolVisibility(other[index]!);
    if (kind === undefined || BINDINGS[symbolBinding(info[index]!)] === undefined) continue;
    if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) continue;
    // A symbol without value is passed over, unless it is absolute or an offset into thread-local storage.
    if (value[index] === 0n && section[index] !== SHN.ABS && kind !== 'TLS') continue;
    indexes[length++] = index;
  }
  const chosen = indexes.subarray(0, length);
  sortByName(chosen, new SymbolList(symbols, versions));
  const found: ExportedSymbol[] = [];
  for (const index of chosen) {
    const name = symbolName(symbols, index);
    const entry = versym === undefined ? 1 : versym[index]!;
    const node = byIndex.get(entry & VERSYM_INDEX);
    const version = node === undefined || node.file !== undefined ? undefined : node.name;
    // The linker writes an absolute symbol for each version node; the nodes are compared by themselves.
    if (version === name && section[index] === SHN.ABS) continue;
    const kind = KINDS[symbolType(info[index]!)]!;
    found.push({
      name,
      ...(version === undefined ? {} : { version }),
      isDefault: (entry & VERSYM_HIDDEN) === 0,
      kind,
      binding: BINDINGS[symbolBinding(info[index]!)]!,
      visibility: symbolVisibility(other[index]!) === STV.PROTECTED ? 'PROTECTED' : 'DEFAULT',
      size: isFunction(kind) ? 0 : Number(size[index]),
    });
  }
  return inOrder(found);
}
