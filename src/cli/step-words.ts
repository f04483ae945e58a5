import { UsageError } from './errors.ts';

/** A word of a step; a quoted one is never a keyword. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** `in HANDLE` at the end. */
export function takePlace(words: readonly Word[]): { place: string | undefined; rest: readonly Word[] } {
  const keyword = words.at(-2);
  if (keyword?.text !== 'in' || keyword.quoted) return { place: undefined, rest: words };
  return { place: words.at(-1)!.text, rest: words.slice(0, -2) };
}

/** `NAME:PROTOTYPE`; the colons of `ns::f`, which people take for the name of a symbol, part nothing. */
export function splitPrototype(symbol: string): { name: string; prototype: string | undefined } {
  const at = symbol.search(/(?<!:):(?!:)/);
  return at < 0
    ? { name: symbol, prototype: undefined }
    : { name: symbol.slice(0, at), prototype: symbol.slice(at + 1) };
}

/** A word as it has to be typed to be one. */
export function quoted(word: string): string {
  const words = /['"]/.test(word) ? [] : splitWords(word);
  if (words.length === 1) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}

/** Words as a shell has them: blanks part, quotes join; in addition a pair of parentheses joins. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let word: { text: string; quoted: boolean } | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (depth === 0 && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= { text: '', quoted: false };
    if (char === "'" || char === '"') {
      const end = text.indexOf(char, at + 1);
      if (end < 0) throw new UsageError(`the quote ${char} is not closed`);
      word = { text: word.text + text.slice(at + 1, end), quoted: true };
      at = end;
      continue;
    }
    if (char === '(') depth++;
    if (char === ')') depth = Math.max(0, depth - 1);
    word.text += char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
