import type { CodeMap } from '../../elf/code/index.ts';
import type { FindingKind, Severity } from '../../model/index.ts';
import { setsBack, setsOwn } from './handlers.ts';
import {
  distinct,
  type Holder,
  isSame,
  isUndoneBy,
  keptIn,
  madeIn,
  ofCopies,
  type PlacedCall,
  sumOf,
  undoneIn,
} from './holders.ts';
import type { OriginsOf } from './origins.ts';
import type { PluginCode } from './plugin-code.ts';
import { EXIT_HANDLERS, MEMORY, RESOURCES, type Resource, SETTERS, SIGNAL_HANDLERS } from './resources.ts';
import type { Site, Stage, Stages } from './stages.ts';

/** Whether what was made is undone: never, only when somebody calls for it, or not to be told. */
type Undone = 'never' | 'in-use' | 'unread';

/** `count`: of what no variable is known to hold, one for each that the results of the function are put into. */
type LeftHolder = Holder & { readonly count: number };

/** A call that leaves something behind, and what of it is left. */
interface HazardSite extends Site {
  readonly left: readonly LeftHolder[];
  /** How much of it each use makes anew, also in a library that stays. */
  readonly eachTime: number;
}

/** Something that an object leaves behind, or may. */
export interface Hazard {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly code: PluginCode;
  readonly noun: readonly [string, string];
  /** `unread`: the code was not read, imports alone tell. */
  readonly stage: Stage | 'unread';
  readonly undone: Undone;
  /** Calls that make it; empty when the code was not read. */
  readonly sites: readonly HazardSite[];
  /** Whatever ways the code takes, each round of the library leaves so many at least. */
  readonly certain: number;
  /** The imports that make it, and those that would undo it. */
  readonly made: readonly string[];
  readonly undoers: readonly string[];
  /** Destructors undo such things, but not these. */
  readonly closesOthers: boolean;
  readonly fix: string;
}

/** How many things are left, where no loop makes them: one in each variable, or one by each call. */
export function countOfLeft({ sites }: Hazard): number {
  const left = distinct(sites.flatMap((site) => site.left));
  return left.length === 0 ? sites.length : sumOf(left);
}

const STAGES: readonly Stage[] = ['open', 'use', 'possible'];

/** All hazards of one object whose names are known beforehand. */
export function resourceHazards(code: PluginCode, stages: Stages | undefined): Hazard[] {
  return RESOURCES.flatMap((resource) =>
    stages === undefined ? unreadHazard(code, resource) : readHazards(code, stages, resource),
  );
}

function readHazards(code: PluginCode, stages: Stages, resource: Resource): Hazard[] {
  const { map } = code;
  if (map === undefined) return [];
  const made = stages.sites(new Set(resource.made)).filter((site) => isMade(map, resource, site));
  if (made.length === 0) return [];
  const judge = isSetter(resource) ? setterJudge(map, stages, resource) : makerJudge(stages, resource, made);
  const left = made.flatMap(judge);
  const closesOthers = stages.closing(new Set(resource.undone)).length > 0;
  return STAGES.flatMap((stage) =>
    (['never', 'in-use'] as const).flatMap((undone): Hazard[] => {
      const sites = left.filter((site) => site.stage === stage && site.undone === undone);
      const severity = (undone === 'never' ? resource.never : resource.inUse)[stage];
      if (sites.length === 0 || severity === undefined) return [];
      const certain = stage === 'open' && undone === 'never' ? certainOf(sites, stages) : 0;
      const { kind, noun, fix, undone: wouldUndo } = resource;
      const names = [...new Set(sites.map(({ call }) => call.name))].sort();
      return [
        {
          kind,
          severity,
          code,
          noun,
          stage,
          undone,
          sites,
          certain,
          made: names,
          undoers: wouldUndo,
          closesOthers,
          fix,
        },
      ];
    }),
  );
}

const certainOf = (sites: readonly HazardSite[], { isCertain }: Stages) =>
  distinct(sites.flatMap(({ left }) => left).filter(({ isAlways, root }) => isAlways && isCertain(root)))
    .length;

interface JudgedSite extends HazardSite {
  readonly undone: 'never' | 'in-use';
}

/** Tells what a call leaves behind when the object is unloaded; nothing where all of it is undone. */
type Judge = (site: Site) => JudgedSite[];

const isSetter = (resource: Resource) => resource === SIGNAL_HANDLERS || resource === SETTERS;

function setterJudge(map: CodeMap, stages: Stages, { made }: Resource): Judge {
  const names = new Set(made);
  const [closing, using] = [stages.closing(names), stages.inUse(names)];
  return (site) => {
    const takesBack = (other: PlacedCall) => setsBack(map, site, other);
    const inUse = using.filter(takesBack);
    if (closing.some(takesBack) || inUse.some(({ start }) => start === site.start)) return [];
    const { isAlways } = site.call;
    const holder: LeftHolder = {
      kind: 'unknown',
      isRepeated: false,
      root: site.start,
      isAlways,
      count: 1,
    };
    return [{ ...site, left: [holder], eachTime: 0, undone: inUse.length > 0 ? 'in-use' : 'never' }];
  };
}

type JudgedHolder = LeftHolder & { readonly isReadInUse: boolean };

