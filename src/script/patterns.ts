import type { Entry, Scope, VersionScript } from './ast.ts';

/** The languages in which patterns match: the name itself, or what a demangler makes of it. */
export type Language = 'C' | 'C++' | 'Java';

/** One name or wildcard of a script, with all that its place says. */
export interface Pattern {
  /** As written, without quotes. */
  readonly text: string;
  readonly quoted: boolean;
  /** It stands in an `extern` block, of whatever language. */
  readonly inExtern: boolean;
  readonly language: Language;
  readonly scope: Scope;
  readonly node: NodePatterns;
  /** Position in the whole of the scripts: the order in which linkers meet them. */
  readonly order: number;
  readonly script: VersionScript;
  readonly at: number;
}

/** A node with its patterns in the order of the file. */
export interface NodePatterns {
  /** Empty for the anonymous node. */
  readonly name: string;
  readonly index: number;
  readonly globals: readonly Pattern[];
  readonly locals: readonly Pattern[];
  readonly script: VersionScript;
  readonly at: number;
}

/** ld.lld reads `global:foo` as one name, which then belongs to the section before. */
export type Labels = 'colon' | 'word';

function languageOf(name: string): Language {
  const upper = name.toUpperCase();
  return upper === 'C++' ? 'C++' : upper === 'JAVA' ? 'Java' : 'C';
}

/** The nodes with only those patterns that stand, spelled as `spell` does, in both scopes of any. */
export function inBothScopes(
  nodes: readonly NodePatterns[],
  spell: (pattern: Pattern) => string,
): readonly NodePatterns[] {
  const counts = { globals: 0, locals: 0 };
  for (const { globals, locals } of nodes) {
    counts.globals += globals.length;
    counts.locals += locals.length;
  }
  const [few, many] =
    counts.globals < counts.locals ? (['globals', 'locals'] as const) : (['locals', 'globals'] as const);
  const inFew = new Set(nodes.flatMap((node) => node[few].map(spell)));
  const found = nodes.map((node) => node[many].filter((pattern) => inFew.has(spell(pattern))));
  const inBoth = new Set(found.flatMap((patterns) => patterns.map(spell)));
  if (inBoth.size === 0) return [];
  return nodes.map((node, index) => ({
    ...node,
    [many]: found[index]!,
    [few]: node[few].filter((pattern) => inBoth.has(spell(pattern))),
  }));
}

const known = { colon: new WeakMap<object, NodePatterns[]>(), word: new WeakMap<object, NodePatterns[]>() };

/** The patterns of several scripts, as if they were one file. Listed once for each list of scripts. */
export function nodePatterns(
  scripts: readonly VersionScript[],
  labels: Labels = 'colon',
): readonly NodePatterns[] {
  const isSame =
    labels === 'colon' ||
    !scripts.some(({ nodes }) => nodes.some((node) => node.sections.some(({ glued }) => glued)));
  const lists = known[isSame ? 'colon' : 'word'];
  let nodes = lists.get(scripts);
  if (nodes === undefined) lists.set(scripts, (nodes = listPatterns(scripts, labels)));
  return nodes;
}

function listPatterns(scripts: readonly VersionScript[], labels: Labels): NodePatterns[] {
  const nodes: NodePatterns[] = [];
  let order = 0;
  for (const script of scripts) {
    for (const { name = '', sections, at } of script.nodes) {
      const globals: Pattern[] = [];
      const locals: Pattern[] = [];
      const node: NodePatterns = { name, index: nodes.length, globals, locals, script, at };
      let scope: Scope = 'global';
      const add = (
        entries: readonly Entry[],
        language: Language,
        inExtern: boolean,
        prefix: string,
      ): void => {
        entries.forEach((entry, index) => {
          if (entry.kind === 'extern') {
            add(entry.entries, languageOf(entry.language), true, '');
            return;
          }
          const { quoted } = entry;
          const text = index === 0 ? prefix + entry.text : entry.text;
          const place = { node, order: order++, script, at: entry.at };
          (scope === 'global' ? globals : locals).push({ text, quoted, inExtern, language, scope, ...place });
        });
      };
      for (const { label, glued, entries } of sections) {
        const isName = glued && labels === 'word';
        if (label !== undefined && !isName) scope = label;
        add(entries, 'C', false, isName ? `${label}:` : '');
      }
      nodes.push(node);
    }
  }
  return nodes;
}
