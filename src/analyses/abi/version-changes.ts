import { type Change, type ExportedSymbol, exportName } from '../../model/index.ts';
import type { ExportIndex } from './export-index.ts';
import { come, counted, makeChange, namesOf } from './make-change.ts';
import type { Kept, SymbolPairs } from './pair-symbols.ts';

/** Version nodes that are gone, exports that changed their node or lost their default, and versions that are new. */
export function versionChanges(old: ExportIndex, recent: ExportIndex, pairs: SymbolPairs): Change[] {
  const isLost = ({ version }: ExportedSymbol) => version !== undefined && !recent.nodes.has(version);
  const moved = pairs.moved.filter((pair) => !isLost(pair.old));
  const kept = pairs.kept.filter((pair) => !isLost(pair.old));
  const demoted = kept.filter(({ old, new: now }) => old.isDefault && !now.isDefault);
  const renamed = kept.filter(
    (pair) => pair.old.version !== pair.new.version && (pair.new.isDefault || !pair.old.isDefault),
  );
  return [
    ...removedNodes(old, recent),
    ...byTransition(moved).map(movedChange),
    ...byTransition(renamed).map(otherVersionChange),
    ...defaultChanges(recent, demoted),
    ...furtherVersions(old, recent, pairs),
  ];
}

/**
 * A program names the nodes that it needs, and ld.so looks for each before anything runs (glibc
 * elf/dl-version.c, match_symbol). A library that defines no version at all it only complains about; but then
 * a look-up with a version trips an assertion where the library has no version table whatever
 * (elf/dl-lookup.c, check_match).
 */
function removedNodes(old: ExportIndex, recent: ExportIndex): Change[] {
  const lost = [...old.nodes.keys()].filter((name) => !recent.nodes.has(name));
  if (lost.length === 0) return [];
  const all = recent.nodes.size === 0;
  const groups = all ? [lost] : lost.map((name) => [name]);
  return groups.map((names) => {
    const reached = old.symbols.filter(({ version }) => version !== undefined && names.includes(version));
    const symbols = reached.map((symbol) => {
      const now = recent.resolve(symbol) ?? recent.named(symbol.name)[0];
      return now === undefined ? { old: symbol } : { old: symbol, new: now };
    });
    const what = all ? `no version is defined any more: ${names.join(', ')}` : `version ${names[0]} is gone`;
    return makeChange({
      kind: 'abi.version-removed',
      effect: reached.length === 0 ? 'identical' : 'incompatible',
      severity: reached.length === 0 ? 'note' : 'error',
      subject: names[0]!,
      message: `${what} (${counted(reached.length, 'export')})`,
      consequence: reached.length === 0 ? 'nothing: no program can need it' : lostNodeConsequence(recent),
      symbols,
      fix: 'keep every version node that was ever released, with its symbols, in the version script',
    });
  });
}

function lostNodeConsequence({ nodes, library }: ExportIndex): string {
  if (nodes.size > 0) return 'the program does not start: version not found';
  if (library.hasVersionTable)
    return "the program starts with the complaint 'no version information available'";
  return 'ld.so aborts the program with an assertion: the library has no version table at all';
}

/** Groups by the version before and after, so that a hundred symbols of one node are one change. */
function byTransition(pairs: readonly Kept[]): Kept[][] {
  return [
    ...Map.groupBy(pairs, ({ old, new: now }) => `${old.version ?? ''}\0${now.version ?? ''}`).values(),
  ];
}

const versionText = ({ version, isDefault }: ExportedSymbol): string =>
  version === undefined ? 'no version' : `${isDefault ? '@@' : '@'}${version}`;

function movedChange(pairs: readonly Kept[]): Change {
  const { old, new: now } = pairs[0]!;
  return makeChange({
    kind: 'abi.version-moved',
    effect: 'incompatible',
    subject: old.name,
    message: `${namesOf(pairs.map((pair) => pair.old))} moved from ${versionText(old)} to ${versionText(now)}`,
    consequence: 'a reference finds the name but not its version: undefined symbol',
    symbols: pairs,
    fix: 'keep the old version beside the new one (.symver, or one node for each release)',
  });
}

/** A definition without version answers a reference with one, and the other way round. */
function otherVersionChange(pairs: readonly Kept[]): Change {
  const { old, new: now } = pairs[0]!;
  return makeChange({
    kind: 'abi.default-version',
    effect: 'compatible',
    subject: old.name,
    message: `${namesOf(pairs.map((pair) => pair.old))}: ${versionText(old)} before, ${versionText(now)} now`,
    consequence: 'the reference is answered all the same',
    symbols: pairs,
  });
}

function defaultChanges(recent: ExportIndex, demoted: readonly Kept[]): Change[] {
  const successor = ({ name }: ExportedSymbol) => recent.named(name).find(({ isDefault }) => isDefault);
  const changes: Change[] = [];
  for (const pairs of Map.groupBy(demoted, ({ old, new: now }) => {
    return `${now.version ?? old.version}\0${successor(old)?.version ?? ''}`;
  }).values()) {
    const { old, new: now } = pairs[0]!;
    const next = successor(old);
    const names = namesOf(pairs.map((pair) => pair.old));
    const found =
      next === undefined ? 'in no default version any more' : `now ${versionText(next)} by default`;
    changes.push(
      makeChange({
        kind: 'abi.default-version',
        effect: next === undefined ? 'identical' : 'compatible',
        severity: next === undefined ? 'warning' : 'note',
        subject: old.name,
        message: `${names}: ${found}; kept as ${versionText(now)}`,
        consequence:
          next === undefined
            ? 'programs run, but none can be linked against it any more'
            : 'programs keep the old one; what is linked from now on gets the new one',
        symbols: pairs.flatMap((pair) => [
          pair,
          ...[successor(pair.old)].flatMap((symbol) => (symbol ? [come(symbol)] : [])),
        ]),
      }),
    );
  }
  return changes;
}

/** Versions of a known name that no reference to OLD could ask for, and that are not the default. */
function furtherVersions(old: ExportIndex, recent: ExportIndex, { kept, moved }: SymbolPairs): Change[] {
  const answered = new Set([...kept, ...moved].map((pair) => pair.new));
  const further = recent.symbols.filter((symbol) => {
    const known = old.named(symbol.name);
    return known.length > 0 && !answered.has(symbol) && !(symbol.isDefault && known.some((k) => k.isDefault));
  });
  return further.map((symbol) =>
    makeChange({
      kind: 'abi.added',
      effect: 'compatible',
      subject: symbol.name,
      message: `${exportName(symbol)} is a further version`,
      consequence: 'nothing: no program asks for it yet',
      symbols: [come(symbol)],
    }),
  );
}
