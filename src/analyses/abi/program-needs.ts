import { SHN, STB, symbolBinding, symbolName, VERSYM_INDEX } from '../../elf/index.ts';
import {
  breaks,
  type Change,
  type Comparison,
  type DynamicObject,
  exportName,
  type LibraryExports,
  worstVerdict,
} from '../../model/index.ts';
import { classOfSpecial, classOfStructor, isOfClass } from './class-scope.ts';
import { conclude } from './compare-libraries.ts';
import { ExportIndex } from './export-index.ts';

/** What one program (or library) needs of OLD. */
export interface ProgramNeeds {
  readonly path: string;
  /** Exports of OLD that its references get, as `exportName` writes them. */
  readonly symbols: ReadonlySet<string>;
  /** Those of them that it can do without: weak references. */
  readonly weak: ReadonlySet<string>;
  /** The version nodes that it names. */
  readonly versions: ReadonlySet<string>;
}

/** The references of a program that definitions of OLD answer, by name and version. */
export function programNeeds(program: DynamicObject, old: LibraryExports): ProgramNeeds {
  const index = new ExportIndex(old);
  const ownName = old.soname ?? old.fileName;
  const { symbols: table, versions, references } = program;
  const symbols = new Set<string>();
  const weak = new Set<string>();
  // A copy relocation refers to a symbol that the program itself defines.
  for (const at of new Set(references.symbol)) {
    const entry = versions.versym === undefined ? 0 : versions.versym[at]! & VERSYM_INDEX;
    const version = versions.byIndex.get(entry);
    if (version !== undefined && version.file !== ownName) continue;
    const name = symbolName(table, at);
    const found = index.resolve(version === undefined ? { name } : { name, version: version.name });
    if (found === undefined) continue;
    symbols.add(exportName(found));
    const isWeak = symbolBinding(table.info[at]!) === STB.WEAK && table.section[at] === SHN.UNDEF;
    if (isWeak) weak.add(exportName(found));
  }
  const named = versions.needs.filter(({ file }) => file === ownName).flatMap((need) => need.versions);
  return { path: program.path, symbols, weak, versions: new Set(named.map(({ name }) => name)) };
}

/** What the change from OLD to NEW means to one program. */
export interface ProgramFate {
  readonly path: string;
  /** How many exports of OLD it uses. */
  readonly uses: number;
  readonly breaks: boolean;
  /** The subjects of the changes that break it. */
  readonly because: readonly string[];
}

/** A comparison narrowed to what some programs use, and which of them break. */
export interface NarrowedComparison {
  readonly comparison: Comparison;
  readonly programs: readonly ProgramFate[];
}

/** Drops every change of a symbol that none of the programs uses. */
export function narrowToPrograms(
  { changes }: Comparison,
  old: LibraryExports,
  recent: LibraryExports,
  programs: readonly ProgramNeeds[],
): NarrowedComparison {
  const concerns = changes.map((change) => programs.map((needs) => concernsProgram(change, needs)));
  const kept = changes.filter((_, index) => concerns[index]!.some(Boolean));
  const comparison = conclude(old, recent, kept);
  return {
    comparison,
    programs: programs.map((needs) => {
      const own = comparison.changes.filter((change) => concernsProgram(change, needs));
      const because = own.filter(({ effect }) => breaks(effect)).map(({ subject }) => subject);
      const verdict = worstVerdict(own.map(({ effect }) => effect));
      return { path: needs.path, uses: needs.symbols.size, breaks: breaks(verdict), because };
    }),
  };
}

function concernsProgram({ kind, symbols, subject }: Change, needs: ProgramNeeds): boolean {
  if (kind === 'abi.version-removed') {
    return needs.versions.has(subject) || symbols.some(({ old }) => needs.versions.has(old?.version ?? ''));
  }
  if (symbols.length === 0) return true;
  if (kind === 'abi.class-layout' && symbols.some((pair) => usesClass((pair.old ?? pair.new)!.name, needs))) {
    return true;
  }
  const isLoss =
    kind.endsWith('-removed') || kind === 'abi.version-moved' || kind === 'abi.signature-changed';
  return symbols.some(({ old }) => {
    const name = old === undefined ? '' : exportName(old);
    return needs.symbols.has(name) && !(isLoss && needs.weak.has(name));
  });
}

/** Whoever calls a member function has compiled the class in. */
function usesClass(name: string, { symbols }: ProgramNeeds): boolean {
  const owner = classOfSpecial(name) ?? classOfStructor(name);
  return owner !== undefined && [...symbols].some((used) => isOfClass(used, owner));
}
