import type { LoadedObject, Process } from '../model/index.ts';
import { dependencySort } from './dependency-sort.ts';

/**
 * The order in which the loader relocates what it has mapped: what is needed goes before what needs it, and
 * the root comes last. It is the reverse of the list by which finalisers run. The first look-up of a unique
 * symbol decides for all that follow, so that the order can be seen.
 */
export function relocationOrder({ scope, root, dependencies }: Process): LoadedObject[] {
  // The root's own dependencies are not known to the sort (elf/dl-deps.c, _dl_map_object_deps).
  const sorted = dependencySort(scope, (object) =>
    object === root ? [] : (dependencies.get(object) ?? []).filter((entry) => entry.kind === 'loaded'),
  );
  return [...sorted.filter((object) => object !== root).reverse(), root];
}
