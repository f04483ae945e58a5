import type { Evidence } from '../../model/index.ts';
import type { ExportedSymbol } from './exported-symbols.ts';

/** How many names a sentence shows. */
const SHOWN = 6;

/** `one, two and 5 more`. */
export function shortList(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  if (rest <= 1) return names.join(', ');
  return `${names.slice(0, SHOWN).join(', ')} and ${rest} more`;
}

/** `1 name`, `3 names`. */
export const counted = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Distinct names in the order of code units. */
export const namesOf = (symbols: readonly ExportedSymbol[]): string[] =>
  [...new Set(symbols.map(({ name }) => name))].sort();

/** One line a name. */
export const nameEvidence = (names: readonly string[]): Evidence[] => names.map((text) => ({ text }));
