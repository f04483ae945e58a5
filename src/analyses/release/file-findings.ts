import type { DynamicObject, Evidence, Finding, Severity } from '../../model/index.ts';
import { dependantsOn, type Farm } from './farm.ts';
import { beginsWith, compareLibraryNames, splitLibraryName } from './library-name.ts';
import { finding } from './make-finding.ts';
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
