import type { VersionScript } from '../ast.ts';
import { compileGlob } from '../glob.ts';
import { PatternIndex, type Ranked } from '../pattern-index.ts';
import { type NodePatterns, nodePatterns, type Pattern } from '../patterns.ts';
import type { SymbolToAssign } from '../symbols.ts';
import {
  type Assigner,
  byPattern,
  bySymver,
  duplicate,
  hiddenByObject,
  isHidden,
  isSamePlace,
  type Linker,
  markerOf,
  Names,
  type Refusal,
  versionedTwins,
} from './linker.ts';
import { eachEntry } from './structure.ts';

/** Quotes make a name exact only inside `extern` (lld/ELF/ScriptParser.cpp, readSymbols, readVersionExtern). */
const isExact = ({ text, quoted, inExtern }: Pattern): boolean => (quoted && inExtern) || !/[?*[]/.test(text);
const isStar = (pattern: Pattern): boolean => pattern.text === '*' && !isExact(pattern);

/** Anonymous nodes are two lists that stand before all nodes: what they hide, then what they export. */
function definitions(nodes: readonly NodePatterns[]): Pattern[][] {
  const anonymous = nodes.filter(({ name }) => name === '');
  return [
    anonymous.flatMap(({ locals }) => locals),
    anonymous.flatMap(({ globals }) => globals),
    ...nodes.filter(({ name }) => name !== '').map(({ globals, locals }) => [...globals, ...locals]),
  ];
}

/**
 * The precedence of ld.lld (lld/ELF/SymbolTable.cpp, scanVersionScript): the first exact name, globals of a
 * node before its locals; then globs of the last node, its globals first; then `*` of the first node.
 */
function lldPrecedence(nodes: readonly NodePatterns[]): Ranked {
  const all = definitions(nodes);
  const lastFirst = all.toReversed().flat();
  return {
    exact: all
      .flat()
      .filter(isExact)
      .map((pattern) => ({ pattern, name: pattern.text })),
    globs: lastFirst.filter((pattern) => !isExact(pattern) && !isStar(pattern)),
    star: all.flat().find(isStar),
  };
}

function* scriptRefusals(script: VersionScript): Generator<Refusal> {
  for (const node of script.nodes) {
    const { name, at, parents, sections } = node;
    if (name === undefined && script.nodes.length > 1) {
      const message = 'an anonymous node cannot stand beside other nodes of one file';
      yield { script, at, subject: 'anonymous node', message };
    }
    if (parents.length > 1) {
      yield {
        script,
        at: parents[1]!.at,
        subject: parents[1]!.name,
        message: 'a node can inherit from one node only',
      };
    }
    for (const { label, apart, at: place } of sections) {
      if (apart)
        yield { script, at: place, subject: label!, message: `'${label} :' needs a blank behind the colon` };
    }
    const gluedExtern = sections.find(({ glued, entries }) => glued && entries[0]?.kind === 'extern');
    if (gluedExtern !== undefined) {
      const { at: place, label } = gluedExtern;
      yield {
        script,
        at: place,
        subject: label!,
        message: `'${label}:extern' needs a blank behind the colon`,
      };
    }
    const found: Refusal[] = [];
    eachEntry(node, {
      name({ text, at: place, touchesComment }) {
        const refuse = (message: string) => found.push({ script, at: place, subject: text, message });
        if (touchesComment) refuse(`${text} needs a blank before the comment`);
      },
      block({ language, languageQuoted, at: place }, depth) {
        const refuse = (message: string) => found.push({ script, at: place, subject: language, message });
        if (!languageQuoted || (language !== 'C' && language !== 'C++'))
          refuse(`unknown language ${language}`);
        if (depth > 0) refuse('an extern block inside another');
      },
    });
    for (const { entries } of sections) {
      for (const entry of entries) {
        if (entry.kind !== 'name' || entry.quoted || entry.text !== 'extern') continue;
        found.push({ script, at: entry.at, subject: 'extern', message: 'extern is a keyword: quote it' });
      }
    }
    yield* found;
  }
}

function* globRefusals(nodes: readonly NodePatterns[]): Generator<Refusal> {
  for (const { globals, locals } of nodes) {
    for (const pattern of [...globals, ...locals]) {
      if (isExact(pattern) || compileGlob(pattern.text, 'llvm') !== undefined) continue;
      const { script, at, text } = pattern;
      yield { script, at, subject: text, message: `invalid glob pattern ${text}` };
    }
  }
}

function assigner(scripts: readonly VersionScript[], symbols: readonly SymbolToAssign[]): Assigner {
  const twins = versionedTwins(symbols);
  const nodes = nodePatterns(scripts, 'word');
  const ranked = lldPrecedence(nodes);
  const work = { steps: 0 };
  const index = new PatternIndex(ranked, 'llvm', work);
  const names = new Names('llvm', true);
  /** A default version is hidden by an exact local name alone. */
  const exactLocals = new PatternIndex(
    { exact: ranked.exact.filter(({ pattern }) => pattern.scope === 'local'), globs: [], star: undefined },
    'llvm',
    work,
  );
  /** Any other by its own node, as if the version stood behind each of its patterns. */
  const byVersion = Map.groupBy(nodes, ({ name }) => name);
  const made = new Map<string, PatternIndex>();
  const ofVersion = (version: string): PatternIndex => {
    let own = made.get(version);
    if (own === undefined)
      made.set(version, (own = new PatternIndex(lldPrecedence(byVersion.get(version) ?? []), 'llvm', work)));
    return own;
  };
  return {
    marker: (taken) => markerOf(index, names, taken),
    assign(symbol) {
      if (isHidden(symbol)) return hiddenByObject(symbol);
      const { name, symver } = symbol;
      if (symver === undefined) {
        const found = byPattern(symbol, index.find(names.of(name)));
        // lld/ELF/Driver.cpp, redirectSymbols
        const isTwin = (twin: SymbolToAssign) =>
          found.version === undefined ? isSamePlace(twin, symbol) : twin.symver!.version === found.version;
        return twins(name).some(isTwin) ? duplicate(symbol, 'duplicate') : found;
      }
      const pattern = symver.isDefault
        ? exactLocals.find(names.of(name))
        : ofVersion(symver.version).find(names.of(name));
      const hidden = pattern?.scope === 'local';
      return bySymver(symbol, !hidden, hidden ? 'pattern' : 'symver', pattern);
    },
  };
}

/** LLVM's lld, as of LLVM 14. */
export const lld: Linker = {
  refusals: (scripts) => [
    ...scripts.flatMap((script) => [...scriptRefusals(script)]),
    ...globRefusals(nodePatterns(scripts, 'word')),
  ],
  assigner,
};
