import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { count } from '../text.ts';

/** What was looked at, by target. */
export interface CheckFacts {
  readonly roots: readonly {
    readonly path: string;
    /** Objects in the process, the root and the loader included. */
    readonly objects: number;
    readonly lookups: number;
    /** Names for which a look-up had a choice. */
    readonly contendedNames: number;
  }[];
}

export function renderCheck({ roots }: CheckFacts, style: Style): string {
  return roots
    .map(({ path, objects, lookups, contendedNames }) => {
      const sizes = [
        count(objects, 'object'),
        count(lookups, 'look-up'),
        count(contendedNames, 'contended name'),
      ];
      return `${style.bold(printable(path))}: ${sizes.join(', ')}\n`;
    })
    .join('');
}
