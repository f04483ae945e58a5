import { positionIn, type VersionScript } from '../ast.ts';
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

/** An exact name: quoted, or without wildcards (ldlang.c, lang_new_vers_pattern). */
const isExact = ({ quoted, text }: Pattern): boolean => quoted || !hasWildcard(text);
const exactName = ({ quoted, text }: Pattern): string => (quoted ? text : withoutEscapes(text));
/** A star in any language takes every name. */
const isStar = ({ quoted, text }: Pattern): boolean => !quoted && text === '*';

/**
 * The precedence of ld.bfd (bfd/linker.c, bfd_find_version_for_sym; ld/ldlang.c, lang_vers_match): the first
 * node that has the exact name, its globals before its locals; then globs, global before local, the last node
 * that matches; then a global `*` and at last a local one, again of the last node.
 */
function bfdPrecedence(nodes: readonly NodePatterns[]): Ranked {
  const inOrder = nodes.flatMap(({ globals, locals }) => [...globals, ...locals]).filter(isExact);
  const lastFirst = nodes.toReversed();
  const globals = lastFirst.flatMap((node) => node.globals).filter((pattern) => !isExact(pattern));
  const locals = lastFirst.flatMap((node) => node.locals).filter((pattern) => !isExact(pattern));
  return {
    exact: inOrder.map((pattern) => ({ pattern, name: exactName(pattern) })),
    globs: [...globals, ...locals].filter((pattern) => !isStar(pattern)),
    star: globals.find(isStar) ?? locals.find(isStar),
  };
}

const TAG = /^[.$_a-zA-Z][._a-zA-Z0-9]*$/;
const NAME = /^[*?.$_a-zA-Z[\]\-!^\\]/;

function* scriptRefusals(script: VersionScript): Generator<Refusal> {
  yield* strictStructure(script);
  for (const node of script.nodes) {
    for (const { name, at } of [
      ...(node.name === undefined ? [] : [{ name: node.name, at: node.at }]),
      ...node.parents,
    ]) {
      if (!TAG.test(name)) yield { script, at, subject: name, message: `${name} is no name for a version` };
    }
    const found: Refusal[] = [];
    eachEntry(node, {
      name({ text, quoted, at }) {
        if (!quoted && !NAME.test(text)) {
          found.push({
            script,
            at,
            subject: text,
            message: `a name cannot start with '${text[0]}': quote it`,
          });
        }
      },
      block({ language, languageQuoted, at }) {
        if (!languageQuoted) {
          found.push({ script, at, subject: language, message: `the language ${language} has to be quoted` });
        } else if (!['C', 'C++', 'JAVA'].includes(language.toUpperCase())) {
          found.push({ script, at, subject: language, message: `unknown language '${language}'` });
        }
      },
    });
    yield* found;
  }
}

/** ldlang.c, lang_register_vers_node and lang_add_vers_depend, over all scripts together. */
function* nodeRefusals(scripts: readonly VersionScript[]): Generator<Refusal> {
  const names = new Set<string>();
  const all = scripts.flatMap((script) => script.nodes.map((node) => ({ script, node })));
  for (const [index, { script, node }] of all.entries()) {
    const { name, at, parents } = node;
    if (all.length > 1 && index > 0 && (name === undefined || all[0]!.node.name === undefined)) {
      const message = 'an anonymous node cannot stand beside other nodes';
      yield { script, at, subject: 'anonymous node', message };
    }
    for (const parent of parents) {
      if (names.has(parent.name)) continue;
      const message = `no node ${parent.name} stands before this one, which depends on it`;
      yield { script, at: parent.at, subject: parent.name, message };
    }
    if (name !== undefined && names.has(name)) {
      yield { script, at, subject: name, message: `a second node ${name}` };
    }
    if (name !== undefined) names.add(name);
  }
}

