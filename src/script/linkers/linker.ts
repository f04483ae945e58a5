import { demangle } from '../../demangle/index.ts';
import type { VersionScript } from '../ast.ts';
import type { NameIn, PatternIndex, Taken } from '../pattern-index.ts';
import type { Pattern } from '../patterns.ts';
import type { Assignment, Reason, SymbolToAssign } from '../symbols.ts';

/** Why a linker ends with an error. */
export interface Refusal {
  readonly message: string;
  /** Where in which script; undefined where it is a symbol of an object. */
  readonly script?: VersionScript;
  readonly at?: number;
  /** The symbol, version or pattern that it is about. */
  readonly subject: string;
}

/** What one linker makes of version scripts. */
export interface Linker {
  /** What it says to the scripts alone. */
  refusals(scripts: readonly VersionScript[]): Refusal[];
  /** What becomes of symbols. They are given because some rules look at all of them. */
  assigner(scripts: readonly VersionScript[], symbols: readonly SymbolToAssign[]): Assigner;
}

export interface Assigner {
  assign(symbol: SymbolToAssign): Assignment;
  /** What enters every pattern that could take a symbol: what is left at the end takes nothing. */
  marker(taken: Taken): (symbol: SymbolToAssign) => void;
}

/** The object itself keeps the symbol (gABI, Symbol Visibility): no script can export it. */
export function isHidden({ visibility }: SymbolToAssign): boolean {
  return visibility === 'hidden' || visibility === 'internal';
}

export function hiddenByObject(symbol: SymbolToAssign): Assignment {
  return { symbol, exported: false, isDefault: false, reason: 'visibility' };
}

/** What a pattern does to a symbol without a version of its own. */
export function byPattern(symbol: SymbolToAssign, pattern: Pattern | undefined): Assignment {
  if (pattern === undefined) return { symbol, exported: true, isDefault: false, reason: 'no-pattern' };
  const { scope, node } = pattern;
  if (scope === 'local') return { symbol, exported: false, isDefault: false, reason: 'pattern', pattern };
  if (node.name === '') return { symbol, exported: true, isDefault: false, reason: 'pattern', pattern };
  return { symbol, exported: true, version: node.name, isDefault: true, reason: 'pattern', pattern };
}

/** A symbol that came with a version. */
export function bySymver(
  symbol: SymbolToAssign,
  exported: boolean,
  reason: Reason = 'symver',
  pattern?: Pattern,
): Assignment {
  const { version, isDefault } = symbol.symver!;
  const decided = pattern === undefined ? {} : { pattern };
  return exported
    ? { symbol, exported, version, isDefault, reason, ...decided }
    : { symbol, exported, isDefault: false, reason, ...decided };
}

/** A symbol that is left out, since the same name stands there with a version. */
export function duplicate(symbol: SymbolToAssign, reason: 'duplicate' | 'clash'): Assignment {
  return { symbol, exported: false, isDefault: false, reason };
}

/** The definitions that came as `name@version`, by name; defaults (`@@`) are not among them. */
export function versionedTwins(
  symbols: readonly SymbolToAssign[],
): (name: string) => readonly SymbolToAssign[] {
  const hidden = symbols.filter(({ defined, symver }) => defined && symver?.isDefault === false);
  const byName = Map.groupBy(hidden, ({ name }) => name);
  return (name) => byName.get(name) ?? [];
}

/** Two names of one definition, as `.symver foo, foo@V` makes them. */
export function isSamePlace(a: SymbolToAssign, b: SymbolToAssign): boolean {
  return a.place !== undefined && a.place === b.place;
}

/** `Assigner.marker`: compares with those patterns only that are not in `taken` yet. */
export function markerOf(index: PatternIndex, names: Names, taken: Taken): (symbol: SymbolToAssign) => void {
  const left = index.without(taken);
  return left.isEmpty ? () => {} : ({ name }) => left.mark(names.of(name), taken);
}

/** Demangles at most once a symbol and style, and not at all while nobody asks. */
export class Names {
  private readonly style: 'gnu' | 'llvm';
  /** What patterns in C++ get for a name that is not mangled: the name, or for ld.gold nothing. */
  private readonly plainToo: boolean;
  private readonly cache = new Map<string, string>();

  constructor(style: 'gnu' | 'llvm', plainToo: boolean) {
    this.style = style;
    this.plainToo = plainToo;
  }

  /** As libiberty demangles without DMGL_VERBOSE, which is not what c++filt does: `std::string` stays short. */
  of(name: string): NameIn {
    return (language) => {
      if (language === 'C') return name;
      const cxx = this.demangled(name);
      if (cxx === name && !this.plainToo) return undefined;
      return language === 'Java' ? cxx.replaceAll('::', '.') : cxx;
    };
  }

  private demangled(name: string): string {
    if (name.charCodeAt(0) !== 95) return name;
    let text = this.cache.get(name);
    if (text === undefined) {
      text = demangle(name, { style: this.style, verbose: false });
      this.cache.set(name, text);
    }
    return text;
  }
}
