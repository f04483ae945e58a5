import type { Evidence, Finding, Severity } from '../../model/index.ts';
import { dependantsOn, type Farm, libraryAt } from './farm.ts';
import type { DirectoryEntry } from './library-directory.ts';
import { beginsWith, compareLibraryNames, isLibraryName, splitLibraryName } from './library-name.ts';
import { finding } from './make-finding.ts';
import { isReadBy, type SonameGroup } from './plan-links.ts';
import { someOf } from './symbol-needs.ts';

type Link = Extract<DirectoryEntry, { type: 'link' }>;

const APPLY = 'solder release --apply makes it so';

/** What is wrong with the links of a farm, those that are missing included. */
export function linkFindings(farm: Farm): Finding[] {
  const links = farm.directory.entries.filter((entry) => entry.type === 'link');
  const judged = links.filter(({ name }) => isLibraryName(name) || farm.groups.has(name));
  return [...judged.flatMap((link) => judgeLink(farm, link)), ...missingLinks(farm), ...blockedLinks(farm)];
}

function judgeLink(farm: Farm, link: Link): Finding[] {
  const { name, target } = link;
  const object = farm.directory.path;
  const group = farm.groups.get(name);
  const end = farm.names.resolve(name);
  if (end.identity === undefined) return [danglingLink(farm, link, group)];
  const library = farm.directory.libraries.get(end.identity);
  if (library === undefined) {
    if (splitLibraryName(name).version.length === 0) return [];
    const message = `${name} leads to ${target}, which is no shared library`;
    return [finding('release.link-stale', name, message, { object })];
  }
  if (!isReadBy(library, farm.rules)) return [];
  const soname = library.soname ?? end.name;
  if (group !== undefined && soname === name) return outdatedLink(farm, link, end.name, group);
  if (soname === name) return [];
  return strayLink(farm, link, end.name, soname);
}

function danglingLink({ directory, plan }: Farm, { name, target }: Link, group?: SonameGroup): Finding {
  const removed = plan.changes.some((change) => change.action === 'remove' && change.name === name);
  const fix =
    group !== undefined && !group.winner.isLink
      ? `link it to ${group.winner.name}: ${APPLY}`
      : removed
        ? `remove it: ${APPLY}`
        : 'remove it; ldconfig leaves it alone, since its name has no version';
  const message = `${name} leads to ${target}, which is not there`;
  return finding('release.link-dangling', name, message, { object: directory.path, fix });
}

/** The link of a soname to another file than the one that should win. */
function outdatedLink(farm: Farm, { name }: Link, current: string, group: SonameGroup): Finding[] {
  const { winner } = group;
  if (winner.isLink || farm.names.resolve(name).identity === winner.identity) return [];
  const here = libraryAt(farm, name)!;
  const evidence = dependantsOn(farm, name, here).flatMap((dependant) => {
    const missed = farm.symbols.missing(dependant, name, here, winner.object);
    return missed.length === 0 ? [] : [{ object: dependant.path, text: `would miss ${someOf(missed)}` }];
  });
  const severity: Severity = evidence.length > 0 ? 'error' : 'warning';
  const why =
    compareLibraryNames(current, winner.name) < 0
      ? `the newest file of this soname is ${winner.name}`
      : `ldconfig would take ${winner.name}`;
  const fix = `link it to ${winner.name}: ${APPLY}`;
  const message = `${name} leads to ${current}, ${why}`;
  const object = farm.directory.path;
  return [finding('release.link-outdated', name, message, { severity, object, evidence, fix })];
}

/** A link under a name that is not the soname of the library behind it. */
function strayLink(farm: Farm, link: Link, end: string, soname: string): Finding[] {
  const { name } = link;
  const object = farm.directory.path;
  const mine = splitLibraryName(name);
  const theirs = splitLibraryName(soname);
  const isWinner = farm.groups.get(soname)?.winner.name === name;
  const used = farm.plan.changes.some((change) => change.action === 'link' && change.target === name);
  const taken = used ? `; ldconfig takes it for a file and links ${soname} to it` : '';
  if (mine.version.length === 0) {
    // What ld(1) looks for: it may lead to the soname or to a file, but has to be a beginning of the soname.
    if (!isWinner) return [];
    const risk = used ? taken : `; ldconfig takes it for a file, and may link ${soname} to it`;
    const severity: Severity = used ? 'warning' : 'note';
    const message = `${name} leads to ${end}, whose soname ${soname} does not begin with it${risk}`;
    return [finding('release.link-stale', name, message, { severity, object, fix: `link it to ${soname}` })];
  }
  if (mine.stem === theirs.stem && mine.version[0] !== theirs.version[0] && theirs.version.length > 0) {
    const users = usersOf(farm, name);
    const severity: Severity = users.length > 0 ? 'error' : 'warning';
    const message = `${name} leads to ${end}, which answers to ${soname}: another major version${taken}`;
    const fix = `let ${name} lead to a library of its own version, or remove it`;
    return [finding('release.link-crosses-major', name, message, { severity, object, evidence: users, fix })];
  }
  const { version } = splitLibraryName(end);
  if (mine.stem === theirs.stem && beginsWith(version, mine.version)) return [];
  const message = `${name} leads to ${end}, which answers to ${soname}${taken}`;
  return [
    finding('release.link-stale', name, message, { object, fix: 'remove it when nobody needs this name' }),
  ];
}

/** Who asks for a name. */
function usersOf({ dependants }: Farm, name: string): Evidence[] {
  const users = dependants.filter(({ needed }) => needed.includes(name));
  return users.map(({ path }) => ({ object: path, text: `needs ${name}` }));
}

function missingLinks(farm: Farm): Finding[] {
  return farm.plan.changes.flatMap((change) => {
    if (change.action !== 'link' || farm.names.get(change.name) !== undefined) return [];
    const { name, target } = change;
    const evidence = usersOf(farm, name);
    const severity: Severity = evidence.length > 0 ? 'error' : 'warning';
    const message = `${name}, the soname of ${target}, is not there`;
    const more = { severity, object: farm.directory.path, evidence, fix: `link it to ${target}: ${APPLY}` };
    return [finding('release.link-missing', name, message, more)];
  });
}

const IN_THE_WAY = { file: 'a file', directory: 'a directory', other: 'something that is no file' } as const;

function blockedLinks({ plan, directory }: Farm): Finding[] {
  return plan.obstacles.map(({ soname, target, what }) => {
    const message =
      what === 'unsafe-name'
        ? `'${soname}', the soname of ${target}, is no name of a file in this directory${soname.includes('/') ? ': ldconfig would make the link elsewhere' : ''}`
        : `${soname} should lead to ${target}, but is ${IN_THE_WAY[what]}`;
    const fix =
      what === 'unsafe-name'
        ? 'build the library with a plain soname'
        : `move ${soname} away when it is not the library that should be used; solder replaces nothing but links`;
    return finding('release.link-blocked', soname, message, { object: directory.path, fix });
  });
}
