/** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replace = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(replace, last[column]! + 1, current[column - 1]! + 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwap) best = Math.min(best, beforeLast[column - 2]! + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}

/** Up to three candidates that a mistyped word may have meant, the likeliest first; often none. */
function closest(word: string, candidates: readonly string[]): readonly string[] {
  const scored = candidates
    .map((name) => ({
      name,
      score: word.length > 1 && name.startsWith(word) ? 1 : distance(word, name),
      limit: Math.max(1, Math.floor(Math.min(word.length, name.length) / 3)),
    }))
    .filter(({ score, limit }) => score <= limit);
  const best = Math.min(...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score === best)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `, did you mean A or B?`, or nothing when no candidate is close. Candidates are few: names, not symbols. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  // A word that is no name at all would only cost time.
  const found = word.length > 64 ? [] : closest(word, candidates);
  return found.length === 0 ? '' : `, did you mean ${found.join(' or ')}?`;
}
