import type { VersionScript } from '../ast.ts';
import { hasWildcard, withoutEscapes } from '../glob.ts';
import { PatternIndex, type Ranked } from '../pattern-index.ts';
import { inBothScopes, type NodePatterns, nodePatterns, type Pattern } from '../patterns.ts';
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
import { eachEntry, strictStructure } from './structure.ts';

const isStar = ({ text }: Pattern): boolean => text === '*';
const isExact = ({ quoted, text }: Pattern): boolean => quoted || !hasWildcard(text);
const exactName = ({ quoted, text }: Pattern): string => (quoted ? text : withoutEscapes(text));
/** gold looks through its tables language by language. */
const LANGUAGES = ['C', 'C++', 'Java'];

/**
 * The precedence of ld.gold (gold/script.cc, Version_script_info::get_symbol_version): exact names, those in C
 * first, of the first node that has one; then globs, the last one of the file, where the globals of a node
 * come after its locals; then the last `*`, quoted or not.
 */
function goldPrecedence(nodes: readonly NodePatterns[]): Ranked {
  const inOrder = nodes.flatMap(({ globals, locals }) => [...locals, ...globals]);
  const exact = inOrder.filter((pattern) => isExact(pattern) && !isStar(pattern));
  const rank = ({ language }: Pattern) => LANGUAGES.indexOf(language);
  return {
    exact: exact
      .toSorted((a, b) => rank(a) - rank(b))
      .map((pattern) => ({ pattern, name: exactName(pattern) })),
    globs: inOrder.filter((pattern) => !isExact(pattern) && !isStar(pattern)).reverse(),
    star: inOrder.findLast(isStar),
  };
}

const KEYWORDS = ['global', 'local', 'extern'];
const NAME = /^[A-Za-z_.$*[]([^!\\]*)$/;
const TAG = /^[A-Za-z_.$*[][^!\\]*$/;

function* scriptRefusals(script: VersionScript): Generator<Refusal> {
  yield* strictStructure(script);
  for (const node of script.nodes) {
    for (const { name, at } of [
      ...(node.name === undefined ? [] : [{ name: node.name, at: node.at }]),
      ...node.parents,
    ]) {
      if (KEYWORDS.includes(name) || !TAG.test(name)) {
        yield { script, at, subject: name, message: `${name} is no name for a version` };
      }
    }
    const found: Refusal[] = [];
    eachEntry(node, {
      name({ text, quoted, at }) {
        const refuse = (message: string) => found.push({ script, at, subject: text, message });
        if (quoted && text.includes('\n')) refuse('a quoted name of more than one line');
        else if (!quoted && (text === 'global' || text === 'local')) refuse(`${text} is a keyword: quote it`);
        else if (!quoted && !NAME.test(text))
          refuse(`${text} is no name: it cannot hold ! and \\, nor start so`);
      },
      block({ language, at }) {
        if (!LANGUAGES.includes(language)) {
          found.push({ script, at, subject: language, message: `unknown language '${language}'` });
        }
      },
    });
    yield* found;
  }
}

function* nodeRefusals(scripts: readonly VersionScript[]): Generator<Refusal> {
  const known = new Set(scripts.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
  const seen = new Set<string>();
  for (const script of scripts) {
    for (const { name, at, parents } of script.nodes) {
      if (name !== undefined && seen.has(name)) {
        yield { script, at, subject: name, message: `a second node ${name}` };
      }
      if (name !== undefined) seen.add(name);
      for (const parent of parents) {
        if (known.has(parent.name)) continue;
        yield { script, at: parent.at, subject: parent.name, message: `there is no node ${parent.name}` };
      }
    }
  }
}

/** Global and local in nodes of one name: gold cannot know which is meant. */
function* bothScopes(nodes: readonly NodePatterns[]): Generator<Refusal> {
  const first = new Map<string, Pattern>();
  let star: Pattern | undefined;
  for (const { globals, locals } of inBothScopes(nodes, ({ text }) => withoutEscapes(text))) {
    for (const pattern of [...locals, ...globals]) {
      const { text, script, at, scope, language, node } = pattern;
      const message = `${text} is both global and local`;
      if (isStar(pattern)) {
        if (star?.node.name === node.name && star.scope !== scope)
          yield { script, at, subject: text, message };
        star = pattern;
      } else if (isExact(pattern)) {
        const key = `${language} ${exactName(pattern)}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, pattern);
        else if (other.node.name === node.name && other.scope !== scope) {
          yield { script, at, subject: text, message };
        }
      }
    }
  }
}

function assigner(scripts: readonly VersionScript[], symbols: readonly SymbolToAssign[]): Assigner {
  const twins = versionedTwins(symbols);
  const index = new PatternIndex(goldPrecedence(nodePatterns(scripts)), 'no-escape', { steps: 0 });
  const names = new Names('gnu', false);
  return {
    marker: (taken) => markerOf(index, names, taken),
    assign(symbol) {
      if (isHidden(symbol)) return hiddenByObject(symbol);
      // A script says nothing to a symbol that came with its version (gold/symtab.cc, add_from_relobj).
      if (symbol.symver !== undefined) return bySymver(symbol, true);
      const found = byPattern(symbol, index.find(names.of(symbol.name)));
      const twin = twins(symbol.name).find(({ symver }) => symver!.version === found.version);
      if (twin === undefined) return found;
      return duplicate(symbol, isSamePlace(twin, symbol) ? 'duplicate' : 'clash');
    },
  };
}

/** GNU gold, as of binutils 2.40. */
export const gold: Linker = {
  refusals: (scripts) => [
    ...scripts.flatMap((script) => [...scriptRefusals(script)]),
    ...nodeRefusals(scripts),
    ...bothScopes(nodePatterns(scripts)),
  ],
  assigner,
};
