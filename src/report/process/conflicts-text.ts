import type { ConflictsFacts } from '../../analyses/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { count } from '../text.ts';

/** One line a process: how large it is and how many names are contended. The findings tell the rest. */
export function renderConflicts({ roots }: ConflictsFacts, style: Style): string {
  return roots
    .map(({ path, objects, lookups, conflicts }) => {
      const size = style.dim(`(${count(objects, 'object')}, ${count(lookups, 'look-up')})`);
      return `${style.bold(printable(path))}: ${count(conflicts.length, 'contended name')} ${size}\n`;
    })
    .join('');
}
