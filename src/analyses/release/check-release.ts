import {
  type Bump,
  breaks,
  bumped,
  type Change,
  type Comparison,
  type DynamicObject,
  type ExportedSymbol,
  FINDING_KINDS,
  type Finding,
  type LibraryExports,
  type SonameAdvice,
  type Verdict,
  type VersionAdvice,
  versionOf,
} from '../../model/index.ts';
import { analyseFarm } from './farm-facts.ts';
import { fitsSoname } from './file-findings.ts';
import { type LibraryDirectory, Names } from './library-directory.ts';
import { splitLibraryName } from './library-name.ts';
import { finding } from './make-finding.ts';
import type { LdconfigRules } from './plan-links.ts';
import { someOf, symbolNeeds } from './symbol-needs.ts';

/** A link that a release brings along. */
export interface ReleaseLink {
  readonly name: string;
  readonly target: string;
  /** `loader`: what programs ask for; `linker`: what `-l` finds. */
  readonly use: 'loader' | 'linker';
  readonly state: 'right' | 'itself' | 'missing' | 'wrong';
}

/** What a release means for one program. */
export interface ProgramFacts {
  readonly path: string;
  /** Whether it asks for the last release's soname; the rest is empty when it does not. */
  readonly needs: boolean;
  /** How many symbols it takes from the library. */
  readonly uses: number;
  /** Those of them that are gone or mean something else, as the file spells them. */
  readonly breaks: readonly string[];
}

export interface ReleaseCheckFacts {
  readonly from: string;
  readonly to: string;
  readonly verdict: Verdict;
  readonly bump: Bump;
  readonly soname: SonameAdvice;
  readonly version: VersionAdvice;
  readonly fileName: { readonly found: string; readonly wanted?: string };
  readonly links: readonly ReleaseLink[];
  readonly programs: readonly ProgramFacts[];
}

export interface ReleaseInput {
  readonly old: LibraryExports;
  readonly recent: LibraryExports;
  readonly comparison: Comparison;
  /** Where the new library lies. */
  readonly directory: LibraryDirectory;
  readonly rules: LdconfigRules;
  readonly programs: readonly DynamicObject[];
}

/** A new build beside the last release: version, soname, file name, links, and the programs that would break. */
export function checkRelease(input: ReleaseInput): {
  readonly facts: ReleaseCheckFacts;
  readonly findings: readonly Finding[];
} {
  const { old, recent, comparison } = input;
  const { verdict, bump, soname, version } = comparison;
  const wanted = wantedFileName(input);
  const programs = input.programs.map((program) => programFacts(program, old, comparison.changes));
  const facts: ReleaseCheckFacts = {
    from: old.path,
    to: recent.path,
    verdict,
    bump,
    soname,
    version,
    fileName: { found: recent.fileName, ...(wanted === undefined ? {} : { wanted }) },
    links: linksOf(input),
    programs,
  };
  return {
    facts,
    findings: [
      ...sonameFindings(input),
      ...versionFindings(input),
      ...fileNameFindings(input, wanted),
      ...programFindings(input, programs),
      ...linkFindings(input),
    ],
  };
}

/** By which name programs ask for a library: without soname by that of the file they were linked with. */
const askedFor = ({ soname, fileName }: LibraryExports) => soname ?? fileName;

/** `libfoo.so.` and the least version; undefined where the last release has no version to go on from. */
function wantedFileName({ old, comparison }: ReleaseInput): string | undefined {
  const { soname, version, verdict, bump } = comparison;
  const before = versionOf(old.fileName);
  if (before === undefined) return undefined;
  const next = version.least ?? (verdict === 'identical' ? before : bumped(before, bump)).join('.');
  const least = version.status === 'right' ? version.new : next;
  return `${splitLibraryName(soname.wanted ?? askedFor(old)).stem}.so.${least}`;
}

function sonameFindings({ old, recent, comparison }: ReleaseInput): Finding[] {
  const { status, wanted } = comparison.soname;
  const object = recent.path;
  const link = wanted === undefined ? 'link it with a new soname' : `link it with -Wl,-soname,${wanted}`;
  if (status === 'must-change') {
    const causes = breakingChanges(comparison.changes);
    const evidence = causes.map(({ kind, message }) => ({
      text: `${FINDING_KINDS[kind].title}: ${message}`,
    }));
    const fix = `${link}, and leave the old file installed beside it`;
    const message = `${askedFor(old)} is kept, but programs that use it would break`;
    return [finding('release.soname-kept', askedFor(old), message, { object, evidence, fix })];
  }
  if (recent.soname === undefined) {
    const message = `${recent.fileName} has no soname: whatever file has its name is taken for it`;
    const fix = `link it with -Wl,-soname,${wanted ?? `${splitLibraryName(recent.fileName).stem}.so.1`}`;
    return [finding('release.no-soname', recent.fileName, message, { object, fix })];
  }
  if (status !== 'changed-without-cause') return [];
  const message = `${askedFor(old)} became ${recent.soname}, although nothing else asks for it`;
  return [finding('release.soname-changed', askedFor(old), message, { object, fix: link })];
}

