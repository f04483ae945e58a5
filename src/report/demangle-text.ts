import { type DemangleOptions, demangle } from '../demangle/index.ts';

const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const DOLLAR = 0x24;

/** Letters, digits and `_$.`: what symbols are made of, and what c++filt takes for one word. */
export const WORD = new Uint8Array(256);
for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$.') {
  WORD[character.charCodeAt(0)] = 1;
}
const isWord = (code: number): boolean => WORD[code] === 1;

/** A word may be a mangled name: `_Z` and `_R`, Clang's blocks `___Z`, groups of initialisers `_GLOBAL_`. */
function startsMangled(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1);
  if (second === 0x5a || second === 0x52) return true;
  return second === UNDERSCORE ? text.startsWith('___Z', at) : text.startsWith('_GLOBAL_', at);
}

/** Whether a word starts here, perhaps behind the dot or dollar that some architectures put before functions. */
function isWordStart(text: string, at: number): boolean {
  if (at === 0 || !isWord(text.charCodeAt(at - 1))) return true;
  const before = text.charCodeAt(at - 1);
  return (before === DOT || before === DOLLAR) && (at === 1 || !isWord(text.charCodeAt(at - 2)));
}

/** c++filt writes a name without the dollar before it, and keeps a dot. */
export function dropsDollar(options: DemangleOptions | undefined): boolean {
  return options?.style !== 'llvm';
}

/** Demangles every mangled name in a text and leaves the rest alone, as c++filt does with what it reads. */
export function demangleText(text: string, options?: DemangleOptions): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('_'); at >= 0; at = text.indexOf('_', at)) {
    if (!isWordStart(text, at) || !startsMangled(text, at)) {
      at++;
      continue;
    }
    const start = at;
    while (at < text.length && isWord(text.charCodeAt(at))) at++;
    const mangled = text.slice(start, at);
    const demangled = demangle(mangled, options);
    const marked =
      demangled !== mangled && dropsDollar(options) && text.charCodeAt(start - 1) === DOLLAR ? 1 : 0;
    result += text.slice(done, start - marked) + demangled;
    done = at;
  }
  return done === 0 ? text : result + text.slice(done);
}

/**
 * Demangles the names in a sentence for people. A name with its readable form behind it in parentheses stays: it is
 * told because it has to be typed.
 */
export function demangleSentence(text: string): string {
  let result = '';
  let done = 0;
  for (const { 0: found, 1: name, index } of text.matchAll(/(_[\w$.]+) \(/g)) {
    const readable = demangle(name!);
    const from = index + found.length;
    if (readable === name || !text.startsWith(`${readable})`, from)) continue;
    const end = from + readable.length + 1;
    result += demangleText(text.slice(done, index)) + text.slice(index, end);
    done = end;
  }
  return result + demangleText(text.slice(done));
}