/** A name or glob that is global in one node and local in another (ldlang.c, lang_register_vers_node). */
function* oppositeScopes(nodes: readonly NodePatterns[]): Generator<Refusal> {
  const seen = { global: new Map<string, Pattern[]>(), local: new Map<string, Pattern[]>() };
  for (const { globals, locals } of inBothScopes(nodes, ({ text }) => withoutEscapes(text))) {
    const keyed = [...globals, ...locals].map((pattern) => {
      const exact = isExact(pattern);
      return { pattern, key: `${pattern.language} ${exact} ${exact ? exactName(pattern) : pattern.text}` };
    });
    for (const { pattern, key } of keyed) {
      const [other] = seen[pattern.scope === 'global' ? 'local' : 'global'].get(key) ?? [];
      if (other === undefined) continue;
      const { line } = positionIn(other.script, other.at);
      const message = `${pattern.text} is ${pattern.scope} here and ${other.scope} in line ${line}`;
      yield { script: pattern.script, at: pattern.at, subject: pattern.text, message };
    }
    for (const { pattern, key } of keyed) {
      const list = seen[pattern.scope].get(key);
      if (list === undefined) seen[pattern.scope].set(key, [pattern]);
      else list.push(pattern);
    }
  }
}

/** A symbol that came as `name@version`: only its own node can hide it (elflink.c, _bfd_elf_link_assign_sym_version). */
function ownNode(
  nodes: readonly NodePatterns[],
  work: { steps: number },
): (version: string) => { globals: PatternIndex; locals: PatternIndex } | undefined {
  const made = new Map<string, { globals: PatternIndex; locals: PatternIndex }>();
  const byName = new Map(nodes.toReversed().map((node) => [node.name, node]));
  return (version) => {
    const node = byName.get(version);
    if (node === undefined) return undefined;
    let indexes = made.get(version);
    if (indexes === undefined) {
      const only = (part: Partial<NodePatterns>) =>
        new PatternIndex(bfdPrecedence([{ ...node, globals: [], locals: [], ...part }]), 'fnmatch', work);
      indexes = { globals: only({ globals: node.globals }), locals: only({ locals: node.locals }) };
      made.set(version, indexes);
    }
    return indexes;
  };
}

function assigner(scripts: readonly VersionScript[], symbols: readonly SymbolToAssign[]): Assigner {
  const nodes = nodePatterns(scripts);
  const work = { steps: 0 };
  const index = new PatternIndex(bfdPrecedence(nodes), 'fnmatch', work);
  const names = new Names('gnu', true);
  const nodeOf = ownNode(nodes, work);
  const twins = versionedTwins(symbols);
  return {
    marker: (taken) => markerOf(index, names, taken),
    assign(symbol) {
      if (isHidden(symbol)) return hiddenByObject(symbol);
      const { name, symver } = symbol;
      if (symver !== undefined) {
        const node = nodeOf(symver.version);
        const pattern = node?.globals.find(names.of(name));
        if (pattern !== undefined) return bySymver(symbol, true, 'symver', pattern);
        const local = node?.locals.find(names.of(name));
        return bySymver(symbol, local === undefined, local === undefined ? 'symver' : 'pattern', local);
      }
      const pattern = index.find(names.of(name));
      // The versioned name is the one that counts (elflink.c, elf_link_add_object_symbols), also for something
      // else when the node lists the name exactly (bfd_elf_size_dynamic_sections).
      const isTwin = (twin: SymbolToAssign) =>
        isSamePlace(twin, symbol) ||
        (pattern?.scope === 'global' && isExact(pattern) && twin.symver!.version === pattern.node.name);
      return twins(name).some(isTwin) ? duplicate(symbol, 'duplicate') : byPattern(symbol, pattern);
    },
  };
}

/** GNU ld, as of binutils 2.40. */
export const bfd: Linker = {
  refusals: (scripts) => [
    ...scripts.flatMap((script) => [...scriptRefusals(script)]),
    ...nodeRefusals(scripts),
    ...oppositeScopes(nodePatterns(scripts)),
  ],
  assigner,
};
