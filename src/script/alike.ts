import type { Entry, VersionScript } from './ast.ts';
import { nodePatterns, type Pattern } from './patterns.ts';
import type { Assignment, SymbolToAssign } from './symbols.ts';

/** What it takes to know what the linkers make differently. */
export interface Differing {
  /** The scripts without the names that all linkers take alike. */
  readonly scripts: readonly VersionScript[];
  /** Whether linkers could disagree about a symbol. */
  readonly isOpen: (assignment: Assignment) => boolean;
}

/** Nothing in it means something to one linker only: no wildcard, quote or escape. */
const isPlain = ({ text, quoted }: Pick<Pattern, 'text' | 'quoted'>): boolean =>
  !quoted && !/[*?[\]\\]/.test(text);

/**
 * Where a name stands once in the scripts, in C and spelled out, each linker gives a symbol of that name what
 * this place says: exact names win over wildcards with all of them. That holds unless an exact name of another
 * language could take the symbol too, a label is read as part of a name, or an object brings versions.
 * Undefined: nothing is known to be alike.
 */
export function differing(
  scripts: readonly VersionScript[],
  symbols: readonly SymbolToAssign[],
): Differing | undefined {
  if (symbols.some(({ symver }) => symver !== undefined)) return undefined;
  const isGlued = scripts.some(({ nodes }) =>
    nodes.some(({ sections }) => sections.some(({ glued }) => glued)),
  );
  if (isGlued) return undefined;
  const names = new Set<string>();
  for (const { globals, locals } of nodePatterns(scripts)) {
    for (const pattern of [...globals, ...locals]) {
      const { text, quoted, language } = pattern;
      if (isPlain(pattern)) {
        if (language !== 'C' || names.has(text)) return undefined;
        names.add(text);
      } else if (quoted || /[[\]\\]/.test(text)) return undefined;
    }
  }
  const rest = (entries: readonly Entry[]): Entry[] =>
    entries
      .filter((entry) => entry.kind === 'extern' || !isPlain(entry))
      .map((entry) => (entry.kind === 'extern' ? { ...entry, entries: rest(entry.entries) } : entry));
  return {
    scripts: scripts.map((script) => ({
      ...script,
      nodes: script.nodes.map((node) => ({
        ...node,
        sections: node.sections.map((section) => ({ ...section, entries: rest(section.entries) })),
      })),
    })),
    isOpen: ({ pattern, reason }) => reason !== 'visibility' && (pattern === undefined || !isPlain(pattern)),
  };
}
