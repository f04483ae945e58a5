import type { DependencyFacts, DepsFacts, ProcessDependencies } from '../../analyses/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { renderTree, type TreeNode } from '../tree.ts';

/** What a rule is called in front of a user. */
const RULES: Readonly<Record<string, string>> = {
  cache: 'ld.so.cache',
  default: 'default directory',
  'library-path': 'LD_LIBRARY_PATH',
  loader: 'the loader itself',
  path: 'by its path',
  preload: 'LD_PRELOAD',
  rpath: 'RPATH',
  runpath: 'RUNPATH',
};

/** The dependency trees: each library with its own needs where it stands first, by name alone after that. */
export function renderDeps({ roots }: DepsFacts, style: Style): string {
  return roots.map((root) => renderTree(treeOf(root, style))).join('\n');
}

function treeOf(root: ProcessDependencies, style: Style): TreeNode {
  const byOrder = new Map(root.libraries.map((library) => [library.order, library]));
  const shown = new Set<number>();
  const nodes = (orders: readonly number[]): TreeNode[] => {
    // Siblings first: breadth-first is the order in which the loader meets them.
    const mine = orders.filter((order) => order !== 0).map((order) => ({ order, first: !shown.has(order) }));
    for (const { order } of mine) shown.add(order);
    return mine.flatMap(({ order, first }) => {
      const library = byOrder.get(order);
      return library
        ? [{ label: label(library, first, style), children: first ? nodes(library.needs) : [] }]
        : [];
    });
  };
  const preloads = root.libraries.filter(({ rule }) => rule === 'preload').map(({ order }) => order);
  return { label: style.bold(printable(root.path)), children: nodes([...preloads, ...root.needs]) };
}

function label({ name, path, rule, ruleOf, message }: DependencyFacts, first: boolean, style: Style): string {
  if (path === null) return `${printable(name)} ${style.red(`not found: ${message}`)}`;
  if (!first) return style.dim(printable(name));
  const whose = ruleOf === undefined ? '' : ` of ${ruleOf}`;
  return `${printable(name)} ${style.dim('=>')} ${printable(path)} ${style.dim(`(${RULES[rule!] ?? rule}${printable(whose)})`)}`;
}
