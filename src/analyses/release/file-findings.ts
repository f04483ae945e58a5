import type { DynamicObject, Evidence, Finding, Severity } from '../../model/index.ts';
import { dependantsOn, type Farm, libraryAt } from './farm.ts';
import { beginsWith, compareLibraryNames, splitLibraryName } from './library-name.ts';
import { finding } from './link-findings.ts';
import type { Candidate, SonameGroup } from './plan-links.ts';
import { someOf } from './symbol-needs.ts';

/** What is wrong with the files of a farm: their names, their sonames, and who shares one. */
export function fileFindings(farm: Farm): Finding[] {
  return farm.plan.groups.flatMap((group) => {
    const files = filesOf(group);
    return [
      ...files.flatMap((file) => nameFindings(farm, file)),
      ...sharedSoname(farm, group, files),
      ...weakerWinner(farm, group, files),
    ];
  });
}

/** One name for each file; hard links and links that count as files are the same file once more. */
function filesOf({ candidates, winner }: SonameGroup): Candidate[] {
  const byIdentity = new Map([[winner.identity, winner]]);
  for (const candidate of candidates) {
    if (!byIdentity.has(candidate.identity)) byIdentity.set(candidate.identity, candidate);
  }
  return [...byIdentity.values()].sort((a, b) => compareLibraryNames(b.name, a.name));
}

function nameFindings({ names }: Farm, { name, object }: Candidate): Finding[] {
  if (names.get(name)?.type === 'link') return [];
  const file = splitLibraryName(name);
  const more = { object: object.path };
  if (object.soname === undefined) {
    // A plugin is opened by its path and needs no soname.
    if (file.version.length === 0) return [];
    const message = `${name} has no soname: programs will ask for the name of the file that they were linked with`;
    const fix = `link it with -Wl,-soname,${file.stem}.so.${file.version[0]}`;
    return [finding('release.no-soname', name, message, { ...more, fix })];
  }
  if (fitsSoname(name, object.soname)) return [];
  const message = `${name} has the soname ${object.soname}: the file's name does not begin with it`;
  return [finding('release.file-name', name, message, { ...more, severity: 'note' })];
}

/** `libfoo.so.1.2.3` and `libfoo-1.2.3.so` fit `libfoo.so.1`. */
export function fitsSoname(fileName: string, soname: string): boolean {
  const file = splitLibraryName(fileName);
  const wanted = splitLibraryName(soname);
  if (file.stem === wanted.stem) return beginsWith(file.version, wanted.version);
  return file.version.length === 0 && file.stem.startsWith(`${wanted.stem}-`);
}

function sharedSoname(
  { directory }: Farm,
  { soname, winner, reason }: SonameGroup,
  files: readonly Candidate[],
): Finding[] {
  if (files.length < 2) return [];
  const stems = new Set(files.map(({ name }) => splitLibraryName(name).stem));
  const machines = new Set(files.map(({ object: { architecture } }) => JSON.stringify(architecture)));
  const doubt =
    machines.size > 1
      ? 'they are for different machines'
      : reason === 'directory-order'
        ? 'their versions are equal, so the order of the directory decides'
        : stems.size > 1
          ? 'their names are those of different libraries'
          : undefined;
  const others = files.filter((file) => file !== winner).map(({ name }) => name);
  const message = `${soname}: ${winner.name} wins over ${someOf(others)}${doubt === undefined ? '' : `; ${doubt}`}`;
  const severity: Severity = doubt === undefined ? 'note' : 'warning';
  const fix = doubt === undefined ? 'the older files can go' : 'keep one of them in this directory';
  return [finding('release.soname-shared', soname, message, { severity, object: directory.path, fix })];
}

/** The file that wins by its version, although another has symbols that it lacks. */
function weakerWinner(farm: Farm, { soname, winner }: SonameGroup, files: readonly Candidate[]): Finding[] {
  const comparable = files.filter((file) => file !== winner && isComparable(file.object, winner.object));
  return comparable.flatMap((other) => {
    const gone = farm.symbols.difference(other.object, winner.object);
    if (gone.length === 0) return [];
    const added = farm.symbols.difference(winner.object, other.object);
    const evidence = dependantsOn(farm, soname, winner.object).flatMap((dependant): Evidence[] => {
      const missed = farm.symbols.missing(dependant, soname, winner.object, other.object);
      return missed.length === 0 ? [] : [{ object: dependant.path, text: `would miss ${someOf(missed)}` }];
    });
    const severity: Severity = evidence.length > 0 ? 'error' : 'warning';
    const more = { severity, object: winner.object.path, evidence };
    const lacks = `${winner.name} wins over ${other.name} and lacks ${someOf(gone)}`;
    if (added.length === 0) {
      const message = `${soname}: ${lacks}, with nothing new: an older build under a newer name?`;
      return [finding('release.files-swapped', soname, message, { ...more, fix: 'install the right file' })];
    }
    const fix = `give the newer library a new soname, and keep ${other.name} for ${soname}`;
    return [finding('release.soname-kept', soname, `${soname}: ${lacks}`, { ...more, fix })];
  });
}

const isComparable = (a: DynamicObject, b: DynamicObject) =>
  a.architecture.machine === b.architecture.machine && a.architecture.is64 === b.architecture.is64;

/** What dependants ask for that the directory does not give, or not for long. */
export function needFindings(farm: Farm): Finding[] {
  return farm.dependants.flatMap((dependant) =>
    dependant.needed.flatMap((needed) => {
      if (needed.includes('/') || farm.groups.has(needed)) return [];
      const { stem, version } = splitLibraryName(needed);
      const library = libraryAt(farm, needed);
      const soname = library?.soname ?? sonameFor(farm, stem, version);
      const object = dependant.path;
      if (soname !== undefined && isLonger(version, splitLibraryName(soname).version)) {
        const message = `${object} needs ${needed}, a full version; the soname is ${soname}`;
        const text =
          library === undefined ? 'this file is not there' : 'the next release takes this file away';
        const severity: Severity = library === undefined ? 'error' : 'warning';
        const fix = `link ${stem} again, so that its soname is recorded`;
        const evidence = [{ text }];
        return [finding('release.full-version-needed', needed, message, { severity, object, evidence, fix })];
      }
      const there = [...farm.groups.keys()].filter((name) => isVersionOf(name, stem));
      if (library !== undefined || there.length === 0) return [];
      const message = `${object} needs ${needed}, but only ${someOf(there)} ${there.length === 1 ? 'is' : 'are'} there`;
      const fix = `install a library with the soname ${needed} beside the others`;
      return [finding('release.need-unsatisfied', needed, message, { object, fix })];
    }),
  );
}

function isVersionOf(soname: string, stem: string): boolean {
  const name = splitLibraryName(soname);
  return name.stem === stem && name.version.length > 0;
}

const isLonger = (version: readonly string[], soname: readonly string[]) =>
  version.length > soname.length && soname.length > 0 && beginsWith(version, soname);

/** The soname of the directory that a full version belongs to. */
function sonameFor({ groups }: Farm, stem: string, version: readonly string[]): string | undefined {
  return [...groups.keys()].find((soname) => {
    const candidate = splitLibraryName(soname);
    return candidate.stem === stem && isLonger(version, candidate.version);
  });
}
