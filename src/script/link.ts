import type { Differing } from './alike.ts';
import { positionIn, type VersionScript } from './ast.ts';
import { bfd } from './linkers/bfd.ts';
import { gold } from './linkers/gold.ts';
import type { Assigner, Linker, Refusal } from './linkers/linker.ts';
import { lld } from './linkers/lld.ts';
import { versionNamedLikeSymbol } from './linkers/structure.ts';
import type { Assignment, SymbolToAssign } from './symbols.ts';

/** ld.bfd of GNU binutils, ld.gold of the same, ld.lld of LLVM. */
export const LINKERS = ['bfd', 'gold', 'lld'] as const;
export type LinkerName = (typeof LINKERS)[number];

const BY_NAME: Readonly<Record<LinkerName, Linker>> = { bfd, gold, lld };

/** What a link of a shared library with these scripts and symbols comes to. */
export interface PredictedLink {
  /** Not empty: the linker ends with an error and makes nothing. */
  readonly refusals: readonly Refusal[];
  /** One for each definition, in the order given. */
  readonly assignments: readonly Assignment[];
  readonly assigner: Assigner;
}

/** What a linker says to scripts, whatever it is to link with them. */
export function refusalsOf(scripts: readonly VersionScript[], linker: LinkerName): Refusal[] {
  return BY_NAME[linker].refusals(scripts);
}

/**
 * Predicts what `ld -shared` with these version scripts does to each definition. Throws `FormatError` when the
 * wildcards are so many that comparing takes too long.
 */
export function predictLink(
  scripts: readonly VersionScript[],
  symbols: readonly SymbolToAssign[],
  linker: LinkerName,
): PredictedLink {
  const definitions = symbols.filter(({ defined }) => defined);
  const assigner = BY_NAME[linker].assigner(scripts, definitions);
  const assignments = definitions.map((symbol) => assigner.assign(symbol));
  return { refusals: allRefusals(scripts, definitions, assignments, linker), assignments, assigner };
}

function allRefusals(
  scripts: readonly VersionScript[],
  definitions: readonly SymbolToAssign[],
  assignments: readonly Assignment[],
  linker: LinkerName,
): Refusal[] {
  return [
    ...refusalsOf(scripts, linker),
    ...undefinedVersions(scripts, assignments, linker),
    ...clashes(assignments),
    // lld makes no symbols for versions.
    ...(linker === 'lld' ? [] : versionNamedLikeSymbol(scripts, definitions)),
  ];
}

/** A prediction for another linker, beside one for the same scripts and symbols. */
export interface OtherLink {
  readonly refusals: readonly Refusal[];
  /** Pairs of what becomes of a symbol: with the linker of `link`, with the other one. */
  readonly pairs: readonly (readonly [Assignment, Assignment])[];
}

/** As `predictLink`, but leaves out symbols that all linkers take alike. `differing` says which. */
export function predictOther(
  scripts: readonly VersionScript[],
  link: PredictedLink,
  other: LinkerName,
  open: Differing | undefined,
): OtherLink {
  const ours = open === undefined ? link.assignments : link.assignments.filter(open.isOpen);
  const assigner = BY_NAME[other].assigner(
    open?.scripts ?? scripts,
    ours.map(({ symbol }) => symbol),
  );
  const pairs = ours.map((own) => [own, assigner.assign(own.symbol)] as const);
  const all = link.assignments.map(({ symbol }) => symbol);
  return {
    refusals: allRefusals(
      scripts,
      all,
      pairs.map(([, theirs]) => theirs),
      other,
    ),
    pairs,
  };
}

/** A `.symver` that names a version without a node: all three refuse it, lld not if an exact name hides it. */
function undefinedVersions(
  scripts: readonly VersionScript[],
  assignments: readonly Assignment[],
  linker: LinkerName,
): Refusal[] {
  const known = new Set(scripts.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
  return assignments
    .filter(({ symbol: { symver } }) => symver !== undefined && !known.has(symver.version))
    .filter(({ exported }) => exported || linker !== 'lld')
    .map(({ symbol: { name, symver } }) => ({
      subject: `${name}${symver!.isDefault ? '@@' : '@'}${symver!.version}`,
      message: `${name} has the version ${symver!.version}, and no script has such a node`,
    }));
}

function clashes(assignments: readonly Assignment[]): Refusal[] {
  return assignments
    .filter(({ reason }) => reason === 'clash')
    .map(({ symbol: { name } }) => ({
      subject: name,
      message: `${name} gets a version that another definition of ${name} came with`,
    }));
}

/** `file:line: what`, as linkers write it. */
export function refusalText({ script, at, message }: Refusal): string {
  if (script === undefined || at === undefined) return message;
  const { line, column } = positionIn(script, at);
  return `${script.path}:${line}:${column}: ${message}`;
}
