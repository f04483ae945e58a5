import { FormatError } from '../../bytes/index.ts';
import {
  decodeSymbols,
  SHN,
  type SymbolTable,
  stringTable,
  symbolBinding,
  symbolName,
  symbolType,
  symbolVisibility,
  VERSYM_HIDDEN,
  VERSYM_INDEX,
  type Versions,
} from '../../elf/index.ts';
import { SYMBOL_BINDINGS, SYMBOL_TYPES, SYMBOL_VISIBILITIES } from './codes.ts';
import { hex, hexAt, highestOf, numberAt, wordsOf } from './hex.ts';
import type { SymbolFacts } from './symbol-facts.ts';
import type { Attempt } from './views.ts';

/**
 * All symbols of a table but the null symbol, in the table's order. They stay columns; `at` and iteration make
 * the facts of one symbol at a time, and JSON gets them as an array.
 */
export class SymbolList implements Iterable<SymbolFacts> {
  readonly table: SymbolTable;
  readonly versions: Versions;
  private readonly values: Uint32Array;
  private readonly sizes: Uint32Array;

  constructor(table: SymbolTable, versions: Versions) {
    this.table = table;
    this.versions = versions;
    this.values = wordsOf(table.value);
    this.sizes = wordsOf(table.size);
  }

  get length(): number {
    return Math.max(0, this.table.count - 1);
  }

  /** The symbol at `index` of the symbol table, which is 1 for the first. */
  at(index: number): SymbolFacts {
    const { info, other, section } = this.table;
    const version = this.versionAt(index);
    // A copy relocation makes a definition that keeps the version which is needed of another file.
    const isOwn = version !== undefined && version.file === undefined && section[index] !== SHN.UNDEF;
    const isHidden = isOwn && (this.versions.versym![index]! & VERSYM_HIDDEN) !== 0;
    return {
      name: this.nameAt(index),
      version: version?.name,
      isDefault: isOwn ? !isHidden : undefined,
      file: version?.file,
      type: SYMBOL_TYPES[symbolType(info[index]!)]!,
      binding: SYMBOL_BINDINGS[symbolBinding(info[index]!)]!,
      visibility: SYMBOL_VISIBILITIES[symbolVisibility(other[index]!)]!,
      other: other[index]! > 3 ? hex(other[index]! & ~3) : undefined,
      section: sectionName(section[index]!),
      value: hexAt(this.values, index),
      size: this.sizeAt(index),
    };
  }

  /** Empty where the file does not say: such a list comes with a diagnostic. */
  private nameAt(index: number): string {
    const { names, nameOffset } = this.table;
    return nameOffset[index]! < names.bytes.length ? symbolName(this.table, index) : '';
  }

  /** The value as a number, exact below 2^53. */
  valueAt(index: number): number {
    return numberAt(this.values, index);
  }

  sizeAt(index: number): number {
    return numberAt(this.sizes, index);
  }

  /** Of the symbols at `indexes`. */
  highestValue(indexes: Uint32Array): number {
    return highestOf(this.values, indexes);
  }

  largestSize(indexes: Uint32Array): number {
    return highestOf(this.sizes, indexes);
  }

  /** Indexes 0 and 1 mean: no version (Linux Standard Base, Symbol Version Table). */
  versionAt(index: number) {
    const { versym, byIndex } = this.versions;
    const version = versym === undefined ? 0 : versym[index]! & VERSYM_INDEX;
    return version > 1 ? byIndex.get(version) : undefined;
  }

  *[Symbol.iterator](): Generator<SymbolFacts> {
    for (let index = 1; index < this.table.count; index++) yield this.at(index);
  }

  toJSON(): SymbolFacts[] {
    return [...this];
  }
}

/** The symbols of a table; names that lie outside of the string table are written down as an oddity. */
export function symbolList(read: () => SymbolTable, versions: Versions, attempt: Attempt): SymbolList {
  const table = attempt(read, NO_SYMBOLS);
  attempt(() => checkNames(table), undefined);
  return new SymbolList(table, versions);
}

const NO_SYMBOLS = decodeSymbols(
  new Uint8Array(0),
  { littleEndian: true, is64: true },
  stringTable(new Uint8Array(0), '', 0),
);

function checkNames({ count, names, nameOffset }: SymbolTable): void {
  let outside = 0;
  for (let index = 1; index < count; index++) {
    if (nameOffset[index]! >= names.bytes.length && nameOffset[index] !== 0) outside++;
  }
  if (outside === 0) return;
  const detail = `${outside} symbols have a name outside of ${names.bytes.length} bytes`;
  throw new FormatError('bad-value', names.section, names.base, detail);
}

/** Indexes of large files that were resolved through SHT_SYMTAB_SHNDX may lie above the reserved ones. */
function sectionName(index: number): number | string {
  if (index === SHN.UNDEF) return 'UND';
  if (index === SHN.ABS) return 'ABS';
  if (index === SHN.COMMON) return 'COM';
  return index >= SHN.LORESERVE && index <= SHN.XINDEX ? hex(index) : index;
}

/** `name@@VER` for the default version of a definition, `name@VER` for any other and for a reference. */
export function versionedName({ name, version, isDefault }: SymbolFacts): string {
  if (version === undefined) return name;
  return isDefault ? `${name}@@${version}` : `${name}@${version}`;
}
