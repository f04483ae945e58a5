import {
  breaks,
  type Change,
  type Comparison,
  type LibraryExports,
  requiredBump,
  SEVERITIES,
  VERDICTS,
  worstVerdict,
} from '../../model/index.ts';
import { attributeChanges } from './attribute-changes.ts';
import { classChanges, type NamedSymbol } from './class-changes.ts';
import { cxxName } from './cxx-name.ts';
import { ExportIndex } from './export-index.ts';
import { architectureChange, libraryChanges } from './library-changes.ts';
import { pairSymbols } from './pair-symbols.ts';
import { presenceChanges } from './presence-changes.ts';
import { sonameAdvice, sonameChange } from './soname.ts';
import { versionAdvice } from './version-advice.ts';
import { versionChanges } from './version-changes.ts';

/**
 * What a program that was linked against `old` experiences with `recent`, under the rules of glibc's loader,
 * and which version and soname follow from it. Pure: the same data gives the same result.
 */
export function compareLibraries(old: LibraryExports, recent: LibraryExports): Comparison {
  const architecture = architectureChange(old, recent);
  const changes =
    architecture === undefined
      ? [...symbolChanges(old, recent), ...libraryChanges(old, recent)]
      : [architecture];
  return conclude(old, recent, changes);
}

/** The result that follows from these changes, which may be a part of all. */
export function conclude(old: LibraryExports, recent: LibraryExports, found: readonly Change[]): Comparison {
  const others = found.filter(({ kind }) => kind !== 'abi.soname');
  const soname = sonameAdvice(old, recent, breaks(worstVerdict(others.map(({ effect }) => effect))));
  const changes = [...others, ...sonameChange(soname)].sort(byWeight);
  const verdict = worstVerdict(changes.map(({ effect }) => effect));
  return {
    verdict,
    bump: requiredBump(verdict),
    changes,
    soname,
    version: versionAdvice(old, recent, verdict),
  };
}

/** What breaks most comes first, then by kind; the order within a kind is that of the symbols. */
function byWeight(a: Change, b: Change): number {
  const weight = ({ effect, severity }: Change) =>
    3 * VERDICTS.indexOf(effect) - SEVERITIES.indexOf(severity);
  return weight(b) - weight(a) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0);
}

function symbolChanges(oldLibrary: LibraryExports, newLibrary: LibraryExports): Change[] {
  const old = new ExportIndex(oldLibrary);
  const recent = new ExportIndex(newLibrary);
  const pairs = pairSymbols(old, recent);
  const named = (list: typeof pairs.removed): NamedSymbol[] =>
    list.map((symbol) => ({ symbol, cxx: cxxName(symbol.name) }));
  const removed = named(pairs.removed);
  const added = named(pairs.added);
  const classes = classChanges(old, recent, pairs.kept, removed, added);
  const rest = (list: readonly NamedSymbol[]) => list.filter(({ symbol }) => !classes.explained.has(symbol));
  return [
    ...versionChanges(old, recent, pairs),
    ...classes.changes,
    ...attributeChanges(pairs.kept, newLibrary),
    ...presenceChanges(rest(removed), rest(added), [oldLibrary, newLibrary]),
  ];
}
