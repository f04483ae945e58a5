import {
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
} from '../../elf/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import { LINKER_MADE } from '../linker-made.ts';

/** One definition that other objects can bind to. */
export interface ExportedSymbol {
  readonly name: string;
  readonly kind: 'function' | 'variable' | 'thread-local';
  /** STB_WEAK or STB_GNU_UNIQUE: inline functions, template instances, what may be replaced. */
  readonly weak: boolean;
  readonly section: number;
  readonly value: bigint;
  /** st_size, in bytes. */
  readonly size: bigint;
  /** The version of the object's own that it is defined under. */
  readonly version: string | undefined;
  /** `name@V`: only references that ask for the version find it. */
  readonly hidden: boolean;
}

/**
 * What an object exports by intent or by accident, in the symbol table's order. Left out is what the linker
 * makes itself: bounds of sections, and one absolute symbol for each version definition.
 */
export function exportedSymbols(object: DynamicObject): ExportedSymbol[] {
  const { symbols, versions, firstHashed } = object;
  const versionNames = new Set(versions.definitions.map(({ name }) => name));
  const found: ExportedSymbol[] = [];
  for (let index = Math.max(1, firstHashed); index < symbols.count; index++) {
    const section = symbols.section[index]!;
    if (section === SHN.UNDEF || !isFindable(symbols.info[index]!, symbols.other[index]!)) continue;
    const name = symbolName(symbols, index);
    if (LINKER_MADE.has(name) || (section === SHN.ABS && versionNames.has(name))) continue;
    const versym = versions.versym?.[index] ?? 0;
    const version = versions.byIndex.get(versym & VERSYM_INDEX);
    const own = version !== undefined && version.file === undefined;
    found.push({
      name,
      kind: kindOf(symbolType(symbols.info[index]!)),
      weak: symbolBinding(symbols.info[index]!) !== STB.GLOBAL,
      section,
      value: symbols.value[index]!,
      size: symbols.size[index]!,
      version: own ? version.name : undefined,
      hidden: own && (versym & VERSYM_HIDDEN) !== 0,
    });
  }
  return found;
}

function isFindable(info: number, other: number): boolean {
  const binding = symbolBinding(info);
  const visibility = symbolVisibility(other);
  return binding !== STB.LOCAL && (visibility === STV.DEFAULT || visibility === STV.PROTECTED);
}

function kindOf(type: number): ExportedSymbol['kind'] {
  if (type === STT.TLS) return 'thread-local';
  return type === STT.OBJECT || type === STT.COMMON ? 'variable' : 'function';
}

/** Whether a name is mangled: C++ (Itanium C++ ABI, 5.1) or Rust (RFC 2603). */
export const isMangled = (name: string): boolean => name.startsWith('_Z') || name.startsWith('_R');
