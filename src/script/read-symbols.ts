import type { ByteSource } from '../bytes/index.ts';
import {
  ElfFile,
  ET,
  SHN,
  STB,
  STT,
  STV,
  type SymbolTable,
  symbolBinding,
  symbolName,
  symbolType,
  symbolVisibility,
  VERSYM_HIDDEN,
  VERSYM_INDEX,
  type Versions,
} from '../elf/index.ts';
import type { SymbolToAssign } from './symbols.ts';

/** A symbol with what a library's own tables add. */
export interface ReadSymbol extends SymbolToAssign {
  readonly kind: 'function' | 'object' | 'tls' | 'other';
  /** Bytes; 0 where the file does not say. */
  readonly size: number;
  /** In a library: the version that it is exported under, the default one too. */
  readonly exportedAs?: string;
}

export interface FileSymbols {
  /** A relocatable object, or something linked. */
  readonly linked: boolean;
  readonly symbols: readonly ReadSymbol[];
  readonly soname?: string;
  /** Version definitions in their order, without the base. */
  readonly versions: readonly { readonly name: string; readonly parents: readonly string[] }[];
}

/**
 * The symbols that a version script could assign: all global ones of a relocatable object's `.symtab`, or what
 * a linked file has in its dynamic table, where a name with a hidden version counts as one that came with it.
 * Throws `FormatError`.
 */
export function readSymbols(source: ByteSource): FileSymbols {
  const file = new ElfFile(source);
  if (file.header.type === ET.REL) {
    const table = file.symbolTable;
    return { linked: false, symbols: table === undefined ? [] : collect(table), versions: [] };
  }
  const { dynamic } = file;
  if (dynamic === undefined) return { linked: true, symbols: [], versions: [] };
  const { soname, versions } = dynamic;
  return {
    linked: true,
    symbols: collect(dynamic.symbols, versions),
    ...(soname === undefined ? {} : { soname }),
    versions: versions.definitions.filter(({ base }) => !base),
  };
}

const VISIBILITIES = {
  [STV.DEFAULT]: 'default',
  [STV.INTERNAL]: 'internal',
  [STV.HIDDEN]: 'hidden',
} as const;

function collect(table: SymbolTable, versions?: Versions): ReadSymbol[] {
  const symbols: ReadSymbol[] = [];
  const indexes: number[] = [];
  for (let index = 1; index < table.count; index++) {
    const info = table.info[index]!;
    const binding = symbolBinding(info);
    const type = symbolType(info);
    if (binding === STB.LOCAL || type === STT.SECTION || type === STT.FILE) continue;
    const name = symbolName(table, index);
    if (name === '') continue;
    const visibility = VISIBILITIES[symbolVisibility(table.other[index]!) as keyof typeof VISIBILITIES];
    const defined = table.section[index] !== SHN.UNDEF;
    const versym = versions?.versym?.[index];
    // What marks a version as defined is a symbol of its name without a section (System V did so, ld.gold does).
    if (versions !== undefined && isVersionMark(table, index, versions)) continue;
    symbols.push({
      ...(versions === undefined ? splitVersion(name) : inLibrary(name, versym, versions, defined)),
      defined,
      binding: binding === STB.WEAK ? 'weak' : binding === STB.GNU_UNIQUE ? 'unique' : 'global',
      visibility: visibility ?? 'protected',
      kind: kindOf(type),
      size: Number(table.size[index]!),
    });
    indexes.push(index);
  }
  // Two names of one definition are told apart only where one of them came with a version.
  if (symbols.every(({ symver }) => symver === undefined)) return symbols;
  return symbols.map((symbol, at) => {
    const index = indexes[at]!;
    return symbol.defined ? { ...symbol, place: `${table.section[index]}:${table.value[index]}` } : symbol;
  });
}

function kindOf(type: number): ReadSymbol['kind'] {
  if (type === STT.FUNC || type === STT.GNU_IFUNC) return 'function';
  if (type === STT.TLS) return 'tls';
  return type === STT.OBJECT || type === STT.COMMON ? 'object' : 'other';
}

function isVersionMark(table: SymbolTable, index: number, { definitions }: Versions): boolean {
  if (table.section[index] !== SHN.ABS) return false;
  const name = symbolName(table, index);
  return definitions.some((definition) => definition.name === name);
}

type Named = Pick<ReadSymbol, 'name' | 'symver' | 'exportedAs'>;

/** `name@version` and `name@@version`, as the assembler writes them for `.symver`. */
function splitVersion(text: string): Named {
  const at = text.indexOf('@', 1);
  if (at === -1) return { name: text };
  const isDefault = text[at + 1] === '@';
  const version = text.slice(at + (isDefault ? 2 : 1));
  return version === ''
    ? { name: text.slice(0, at) }
    : { name: text.slice(0, at), symver: { version, isDefault } };
}

function inLibrary(name: string, versym: number | undefined, versions: Versions, defined: boolean): Named {
  if (versym === undefined || !defined) return { name };
  const version = versions.byIndex.get(versym & VERSYM_INDEX)?.name;
  if (version === undefined) return { name };
  if ((versym & VERSYM_HIDDEN) === 0) return { name, exportedAs: version };
  return { name, exportedAs: version, symver: { version, isDefault: false } };
}
