import type { Finding, Severity } from '../../model/index.ts';
import { type Farm, libraryAt } from './farm.ts';
import { beginsWith, splitLibraryName } from './library-name.ts';
import { finding } from './make-finding.ts';
import { someOf } from './symbol-needs.ts';

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
