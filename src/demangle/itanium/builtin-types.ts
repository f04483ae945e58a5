import { Kind } from '../kinds.ts';
import { constant } from '../tree.ts';

/** Builtin types with a code of one letter (Itanium C++ ABI, section 5.1.5), by letter. */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'signed char',
  b: 'bool',
  c: 'char',
  d: 'double',
  e: 'long double',
  f: 'float',
  g: '__float128',
  h: 'unsigned char',
  i: 'int',
  j: 'unsigned int',
  l: 'long',
  m: 'unsigned long',
  n: '__int128',
  o: 'unsigned __int128',
  s: 'short',
  t: 'unsigned short',
  v: 'void',
  w: 'wchar_t',
  x: 'long long',
  y: 'unsigned long long',
  z: '...',
};

/** Builtin types whose code is `D` and one letter. */
const D_LETTERS: Readonly<Record<string, string>> = {
  a: 'auto',
  c: 'decltype(auto)',
  d: 'decimal64',
  e: 'decimal128',
  f: 'decimal32',
  h: 'half',
  i: 'char32_t',
  n: 'decltype(nullptr)',
  s: 'char16_t',
  u: 'char8_t',
};

function table(letters: Readonly<Record<string, string>>, base: number): Uint16Array {
  const result = new Uint16Array(128);
  for (const [letter, text] of Object.entries(letters)) {
    const code = letter.charCodeAt(0);
    result[code] = constant(Kind.Builtin, text, base + code);
  }
  return result;
}

/** `value` of a builtin whose code starts with `D`: this plus the second letter. */
export const D_BASE = 256;
/** The nodes by character code of the letter, 0 for a letter that is none. */
export const BUILTINS = table(LETTERS, 0);
/** By character code of the letter after `D`. */
export const D_BUILTINS = table(D_LETTERS, D_BASE);
