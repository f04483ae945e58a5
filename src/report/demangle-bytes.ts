import { type DemangleOptions, demangleInto, MAX_DEMANGLED, OUTPUT } from '../demangle/index.ts';
import { WORD } from './demangle-text.ts';

const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const DOLLAR = 0x24;

/** A word may be a mangled name: `_Z` and `_R`, Clang's blocks `___Z`, groups of initialisers `_GLOBAL_`. */
function startsMangled(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1];
  if (second === 0x5a || second === 0x52) return true;
  return (second === UNDERSCORE && bytes[at + 2] === UNDERSCORE) || second === 0x47;
}

/** Whether a word starts here, perhaps behind the dot or dollar that some architectures put before functions. */
function isWordStart(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1];
  if (at === 0 || WORD[before!] === 0) return true;
  return (before === DOT || before === DOLLAR) && (at === 1 || WORD[bytes[at - 2]!] === 0);
}

/** Where the next word starts that may be a mangled name; the length when there is none. */
function nextWord(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length && !(bytes[at] === UNDERSCORE && startsMangled(bytes, at) && isWordStart(bytes, at)))
    at++;
  return at;
}

/** More than this is written out before a name, for which there is always room. */
const FULL = OUTPUT.length - MAX_DEMANGLED;

/**
 * Demangles every mangled name in a text of UTF-8 and leaves the rest alone, as c++filt does with what it
 * reads. `write` gets the result in pieces, each of which it must take before it returns.
 */
export function demangleBytes(
  bytes: Uint8Array,
  options: DemangleOptions,
  write: (piece: Uint8Array) => void,
): void {
  const { length } = bytes;
  let filled = 0;
  let copied = 0;
  const copyUntil = (stop: number): void => {
    if (filled + stop - copied > FULL) {
      write(OUTPUT.subarray(0, filled));
      filled = 0;
      if (stop - copied > FULL) {
        write(bytes.subarray(copied, stop));
        copied = stop;
      }
    }
    while (copied < stop) OUTPUT[filled++] = bytes[copied++]!;
  };
  for (let at = nextWord(bytes, 0); at < length; at = nextWord(bytes, at)) {
    const start = at;
    while (at < length && WORD[bytes[at]!] === 1) at++;
    copyUntil(start);
    const end = demangleInto(filled, bytes, start, at, options);
    // What is no name is copied with what follows.
    if (end === 0) continue;
    filled = end;
    copied = at;
  }
  copyUntil(length);
  write(OUTPUT.subarray(0, filled));
}
