import type { ExportedSymbol, LibraryExports, VersionNode } from '../../model/index.ts';
import { LINKER_MADE } from '../linker-made.ts';

/** What an object refers to: a name, and the version that it was given when it was linked. */
export interface SymbolReference {
  readonly name: string;
  readonly version?: string;
}

/** versym indexes below this satisfy an unversioned reference: none, global, and the first node. */
const FIRST_NEWER_VERSION = 3;

/** The exports of one side, ready for look-ups. What the linker puts into every library does not count. */
export class ExportIndex {
  readonly library: LibraryExports;
  /** The exports that count, ordered by name. */
  readonly symbols: readonly ExportedSymbol[];
  readonly nodes: ReadonlyMap<string, VersionNode>;
  private readonly byName: ReadonlyMap<string, readonly ExportedSymbol[]>;

  constructor(library: LibraryExports) {
    this.library = library;
    this.symbols = library.symbols.filter((symbol) => !isLinkerMade(symbol));
    this.nodes = new Map(library.versions.map((node) => [node.name, node]));
    const byName = new Map<string, ExportedSymbol[]>();
    for (const symbol of this.symbols) {
      const known = byName.get(symbol.name);
      if (known === undefined) byName.set(symbol.name, [symbol]);
      else known.push(symbol);
    }
    this.byName = byName;
  }

  /** All definitions of a name, one a version. */
  named(name: string): readonly ExportedSymbol[] {
    return this.byName.get(name) ?? [];
  }

  /**
   * The definition that a reference of another object gets (glibc elf/dl-lookup.c, check_match and the end of
   * do_lookup_x), as far as versions decide: whether the process starts at all is another question.
   */
  resolve({ name, version }: SymbolReference): ExportedSymbol | undefined {
    const candidates = this.named(name);
    if (version === undefined) {
      const oldest = candidates.find((symbol) => this.indexOf(symbol) < FIRST_NEWER_VERSION);
      if (oldest !== undefined) return oldest;
      const defaults = candidates.filter(({ isDefault }) => isDefault);
      return defaults.length === 1 ? defaults[0] : undefined;
    }
    const exact = candidates.find((symbol) => symbol.version === version);
    // A definition without version satisfies any, unless it is hidden.
    return exact ?? candidates.find((symbol) => symbol.version === undefined && symbol.isDefault);
  }

  /** Whether some exported name starts with these characters. */
  hasPrefix(prefix: string): boolean {
    let low = 0;
    let high = this.symbols.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle]!.name < prefix) low = middle + 1;
      else high = middle;
    }
    return this.symbols[low]?.name.startsWith(prefix) ?? false;
  }

  private indexOf({ version }: ExportedSymbol): number {
    return version === undefined ? 1 : (this.nodes.get(version)?.index ?? FIRST_NEWER_VERSION);
  }
}

/** Such a name without leading underscore is somebody's own when it has a type. */
function isLinkerMade({ name, kind }: ExportedSymbol): boolean {
  return LINKER_MADE.has(name) && (name.startsWith('_') || kind === 'NOTYPE');
}
