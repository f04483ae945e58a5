import type { Finding } from '../../model/index.ts';
import type { ExportedSymbol } from './exported-symbols.ts';
import { counted, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/**
 * Implementation names that escape: `.symver foo_old, foo@V1` keeps `foo_old` beside `foo@V1`, and a version
 * script without `local: *` exports it. They are told by their address, which they share with a definition of
 * several versions, and by their name, which is the public one with more to it (GNU as manual, .symver).
 */
export function implementationNameFindings({
  own,
  name,
  path,
  isProgram,
  isSystem,
}: ExportingObject): Finding[] {
  if (isProgram || isSystem) return [];
  const byName = Map.groupBy(own, (symbol) => symbol.name);
  const isChosen = (symbol: ExportedSymbol) =>
    symbol.version !== undefined && (symbol.hidden || byName.get(symbol.name)!.length > 1);
  const chosen = Map.groupBy(own.filter(isChosen), placeOf);
  const escaped = own.flatMap((symbol) => {
    if (symbol.hidden || byName.get(symbol.name)!.length > 1) return [];
    const of = chosen.get(placeOf(symbol))?.find((versioned) => isElaborated(symbol.name, versioned.name));
    return of === undefined ? [] : [{ symbol, of }];
  });
  if (escaped.length === 0) return [];
  escaped.sort((a, b) => (a.symbol.name < b.symbol.name ? -1 : 1));
  const names = escaped.map(({ symbol }) => symbol.name);
  return [
    {
      kind: 'exports.implementation-name',
      severity: 'warning',
      message: `${name} exports ${counted(names.length, 'implementation name')}: ${shortList(names)}`,
      subject: name,
      object: path,
      evidence: escaped.map(({ symbol, of }) => ({
        text: `${symbol.name} is what ${of.name}${of.hidden ? '@' : '@@'}${of.version} is bound to`,
      })),
      fix: "end the version script's first node with 'local: *;': .symver needs no exported implementation",
    },
  ];
}

const placeOf = ({ section, value }: ExportedSymbol): string => `${section}:${value}`;

/** `foo_old`, `__foo_v1`, `old_foo` of `foo`; `__foo` is a spelling for where `foo` may be taken, and meant. */
function isElaborated(name: string, of: string): boolean {
  const at = name.indexOf(of);
  if (at < 0) return false;
  const before = name.slice(0, at);
  const after = name.slice(at + of.length);
  if (!/[A-Za-z0-9]/.test(before + after)) return false;
  return (before === '' || before.endsWith('_')) && (after === '' || /^[_0-9]/.test(after));
}
