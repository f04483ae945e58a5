import type { Entry, ExternBlock, NameEntry, Section, VersionNode, VersionScript } from '../ast.ts';
import type { Refusal } from './linker.ts';

/** Walks the names and blocks of a node. */
export function eachEntry(
  node: VersionNode,
  visit: { name?(entry: NameEntry): void; block?(block: ExternBlock, depth: number): void },
): void {
  const walk = (entries: readonly Entry[], depth: number): void => {
    for (const entry of entries) {
      if (entry.kind === 'name') visit.name?.(entry);
      else {
        visit.block?.(entry, depth);
        walk(entry.entries, depth + 1);
      }
    }
  };
  for (const { entries } of node.sections) walk(entries, 0);
}

/**
 * The grammar that ld.bfd and ld.gold share (ld/ldgram.y and gold/yyscript.y, vers_tag): names alone, or
 * `global:` and then `local:`, each at most once and with something in it.
 */
export function* strictStructure(script: VersionScript): Generator<Refusal> {
  for (const { sections, name } of script.nodes) {
    const subject = name ?? 'anonymous node';
    const refuse = (at: number, message: string): Refusal => ({ script, at, subject, message });
    const labels = new Set<Section['label']>();
    for (const [index, { label, entries, at }] of sections.entries()) {
      const before = sections[index - 1];
      if (before !== undefined && label !== undefined) {
        if (before.label === undefined)
          yield refuse(at, `'${label}:' after names without a label: they need 'global:'`);
        else if (labels.has(label)) yield refuse(at, `a second '${label}:' in one node`);
        else if (label === 'global') yield refuse(at, "'global:' after 'local:'");
      }
      labels.add(label);
      if (entries.length === 0) yield refuse(at, `nothing behind '${label}:'`);
    }
  }
  for (const node of script.nodes) {
    const empty: Refusal[] = [];
    eachEntry(node, {
      block({ language, entries, at }) {
        if (entries.length > 0) return;
        empty.push({ script, at, subject: language, message: `an empty block: extern "${language}"` });
      },
    });
    yield* empty;
  }
}

/** The defined symbols that a linker's own symbol for a version would clash with. */
export function versionNamedLikeSymbol(
  scripts: readonly VersionScript[],
  symbols: Iterable<{ readonly name: string; readonly defined: boolean }>,
): Refusal[] {
  const nodes = new Map(
    scripts.flatMap((script) =>
      script.nodes.map((node) => [node.name ?? '', { script, at: node.at }] as const),
    ),
  );
  nodes.delete('');
  const refusals: Refusal[] = [];
  for (const { name, defined } of symbols) {
    const node = defined ? nodes.get(name) : undefined;
    if (node === undefined) continue;
    nodes.delete(name);
    refusals.push({ ...node, subject: name, message: `the version ${name} has the name of a symbol` });
  }
  return refusals;
}
