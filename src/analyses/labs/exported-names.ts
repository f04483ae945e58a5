import type { DynamicObject } from '../../model/index.ts';
import { exportedSymbols } from '../exports/exported-symbols.ts';

/** The names that an object offers to others, sorted: `name`, `name@@V` for a default version, else `name@V`. */
export const exportedNames = (object: DynamicObject): string[] =>
  exportedSymbols(object)
    .map(({ name, version, hidden }) =>
      version === undefined ? name : `${name}${hidden ? '@' : '@@'}${version}`,
    )
    .sort();
