import { demangle } from '../../demangle/index.ts';
import type { FileSymbols, ReadSymbol, VersionScript } from '../../script/index.ts';
import { type NodeToWrite, scriptOf } from './write-script.ts';

/** What counts as public; a name that one of them takes is. Nothing given: everything is. */
export interface PublicSurface {
  /** Identifiers of the headers. */
  readonly declared?: ReadonlySet<string>;
  readonly keep?: RegExp;
  /** An older release: its exports stay, under their versions. */
  readonly like?: FileSymbols;
  /** References of programs. */
  readonly used?: ReadonlySet<string>;
}

export interface NewScript {
  readonly script: Pick<VersionScript, 'nodes' | 'end'>;
  /** Exports of the older release that are not there any more. */
  readonly gone: readonly string[];
}

/** The definitions that a script could export. */
export function exportable(symbols: readonly ReadSymbol[]): ReadSymbol[] {
  return symbols.filter(
    ({ defined, visibility }) => defined && (visibility === 'default' || visibility === 'protected'),
  );
}

/** A script that exports the public surface only. `node` names the node of what the older release did not have. */
export function newScript(
  symbols: readonly ReadSymbol[],
  { declared, keep, like, used }: PublicSurface,
  node: string | undefined,
): NewScript {
  const own = exportable(symbols);
  const old = like === undefined ? [] : exportable(like.symbols);
  const oldNames = new Set(old.map(({ name }) => name));
  const all = [declared, keep, like, used].every((source) => source === undefined);
  const isPublic = ({ name }: ReadSymbol): boolean =>
    all ||
    oldNames.has(name) ||
    (used?.has(name) ?? false) ||
    (keep?.test(name) ?? false) ||
    (declared !== undefined && isDeclared(name, declared));
  const names = new Set(own.map(({ name }) => name));
  const chosen = own.filter(isPublic);
  const versions = like?.versions ?? [];
  const nodes: NodeToWrite[] = versions.map(({ name, parents }) => ({
    name,
    parents,
    globals: old
      .filter((symbol) => symbol.exportedAs === name && names.has(symbol.name))
      .map((symbol) => symbol.name),
    hidesRest: false,
  }));
  for (const version of new Set(
    chosen.flatMap(({ symver }) => (symver === undefined ? [] : [symver.version])),
  )) {
    if (nodes.some(({ name }) => name === version)) continue;
    nodes.push({
      name: version,
      globals: chosen.filter(({ symver }) => symver?.version === version).map(({ name }) => name),
      hidesRest: false,
    });
  }
  const placed = new Set(nodes.flatMap(({ globals }) => [...globals]));
  const rest = chosen
    .filter(({ name, symver }) => symver === undefined && !placed.has(name))
    .map(({ name }) => name);
  const last = nodes.at(-1)?.name;
  if (last === undefined || (node !== undefined && node !== last && rest.length > 0)) {
    const parents = last === undefined ? [] : [last];
    nodes.push({ ...(node === undefined ? {} : { name: node }), globals: rest, hidesRest: true, parents });
  } else {
    const { globals } = nodes.at(-1)!;
    nodes[nodes.length - 1] = { ...nodes.at(-1)!, globals: [...globals, ...rest], hidesRest: true };
  }
  return { script: scriptOf(nodes), gone: [...oldNames].filter((name) => !names.has(name)).sort() };
}

/** A C name stands in the headers itself, a mangled one if all parts of its qualified name do. */
function isDeclared(name: string, declared: ReadonlySet<string>): boolean {
  if (declared.has(name)) return true;
  const readable = demangle(name, { params: false, returnTypes: false });
  if (readable === name) return false;
  const parts = withoutArguments(
    readable.replace(/^(?:vtable|typeinfo|typeinfo name|VTT|guard variable) for /, ''),
  ).match(/[A-Za-z_]\w*/g);
  return parts?.every((part) => part === 'operator' || declared.has(part)) ?? false;
}

/** Without what stands between angle brackets. */
function withoutArguments(name: string): string {
  let depth = 0;
  let text = '';
  for (const char of name) {
    if (char === '<') depth++;
    else if (char === '>') depth--;
    else if (depth <= 0) text += char;
  }
  return text;
}
