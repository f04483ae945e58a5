import { BOOL, type CType, DOUBLE, FLOAT, INTEGERS, VOID } from './c-type.ts';

/** Words that a combination of makes an arithmetic type (C11 6.7.2). */
const COMBINED = ['char', 'short', 'int', 'long', 'signed', 'unsigned', 'float', 'double', '_Complex'];
const WHOLE: ReadonlyMap<string, CType> = new Map<string, CType>([
  ['void', VOID],
  ['bool', BOOL],
  ['_Bool', BOOL],
  ...[...INTEGERS].filter(([name]) => name.endsWith('_t')),
]);
/** Other spellings of the same word. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['__signed__', 'signed'],
  ['__const', 'const'],
  ['__volatile__', 'volatile'],
  ['__restrict', 'restrict'],
  ['__restrict__', 'restrict'],
  ['complex', '_Complex'],
]);

export const canonicalWord = (word: string): string => ALIASES.get(word) ?? word;
export const isCombined = (word: string): boolean => COMBINED.includes(word);
/** A type that one word names. */
export const wholeType = (word: string): CType | undefined => WHOLE.get(word);
export const TAGGED = ['struct', 'union', 'enum'];

/**
 * The type that these words are, in whatever order (C11 6.7.2: the order is free); undefined where C has no such
 * type. `long double` and complex numbers are opaque: they fit in no register that a call here could fill.
 */
export function combinedType(words: readonly string[]): CType | undefined {
  const count = (word: string) => words.filter((each) => each === word).length;
  const sorted = [...words].sort().join(' ');
  if (count('_Complex') === 1 && /^_Complex (double|double long|float)$/.test(sorted)) {
    return {
      kind: 'opaque',
      name: count('long') ? 'long double _Complex' : `${words.find(isReal)} _Complex`,
    };
  }
  if (sorted === 'double long') return { kind: 'opaque', name: 'long double' };
  if (sorted === 'float') return FLOAT;
  if (sorted === 'double') return DOUBLE;
  const [signs, longs] = [count('signed') + count('unsigned'), count('long')];
  const [char, short, int] = [count('char'), count('short'), count('int')];
  const isLegal =
    words.every((word) => !isReal(word) && word !== '_Complex') &&
    signs <= 1 &&
    int <= 1 &&
    longs <= 2 &&
    short + char + Math.min(longs, 1) <= 1 &&
    char + int <= 1;
  if (!isLegal) return undefined;
  const prefix = count('unsigned') > 0 ? 'unsigned ' : '';
  if (char > 0) return INTEGERS.get(count('signed') > 0 ? 'signed char' : `${prefix}char`);
  const base = short > 0 ? 'short' : longs === 2 ? 'long long' : longs === 1 ? 'long' : 'int';
  return INTEGERS.get(prefix + base);
}

const isReal = (word: string) => word === 'float' || word === 'double';
