import { EM } from '../../elf/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import { type LibraryDirectory, Names } from './library-directory.ts';
import { compareLibraryNames, isLibraryName, isTemporaryName } from './library-name.ts';

/** Whose ldconfig is meant: its machine decides which files it reads, its version which names it skips. */
export interface LdconfigRules {
  /** EM code. */
  readonly machine: number;
  readonly littleEndian: boolean;
  /** glibc 2.36 is 2036. */
  readonly glibc: number;
}

/** A name of the directory that brings a library for some soname. */
export interface Candidate {
  readonly name: string;
  readonly identity: string;
  readonly object: DynamicObject;
  /** A link that only repeats the soname; a file always goes before it. */
  readonly isLink: boolean;
}

/** Why a candidate won. */
export type Reason = 'only' | 'file-before-link' | 'newest' | 'directory-order';

/** All that answers to one soname. */
export interface SonameGroup {
  readonly soname: string;
  readonly winner: Candidate;
  readonly reason: Reason;
  /** In the order of the directory. */
  readonly candidates: readonly Candidate[];
}

/** One change, in the order in which ldconfig makes them. `was` is the text of the link that goes. */
export type LinkChange =
  | { readonly action: 'link'; readonly name: string; readonly target: string; readonly was?: string }
  | { readonly action: 'remove'; readonly name: string; readonly was: string };

/** A link that cannot be made. */
export interface Obstacle {
  readonly soname: string;
  readonly target: string;
  /** `unsafe-name`: the soname is no name of a file in this directory. */
  readonly what: 'file' | 'directory' | 'other' | 'unsafe-name';
}

export interface LinkPlan {
  /** By soname, in the order of its characters. */
  readonly groups: readonly SonameGroup[];
  readonly changes: readonly LinkChange[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What `ldconfig -n` does in a directory (glibc elf/ldconfig.c, search_dir and create_links): every soname is
 * a link to the newest file that claims it, and links of versioned names that lead nowhere go. Unlike
 * ldconfig it makes no link outside the directory, whatever a soname says, and enters no subdirectory.
 */
export function planLinks(directory: LibraryDirectory, rules: LdconfigRules): LinkPlan {
  const names = new Names(directory.entries);
  const removed = removeDangling(directory, names, rules);
  const made: LinkChange[] = [];
  const groups = groupBySoname(directory, names, rules);
  const obstacles: Obstacle[] = [];
  // ldconfig keeps its list in reverse, and a link that it makes may change what a later one finds.
  for (const { soname, winner } of groups.toReversed()) {
    const step = linkTo(names, soname, winner.name);
    if (step === undefined) continue;
    if ('what' in step) obstacles.push(step);
    else {
      // ldconfig has removed it before: one step leaves no moment without a link.
      const was = removed.get(soname);
      made.push(was === undefined ? step : { ...step, was });
      removed.delete(soname);
      names.link(soname, winner.name);
    }
  }
  const gone = [...removed].map(([name, was]): LinkChange => ({ action: 'remove', name, was }));
  const changes = [...gone, ...made];
  return { groups: groups.toSorted((a, b) => (a.soname < b.soname ? -1 : 1)), changes, obstacles };
}

/** Takes the links away that lead nowhere, and gives their texts by name. */
function removeDangling(
  { entries }: LibraryDirectory,
  names: Names,
  { glibc }: LdconfigRules,
): Map<string, string> {
  const removed = new Map<string, string>();
  for (const entry of entries) {
    const { name } = entry;
    if (entry.type !== 'link' || !counts(name, glibc) || !name.includes('.so.')) continue;
    if (names.resolve(name).identity !== undefined) continue;
    names.remove(name);
    removed.set(name, entry.target);
  }
  return removed;
}

const counts = (name: string, glibc: number) => isLibraryName(name) && !isTemporaryName(name, glibc);

/**
 * The machines whose files one ldconfig reads: its own, and that of x86-64 also i386 (glibc
 * sysdeps/unix/sysv/linux/i386/readelflib.c).
 */
export function isReadBy({ architecture }: DynamicObject, { machine, littleEndian }: LdconfigRules): boolean {
  if (architecture.littleEndian !== littleEndian) return false;
  if (architecture.machine === machine) return true;
  return machine === EM.X86_64 && architecture.machine === EM['386'] && !architecture.is64;
}

function groupBySoname(
  { entries, libraries }: LibraryDirectory,
  names: Names,
  rules: LdconfigRules,
): SonameGroup[] {
  const claims = new Map<string, Candidate[]>();
  for (const { name } of entries) {
    if (!counts(name, rules.glibc)) continue;
    const { identity } = names.resolve(name);
    const object = identity === undefined ? undefined : libraries.get(identity);
    if (identity === undefined || object === undefined || !isReadBy(object, rules)) continue;
    const soname = object.soname ?? name;
    const isLink = names.get(name)?.type === 'link' && repeats(name, soname);
    const key = isLink ? name : soname;
    const known = claims.get(key);
    const candidate = { name, identity, object, isLink };
    if (known === undefined) claims.set(key, [candidate]);
    else known.push(candidate);
  }
  return [...claims].map(([soname, candidates]) => ({ soname, candidates, ...elect(candidates) }));
}

/** The link is the soname itself, or the `.so` that ld(1) looks for; any other counts as a file. */
const repeats = (name: string, soname: string) =>
  name === soname || (name.endsWith('.so') && soname.startsWith(name));

/** A file goes before a link, the newer before the older, the first of equals before the others. */
function elect(candidates: readonly Candidate[]): Pick<SonameGroup, 'winner' | 'reason'> {
  const winner = candidates.reduce((best, next) => {
    if (best.isLink !== next.isLink) return best.isLink ? next : best;
    return compareLibraryNames(best.name, next.name) < 0 ? next : best;
  });
  const rivals = candidates.filter(({ identity }) => identity !== winner.identity);
  const equals = rivals.filter(({ isLink }) => isLink === winner.isLink);
  if (equals.some(({ name }) => compareLibraryNames(name, winner.name) === 0)) {
    return { winner, reason: 'directory-order' };
  }
  if (equals.length > 0) return { winner, reason: 'newest' };
  return { winner, reason: rivals.length > 0 ? 'file-before-link' : 'only' };
}

const isUnsafe = (soname: string) => soname.includes('/') || ['', '.', '..'].includes(soname);

/** The change that makes `soname` lead to `target`; undefined when it does already. */
function linkTo(names: Names, soname: string, target: string): LinkChange | Obstacle | undefined {
  if (isUnsafe(soname)) return { soname, target, what: 'unsafe-name' };
  const there = names.get(soname);
  if (there === undefined) return { action: 'link', name: soname, target };
  const found = names.resolve(soname).identity;
  const wanted = names.resolve(target).identity;
  if (found !== undefined && found === wanted) return undefined;
  if (there.type !== 'link') return { soname, target, what: there.type };
  return { action: 'link', name: soname, target, was: there.target };
}
