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

/** Longer words are not compared: their edits would cost more than they tell. */
const LONGEST = 128;

/** Up to three candidates that a mistyped word may have meant, the likeliest first; often none. */
export function closest(word: string, candidates: readonly string[]): readonly string[] {
  if (word.length > LONGEST) return [];
  const scored = candidates.flatMap((name) => {
    const limit = Math.max(1, Math.floor(Math.min(word.length, name.length) / 3));
    if (word.length > 1 && name.startsWith(word)) return [{ name, score: 1 }];
    if (Math.abs(word.length - name.length) > limit) return [];
    const score = distance(word, name);
    return score <= limit ? [{ name, score }] : [];
  });
  const best = Math.min(...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score === best)
    .slice(0, 3)
    .map(({ name }) => name);
}