/** Who reads the variable that something was put into undoes it. */
function makerJudge(stages: Stages, resource: Resource, made: readonly Site[]): Judge {
  const { originsOf, isEachTime } = stages;
  const names = new Set(resource.undone);
  const held = made.flatMap((site) => madeIn(site, originsOf));
  const closing = ofCopies(upToUnknown(stages.closing(names), originsOf), held);
  const inUse = stages.inUse(names);
  let known: readonly Holder[] | undefined;
  // A large library frees at so many places that they are followed only when it matters.
  const readers = () =>
    (known ??= ofCopies(
      inUse.flatMap((call) => undoneIn(call, originsOf)),
      held,
    ));
  const isReadInUse = (holder: Holder, { start }: Site) =>
    isUndoneBy(holder, readers()) ||
    // What no variable is known to hold may be read by any code of the function.
    (holder.kind !== 'variable' && inUse.some((call) => call.start === start));
  const isUndoneAtOnce = (holder: Holder) => readers().some((reader) => isSame(holder, reader));
  // What a function hands on, and undoes only where somebody else was faster: of its own readings those of the
  // variable count.
  const handedOn = (holder: Holder): Holder[] => {
    const word = holder.kind === 'frame' ? stages.keptWord(holder.start, holder.offset) : undefined;
    if (word === undefined || !isUndoneAtOnce(holder)) return [];
    const isCertain = inUse.some(
      (placed) =>
        word.followedBy.includes(placed.call.at) &&
        undoneIn(placed, originsOf).some((reader) => isSame(holder, reader)),
    );
    return isCertain ? [] : keptIn(holder, word, originsOf);
  };
  const isUndoneElsewhere = (kept: Holder, made: Holder, calls: readonly PlacedCall[]) => {
    const those = calls.flatMap((call) => undoneIn(call, originsOf));
    const others = those.filter(({ kind, root }) => kind === 'variable' || root !== made.root);
    return isUndoneBy(kept, ofCopies(others, held));
  };
  const countOf = ({ kind, root }: Holder) => (kind === 'variable' ? 1 : Math.max(1, stages.keepers(root)));
  const leftOf = (holder: Holder, site: Site): JudgedHolder[] => {
    const kept = handedOn(holder);
    if (kept.length > 0) {
      return kept
        .filter((one) => !isUndoneElsewhere(one, holder, stages.closing(names)))
        .map((one) => ({ ...one, count: 1, isReadInUse: isUndoneElsewhere(one, holder, inUse) }));
    }
    if (isUndoneBy(holder, closing) || isUndoneAtOnce(holder)) return [];
    return [{ ...holder, count: countOf(holder), isReadInUse: isReadInUse(holder, site) }];
  };
  return (site) => {
    const left = madeIn(site, originsOf).flatMap((holder) => leftOf(holder, site));
    const isKept =
      resource !== MEMORY || site.stage === 'open' || left.some(({ kind }) => kind === 'variable');
    if (left.length === 0 || !isKept) return [];
    const eachTime = left.filter(({ isAlways, root }) => isAlways && isEachTime(root)).length;
    // Tables hold what makes a thing and what undoes it side by side: that tells nothing.
    const isUndoneInUse = !site.call.isTaken && left.every((holder) => holder.isReadInUse);
    return [{ ...site, left, eachTime, undone: isUndoneInUse ? 'in-use' : 'never' }];
  };
}

/** From where calls read what they undo; one that may read it from anywhere undoes all, whatever the others read. */
function upToUnknown(calls: readonly PlacedCall[], originsOf: OriginsOf): Holder[] {
  const readers: Holder[] = [];
  for (const call of calls) {
    const found = undoneIn(call, originsOf);
    readers.push(...found);
    if (found.some(({ kind }) => kind === 'unknown')) break;
  }
  return readers;
}

/** F_DUPFD and F_DUPFD_CLOEXEC (fcntl.h of Linux). */
const DUPLICATES: ReadonlySet<number> = new Set([0, 1030]);

/** Whether a call makes something: some functions do it only with certain arguments. */
function isMade(map: CodeMap, resource: Resource, site: Site): boolean {
  const { name, args, isTaken } = site.call;
  if (isTaken) return resource !== EXIT_HANDLERS;
  if (isSetter(resource)) return setsOwn(map, site);
  switch (name) {
    case 'fcntl':
    case 'fcntl64':
      return args[1]?.kind === 'number' && DUPLICATES.has(args[1].number);
    case 'dlopen':
      // Without a name it gives a handle of the program, which is there anyhow.
      return !(args[0]?.kind === 'number' && args[0].number === 0);
    case '__cxa_atexit':
      // A handler without an object is run when the process ends (Itanium C++ ABI, 3.3.6.3).
      return args[2]?.kind === 'number' && args[2].number === 0;
    default:
      return true;
  }
}

function unreadHazard(code: PluginCode, resource: Resource): Hazard[] {
  const { kind, noun, fix, made, undone: undoers, unread, never } = resource;
  const imported = made.filter((name) => code.imports.has(name));
  if (imported.length === 0 || unread === undefined) return [];
  const hasUndoer = undoers.some((name) => code.imports.has(name));
  const severity = hasUndoer ? never.possible : unread;
  if (severity === undefined) return [];
  return [
    {
      kind,
      severity,
      code,
      noun,
      stage: 'unread',
      undone: 'unread',
      sites: [],
      certain: 0,
      made: imported,
      undoers,
      closesOthers: false,
      fix,
    },
  ];
}
