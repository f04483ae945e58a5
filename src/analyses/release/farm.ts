import type { DynamicObject } from '../../model/index.ts';
import { type LibraryDirectory, Names } from './library-directory.ts';
import { type LdconfigRules, type LinkPlan, planLinks, type SonameGroup } from './plan-links.ts';
import { SymbolNeeds } from './symbol-needs.ts';

/** A directory of libraries with all that its findings are made of. */
export interface Farm {
  readonly directory: LibraryDirectory;
  readonly rules: LdconfigRules;
  readonly plan: LinkPlan;
  readonly groups: ReadonlyMap<string, SonameGroup>;
  readonly names: Names;
  /** The libraries of the directory, and programs that use them. */
  readonly dependants: readonly DynamicObject[];
  readonly symbols: SymbolNeeds;
}

/** `programs` are files elsewhere whose needs count as those of the directory's own libraries do. */
export function farmOf(
  directory: LibraryDirectory,
  rules: LdconfigRules,
  programs: readonly DynamicObject[],
): Farm {
  const plan = planLinks(directory, rules);
  return {
    directory,
    rules,
    plan,
    groups: new Map(plan.groups.map((group) => [group.soname, group])),
    names: new Names(directory.entries),
    dependants: [...directory.libraries.values(), ...programs],
    symbols: new SymbolNeeds(),
  };
}

/** The library that a name leads to; undefined where it leads to nothing, or to no shared object. */
export function libraryAt({ names, directory }: Farm, name: string): DynamicObject | undefined {
  const { identity } = names.resolve(name);
  return identity === undefined ? undefined : directory.libraries.get(identity);
}

/** Those that need a soname, for the same machine as `library`. */
export function dependantsOn(farm: Farm, soname: string, library: DynamicObject): DynamicObject[] {
  const { machine, is64 } = library.architecture;
  return farm.dependants.filter(
    ({ needed, architecture }) =>
      needed.includes(soname) && architecture.machine === machine && architecture.is64 === is64,
  );
}
