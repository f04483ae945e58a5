import { Kind } from '../kinds.ts';
import { addItem, closeList, type NodeId, node, openList, worded } from '../tree.ts';

/** Characters that rustc of before RFC 2603 wrote between dollar signs. */
const ESCAPES: Readonly<Record<string, string>> = {
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  C: ',',
};

/** Length of the hash, which is the last name: h and 16 digits. */
const HASH_LENGTH = 17;
/** A hash has at least this many different digits, unlike a C++ name that happens to look like one. */
const MIN_DISTINCT = 5;

/**
 * The tree of a legacy Rust symbol, which looks like a nested C++ name that ends in a hash; 0 when
 * the name is not one. `prefix`: how many characters come before its first length (`_ZN`).
 */
export function parseLegacy(text: string, prefix: number): NodeId {
  let at = prefix;
  const names: string[] = [];
  while (text.charCodeAt(at) !== 69) {
    let length = 0;
    const digits = at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (!(code >= 48 && code <= 57) || length > text.length) break;
      length = length * 10 + code - 48;
      at++;
    }
    if (at === digits || length === 0 || at + length >= text.length) return 0;
    names.push(text.substring(at, at + length));
    at += length;
  }
  const hash = names.pop();
  if (hash === undefined || names.length === 0 || !isHash(hash)) return 0;
  const suffix = text.substring(at + 1);
  if (suffix !== '' && suffix.charCodeAt(0) !== 46) return 0;
  const items = openList();
  for (const name of names) addItem(worded(node(Kind.Name), unescaped(name)));
  return closeList(worded(node(Kind.LegacyPath), hash), items);
}

function isHash(name: string): boolean {
  if (name.length !== HASH_LENGTH || name.charCodeAt(0) !== 104) return false;
  let seen = 0;
  let distinct = 0;
  for (let at = 1; at < HASH_LENGTH; at++) {
    const code = name.charCodeAt(at);
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit < 0) return false;
    if ((seen & (1 << digit)) === 0) distinct++;
    seen |= 1 << digit;
  }
  return distinct >= MIN_DISTINCT;
}

/** `..` is `::`, `$LT$` is `<`, `$u7e$` is the character with that number. */
function unescaped(name: string): string {
  // An underscore keeps a name from starting with an escape.
  let rest = name.startsWith('_$') ? name.substring(1) : name;
  let result = '';
  while (rest !== '') {
    if (rest.startsWith('..')) {
      result += '::';
      rest = rest.substring(2);
      continue;
    }
    if (rest.charCodeAt(0) === 36) {
      const character = escapeAt(rest);
      // What follows an unknown escape is shown as it is.
      if (character === undefined) return result + rest;
      result += character;
      rest = rest.substring(rest.indexOf('$', 1) + 1);
      continue;
    }
    const stop = nextSpecial(rest);
    result += rest.substring(0, stop);
    rest = rest.substring(stop);
  }
  return result;
}

function nextSpecial(text: string): number {
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 36 || code === 46) return at;
  }
  return text.length;
}

function escapeAt(text: string): string | undefined {
  const stop = text.indexOf('$', 1);
  if (stop < 0) return undefined;
  const word = text.substring(1, stop);
  const known = ESCAPES[word];
  if (known !== undefined) return known;
  if (!/^u[0-9a-f]{1,5}$/.test(word)) return undefined;
  const code = Number.parseInt(word.substring(1), 16);
  return code < 32 || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}
