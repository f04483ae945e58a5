/**
 * Whether a command printed what a page shows: line by line the same, where a line `...` stands for any number
 * of lines and `…` within a line for any text in it. Trailing blanks do not count.
 */
export function matchesOutput(shown: string, real: string): boolean {
  return matchLines(lines(shown), lines(real));
}

const lines = (text: string) => (text === '' ? [] : text.replace(/\n+$/, '').split('\n'));

function matchLines(shown: readonly string[], real: readonly string[]): boolean {
  let start = 0;
  const parts = splitAt(shown, (line) => line.trim() === '...');
  const fits = (part: readonly string[], at: number) =>
    at >= 0 &&
    at + part.length <= real.length &&
    part.every((line, index) => matchLine(line, real[at + index]!));
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    // Without an ellipsis before it a part stands at the start, without one behind it at the end.
    let at = isLast && index > 0 ? real.length - part.length : start;
    while (index > 0 && !isLast && at < real.length && !fits(part, at)) at++;
    if (at < start || !fits(part, at)) return false;
    start = at + part.length;
  }
  return start === real.length;
}

function splitAt<T>(list: readonly T[], isSeparator: (item: T) => boolean): T[][] {
  const parts: T[][] = [[]];
  for (const item of list) {
    if (isSeparator(item)) parts.push([]);
    else parts.at(-1)!.push(item);
  }
  return parts;
}

function matchLine(shown: string, real: string): boolean {
  const pattern = shown.trimEnd().split('…').map(literally).join('.*');
  return new RegExp(`^${pattern}$`).test(real.trimEnd());
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
