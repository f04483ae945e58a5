import type { LoadedObject, MissingLibrary, Process, SearchAttempt, SearchRule } from '../model/index.ts';

/** One entry of a link map, in load order. */
export interface DependencyFacts {
  /** 0 is the root, which is not listed. */
  readonly order: number;
  readonly name: string;
  /** null: not found. */
  readonly path: string | null;
  readonly soname?: string;
  /** Which rule found it. */
  readonly rule?: SearchRule;
  /** Whose RPATH or RUNPATH it was. */
  readonly ruleOf?: string;
  /** The order of whoever asked for it first. */
  readonly requester?: number;
  /** What it needs itself, as orders. */
  readonly needs: readonly number[];
  /** For one that was not found: ld.so's words, and every place that was tried. */
  readonly message?: string;
  readonly tried?: readonly SearchAttempt[];
}

export interface ProcessDependencies {
  readonly path: string;
  readonly needs: readonly number[];
  readonly libraries: readonly DependencyFacts[];
}

export interface DepsFacts {
  readonly roots: readonly ProcessDependencies[];
}

/** What a process loads, as plain data. */
export function dependencyFacts(process: Process): ProcessDependencies {
  const needsOf = (entry: LoadedObject | MissingLibrary) =>
    entry.kind === 'missing' ? [] : (process.dependencies.get(entry) ?? []).map(({ order }) => order);
  return {
    path: process.root.path,
    needs: needsOf(process.root),
    libraries: process.linkMap.slice(1).map((entry): DependencyFacts => {
      const { order, name, requester } = entry;
      const common = {
        order,
        name,
        ...(requester ? { requester: requester.order } : {}),
        needs: needsOf(entry),
      };
      if (entry.kind === 'missing')
        return { ...common, path: null, message: entry.message, tried: entry.tried };
      const { path, rule, ruleDetail, object } = entry;
      return {
        ...common,
        path,
        ...(object.soname === undefined ? {} : { soname: object.soname }),
        rule,
        ...(ruleDetail === undefined ? {} : { ruleOf: ruleDetail }),
      };
    }),
  };
}
