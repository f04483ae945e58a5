import type { Architecture } from '../dynamic-object.ts';

/** What a side was read from, the weakest first. Every report says it for each side. */
export const EVIDENCE_LEVELS = ['symbols'] as const;
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

/** Symbol types that a reference can bind to (glibc elf/dl-lookup.c, check_match), as `STT_` names them. */
export const SYMBOL_KINDS = ['NOTYPE', 'OBJECT', 'FUNC', 'COMMON', 'TLS', 'GNU_IFUNC'] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

export const EXPORT_BINDINGS = ['GLOBAL', 'WEAK', 'GNU_UNIQUE'] as const;
export type ExportBinding = (typeof EXPORT_BINDINGS)[number];

export const EXPORT_VISIBILITIES = ['DEFAULT', 'PROTECTED'] as const;
export type ExportVisibility = (typeof EXPORT_VISIBILITIES)[number];

/** A definition that another object can bind to. */
export interface ExportedSymbol {
  /** As the file spells it. */
  readonly name: string;
  /** The version node it is defined in; absent for a symbol without version, or of the base definition. */
  readonly version?: string;
  /** Whether a program that is linked today gets it: `@@`, or no version at all. */
  readonly isDefault: boolean;
  readonly kind: SymbolKind;
  readonly binding: ExportBinding;
  readonly visibility: ExportVisibility;
  /** Bytes of data; 0 for functions, whose size no caller knows. */
  readonly size: number;
}

/** A version definition without the base one (verdef; Linux Standard Base, Symbol Versioning). */
export interface VersionNode {
  readonly name: string;
  /** As symbols refer to it; an unversioned reference takes what is in node 2, the oldest, before all newer ones. */
  readonly index: number;
  readonly parents: readonly string[];
}

export type Relro = 'none' | 'partial' | 'full';

/**
 * What a library offers to those that are linked against it, and what it asks of its process: one side of a
 * comparison, read from a file or from a snapshot. Plain data; the order of `symbols` is that of their names.
 */
export interface LibraryExports {
  /** As it was given. */
  readonly path: string;
  /** The library's own file name, links resolved: `libfoo.so.1.2.3`. */
  readonly fileName: string;
  readonly evidence: EvidenceLevel;
  readonly architecture: Architecture;
  readonly soname?: string;
  readonly needed: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  /** Whether it has DT_VERSYM, as it does when it defines versions or needs some. */
  readonly hasVersionTable: boolean;
  readonly versions: readonly VersionNode[];
  /** The highest GLIBC_x.y that it needs, without the word: the oldest C library that it runs with. */
  readonly glibcFloor?: string;
  readonly relro: Relro;
  readonly executableStack: boolean;
  readonly textRelocations: boolean;
  readonly staticTls: boolean;
  readonly symbolic: boolean;
  readonly symbols: readonly ExportedSymbol[];
}

/** `name@@VERSION` for a default version, `name@VERSION` for a hidden one, the bare name for none. */
export function exportName({ name, version, isDefault }: ExportedSymbol): string {
  if (version === undefined) return name;
  return `${name}${isDefault ? '@@' : '@'}${version}`;
}
