import { closest } from '../model/index.ts';

/** `, did you mean A or B?`, or nothing when no candidate is close. Candidates are few: names, not symbols. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  // A word that is no name at all would only cost time.
  const found = word.length > 64 ? [] : closest(word, candidates);
  return found.length === 0 ? '' : `, did you mean ${found.join(' or ')}?`;
}