const breakingChanges = (changes: readonly Change[]) =>
  changes.filter(({ kind, effect }) => kind !== 'abi.soname' && breaks(effect));

function versionFindings({ recent, comparison: { version, bump } }: ReleaseInput): Finding[] {
  if (version.status !== 'too-low') return [];
  const message = `${recent.fileName} has the version ${version.new}, after ${version.old} it has to be at least ${version.least}: ${bump}`;
  const fix = `call it ${splitLibraryName(recent.fileName).stem}.so.${version.least}`;
  return [finding('release.version-too-low', recent.fileName, message, { object: recent.path, fix })];
}

function fileNameFindings({ old, recent }: ReleaseInput, wanted: string | undefined): Finding[] {
  const { fileName, soname } = recent;
  const object = recent.path;
  const fix = wanted === undefined ? {} : { fix: `call it ${wanted}` };
  if (splitLibraryName(fileName).version.length === 0) {
    if (splitLibraryName(old.fileName).version.length === 0) return [];
    const message = `${fileName} has no version, the last release was ${old.fileName}`;
    return [finding('release.file-name', fileName, message, { object, ...fix })];
  }
  if (soname === undefined || fitsSoname(fileName, soname)) return [];
  const message = `${fileName} has the soname ${soname}: the file's name does not begin with it`;
  return [finding('release.file-name', fileName, message, { object, ...fix })];
}

function programFacts(program: DynamicObject, old: LibraryExports, changes: readonly Change[]): ProgramFacts {
  const { path, needed } = program;
  if (!needed.includes(askedFor(old))) return { path, needs: false, uses: 0, breaks: [] };
  const used = usedSymbols(program, old);
  const changed = breakingChanges(changes).flatMap(({ symbols }) =>
    symbols.flatMap((pair) => pair.old ?? []),
  );
  const broken = new Set(changed.map(({ name }) => name));
  const names = used.map(({ name }) => name).filter((name) => broken.has(name));
  return { path, needs: true, uses: used.length, breaks: [...new Set(names)].sort() };
}

/** What a program takes from a library; versions decide only where both have them. */
function usedSymbols(program: DynamicObject, library: LibraryExports): ExportedSymbol[] {
  const byName = Map.groupBy(library.symbols, ({ name }) => name);
  return symbolNeeds(program).flatMap(({ name, version, file }) => {
    if (file !== undefined && file !== askedFor(library)) return [];
    const defined = byName.get(name) ?? [];
    const exact = defined.find((symbol) => symbol.version === version);
    const found = exact ?? (version === undefined || !library.hasVersionTable ? defined[0] : undefined);
    return found === undefined ? [] : [found];
  });
}

function programFindings(
  { old, recent, comparison }: ReleaseInput,
  programs: readonly ProgramFacts[],
): Finding[] {
  const { status } = comparison.soname;
  const soname = askedFor(old);
  return programs.flatMap(({ path, needs, breaks: broken }) => {
    if (!needs) return [];
    if (status === 'changed-without-cause') {
      const message = `${path} asks for ${soname}, and the new library answers to ${recent.soname ?? 'no name'}`;
      const more = { severity: 'warning', object: path } as const;
      return [finding('release.program-breaks', soname, message, more)];
    }
    const isKept = status === 'must-change' || status === 'none';
    if (!isKept || broken.length === 0) return [];
    const message = `${path} uses ${someOf(broken)} of ${soname}, which is gone or means something else`;
    return [finding('release.program-breaks', soname, message, { object: path })];
  });
}

/** The links that a release of this library needs in its directory, and how they stand. */
function linksOf({ recent, directory }: ReleaseInput): ReleaseLink[] {
  const { soname, fileName } = recent;
  if (soname === undefined) return [];
  const names = new Names(directory.entries);
  const { identity } = names.resolve(fileName);
  const link = (name: string, target: string, use: ReleaseLink['use']): ReleaseLink => {
    const there = names.get(name);
    const leads = identity !== undefined && names.resolve(name).identity === identity;
    const state = leads
      ? name === fileName
        ? 'itself'
        : 'right'
      : there === undefined
        ? 'missing'
        : 'wrong';
    return { name, target, use, state };
  };
  const linker = `${splitLibraryName(soname).stem}.so`;
  const links = [link(soname, fileName, 'loader')];
  return linker === soname || linker === fileName ? links : [...links, link(linker, soname, 'linker')];
}

/** What is wrong with the links of this library's names alone. */
function linkFindings({ recent, directory, rules }: ReleaseInput): Finding[] {
  const names = [recent.soname, `${splitLibraryName(askedFor(recent)).stem}.so`];
  const { findings } = analyseFarm(directory, rules, []);
  return findings.filter(({ kind, subject }) => kind.startsWith('release.link-') && names.includes(subject));
}
