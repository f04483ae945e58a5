import type { Finding } from '../../model/index.ts';
import type { FileSymbols, ReadSymbol, VersionScript } from '../../script/index.ts';
import { scriptFinding } from './lint-script.ts';
import { exportable } from './new-script.ts';
import { type NodeToWrite, nextVersion, scriptOf, versionFromSoname } from './write-script.ts';

export interface NextScript {
  readonly script: Pick<VersionScript, 'nodes' | 'end'>;
  readonly findings: readonly Finding[];
}

/** A release of a library. */
export interface Release {
  readonly path: string;
  readonly file: FileSymbols;
}

/**
 * The script of the next release: the nodes of the old one as they are, and a new one that inherits the last
 * with what is new. A symbol that is gone is a finding. One that is no longer the same thing, because the
 * tables say so or it is among `changed`, gets a second version, with the directives that keep the first.
 */
export function nextScript(
  before: Release,
  after: Release,
  node: string | undefined,
  changed: readonly string[],
): NextScript {
  const old = exportable(before.file.symbols);
  const oldNames = new Set(old.map(({ name }) => name));
  const fresh = exportable(after.file.symbols);
  const freshNames = new Set(fresh.map(({ name }) => name));
  const first = versionFromSoname(before.file.soname ?? before.path.replace(/^.*\//, ''));
  const versions = before.file.versions.length > 0 ? before.file.versions : [{ name: first, parents: [] }];
  const last = versions.at(-1)!.name;
  const next = node ?? nextVersion(last);

  const added = fresh.filter(({ name }) => !oldNames.has(name)).map(({ name }) => name);
  const second = changedSymbols(old, fresh, changed);
  const nodes: NodeToWrite[] = versions.map(({ name, parents }) => ({
    name,
    parents,
    globals: old.filter(({ exportedAs }) => (exportedAs ?? last) === name).map((symbol) => symbol.name),
    hidesRest: false,
  }));
  if (added.length > 0 || second.length > 0) {
    nodes.push({
      name: next,
      globals: [...added, ...second.map(({ name }) => name)],
      hidesRest: true,
      parents: [last],
    });
  } else nodes[nodes.length - 1] = { ...nodes.at(-1)!, hidesRest: true };

  const gone = [...oldNames].filter((name) => !freshNames.has(name)).sort();
  return {
    script: scriptOf(nodes, second.length > 0 ? directives(second, last, next) : []),
    findings: gone.map((name) => {
      const { exportedAs } = old.find((symbol) => symbol.name === name)!;
      return scriptFinding('script.removed-symbol', {
        subject: name,
        object: after.path,
        message: `${name}${exportedAs === undefined ? '' : `@@${exportedAs}`} is not there any more`,
        evidence: [{ object: before.path, text: 'exports it: programs may use it' }],
        fix: 'keep it, or give the library a new soname',
      });
    }),
  };
}

interface Changed {
  readonly name: string;
  readonly was: string | undefined;
}

/** What a symbol table shows of a change: another kind of thing, or data of another size. */
function changedSymbols(
  old: readonly ReadSymbol[],
  fresh: readonly ReadSymbol[],
  named: readonly string[],
): Changed[] {
  const byName = new Map(
    fresh.filter(({ symver }) => symver === undefined).map((symbol) => [symbol.name, symbol]),
  );
  return old
    .filter(({ symver }) => symver === undefined)
    .filter((symbol) => {
      const now = byName.get(symbol.name);
      if (now === undefined) return false;
      const isData = now.kind === 'object' || now.kind === 'tls';
      return named.includes(symbol.name) || now.kind !== symbol.kind || (isData && now.size !== symbol.size);
    })
    .map(({ name, exportedAs }) => ({ name, was: exportedAs }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** gas(1), `.symver`: the old definition under its old version, the new one as the default. */
function directives(changed: readonly Changed[], last: string, next: string): string[] {
  const suffix = (version: string) => version.replace(/\W/g, '_');
  return [
    '# Changed: keep the old definition beside the new one, under names of their own, with these lines:',
    ...changed.flatMap(({ name, was = last }) => [
      `#   __asm__(".symver ${name}__${suffix(was)}, ${name}@${was}");`,
      `#   __asm__(".symver ${name}__${suffix(next)}, ${name}@@${next}");`,
    ]),
  ];
}
