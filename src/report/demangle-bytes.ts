import {
  DEFAULTS,
  type DemangleOptions,
  demangleInput,
  INPUT,
  MAX_DEMANGLED,
  OUTPUT,
  type PrintOptions,
} from '../demangle/index.ts';
import { dropsDollar, WORD } from './demangle-text.ts';

const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const DOLLAR = 0x24;

// Nearly every byte goes by here, and what is imported takes longer to reach.
const input = INPUT;
const output = OUTPUT;
const word = WORD;

/** More than this is written out before a name and what stands before it, for which there is always room. */
const FULL = OUTPUT.length - MAX_DEMANGLED - INPUT.length;

/** A word may be a mangled name: `_Z` and `_R`, Clang's blocks `___Z`, groups of initialisers `_GLOBAL_`. */
function startsMangled(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1];
  if (second === 0x5a || second === 0x52) return true;
  return (second === UNDERSCORE && bytes[at + 2] === UNDERSCORE) || second === 0x47;
}

/** Whether a word starts here, perhaps behind the dot or dollar that some architectures put before functions. */
function isWordStart(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1]!;
  if (at === 0 || word[before] === 0) return true;
  return (before === DOT || before === DOLLAR) && (at === 1 || word[bytes[at - 2]!] === 0);
}

/** Where the next word starts that may be a mangled name; `end` when there is none. */
function nextWord(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && !(bytes[at] === UNDERSCORE && startsMangled(bytes, at) && isWordStart(bytes, at))) at++;
  return at;
}

/** Copies from `input` to `output`, and returns where the copy ends. */
function copyInput(into: number, from: number, to: number): number {
  let end = into;
  for (let at = from; at < to; at++) output[end++] = input[at]!;
  return end;
}

function wordEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && word[bytes[at]!] === 1) at++;
  return at;
}

/** Demangles the first `size` bytes of `input`, and returns how much of `output` is still to be written. */
function demangleWindow(size: number, options: PrintOptions, write: (piece: Uint8Array) => void): number {
  let filled = 0;
  let copied = 0;
  const drops = dropsDollar(options);
  for (let start = nextWord(input, 0, size); start < size; ) {
    const end = wordEnd(input, start, size);
    filled = copyInput(filled, copied, start);
    copied = start;
    const marked = drops && start > 0 && input[start - 1] === DOLLAR ? 1 : 0;
    const stop = demangleInput(start, end, filled - marked, options);
    // What is no name is copied with what follows.
    if (stop === 0) {
      if (marked === 1) output[filled - 1] = DOLLAR;
    } else {
      filled = stop;
      copied = end;
    }
    if (filled > FULL) {
      write(output.subarray(0, filled));
      filled = 0;
    }
    start = nextWord(input, end, size);
  }
  return copyInput(filled, copied, size);
}

/** The end of what fits into `input`, behind a word; of a word that does not fit, which is no name, its end. */
function windowEnd(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  const limit = from + INPUT.length;
  if (limit >= length) return length;
  let end = limit;
  while (end > from && word[bytes[end - 1]!] === 1) end--;
  if (end > from) return end;
  return wordEnd(bytes, limit, length);
}

/**
 * Demangles every mangled name in a text of UTF-8 and leaves the rest alone, as c++filt does with what it
 * reads. `write` gets the result in pieces, each of which it must take before it returns, and demangles nothing.
 */
export function demangleBytes(
  bytes: Uint8Array,
  options: DemangleOptions,
  write: (piece: Uint8Array) => void,
): void {
  const settings = { ...DEFAULTS, ...options };
  for (let from = 0, end = 0; from < bytes.length; from = end) {
    end = windowEnd(bytes, from);
    const window = bytes.subarray(from, end);
    if (window.length > INPUT.length) write(window);
    else {
      input.set(window);
      write(output.subarray(0, demangleWindow(window.length, settings, write)));
    }
  }
}
