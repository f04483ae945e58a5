import type { LoadedObject, Process } from '../model/index.ts';

/**
 * The order in which the loader relocates what it has mapped: what is needed goes before what needs it, and
 * the root comes last. It is the reverse of the list by which finalisers run, a depth-first walk that starts
 * with the object loaded last (glibc elf/dl-sort-maps.c, _dl_sort_maps_dfs; the default since 2.35). The
 * first look-up of a unique symbol decides for all that follow, so that the order can be seen.
 */
export function relocationOrder({ scope, root, dependencies }: Process): LoadedObject[] {
  const visited = new Set<LoadedObject>();
  const order: LoadedObject[] = [];
  const visit = (object: LoadedObject) => {
    if (visited.has(object)) return;
    visited.add(object);
    // The root's own dependencies are not known to the sort (elf/dl-deps.c, _dl_map_object_deps).
    const needed = object === root ? [] : (dependencies.get(object) ?? []);
    for (const dependency of needed) if (dependency.kind === 'loaded') visit(dependency);
    order.push(object);
  };
  for (const object of scope.toReversed()) visit(object);
  return [...order.filter((object) => object !== root), root];
}
