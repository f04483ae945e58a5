import type { DynamicObject, Finding } from '../../model/index.ts';
import { type Farm, farmOf } from './farm.ts';
import { fileFindings } from './file-findings.ts';
import type { LibraryDirectory } from './library-directory.ts';
import { splitLibraryName } from './library-name.ts';
import { linkFindings } from './link-findings.ts';
import { needFindings } from './need-findings.ts';
import type { LdconfigRules, LinkChange, Reason, SonameGroup } from './plan-links.ts';

/** How the link of a soname stands. */
export type LinkState =
  /** It leads to the file that should win. */
  | 'right'
  /** The file itself has the soname for its name. */
  | 'itself'
  | 'missing'
  /** It leads elsewhere, or nowhere. */
  | 'wrong'
  /** Something that is no link has its name, or its name is not possible. */
  | 'blocked';

export interface SonameFacts {
  readonly soname: string;
  /** The file that should win, and why. */
  readonly file: string;
  /** The link to it that counts as a file of its own, and is the newest of all names. */
  readonly through?: string;
  readonly why: Reason;
  /** The other names that claim the soname, hard links and links included. */
  readonly others: readonly string[];
  readonly link: LinkState;
}

/** A change to a link; `problem` says why it was not made. */
export type ChangeFacts = LinkChange & {
  readonly outcome: 'planned' | 'made' | 'failed';
  readonly problem?: string;
};

export interface FarmFacts {
  readonly path: string;
  readonly sonames: readonly SonameFacts[];
  readonly changes: readonly ChangeFacts[];
}

export interface FarmAnalysis {
  readonly facts: FarmFacts;
  readonly findings: readonly Finding[];
}

/** A directory of libraries: who should win each soname, which links change, and all that is odd. */
export function analyseFarm(
  directory: LibraryDirectory,
  rules: LdconfigRules,
  programs: readonly DynamicObject[],
): FarmAnalysis {
  const farm = farmOf(directory, rules, programs);
  const changes = farm.plan.changes.map((change): ChangeFacts => ({ ...change, outcome: 'planned' }));
  const shown = farm.plan.groups.filter(({ soname, winner }) => !winner.isLink || isVersioned(soname));
  return {
    facts: { path: directory.path, sonames: shown.map((group) => sonameFacts(farm, group)), changes },
    findings: [...linkFindings(farm), ...fileFindings(farm), ...needFindings(farm)],
  };
}

const isVersioned = (soname: string) => splitLibraryName(soname).version.length > 0;

function sonameFacts(farm: Farm, { soname, winner, reason, candidates }: SonameGroup): SonameFacts {
  const file = farm.names.resolve(winner.name).name;
  const others = candidates
    .map(({ name }) => name)
    .filter((name) => ![winner.name, file, soname].includes(name));
  return {
    soname,
    file,
    ...(file === winner.name ? {} : { through: winner.name }),
    why: reason,
    others,
    link: linkState(farm, soname, winner.name),
  };
}

function linkState({ names, plan }: Farm, soname: string, file: string): LinkState {
  if (plan.obstacles.some((obstacle) => obstacle.soname === soname)) return 'blocked';
  if (soname === file && names.get(file)?.type === 'file') return 'itself';
  const { identity } = names.resolve(soname);
  if (identity !== undefined && identity === names.resolve(file).identity) return 'right';
  return names.get(soname) === undefined ? 'missing' : 'wrong';
}
