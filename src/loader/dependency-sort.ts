/**
 * Objects before what they depend on: the reverse of the order in which a depth-first walk leaves them, which
 * starts with the last of the list (glibc elf/dl-sort-maps.c, _dl_sort_maps_dfs; the default since 2.35). In a
 * circle the place where the walk enters it decides. What `edges` names outside the list does not count.
 */
export function dependencySort<T>(list: readonly T[], edges: (object: T) => readonly T[]): T[] {
  const waiting = new Set(list);
  const left: T[] = [];
  const visit = (object: T) => {
    if (!waiting.delete(object)) return;
    for (const next of edges(object)) visit(next);
    left.push(object);
  };
  for (const object of list.toReversed()) visit(object);
  return left.reverse();
}
