import { type DemangleOptions, demangle } from '../demangle/index.ts';

/** A word of the characters that symbols are made of, if it starts as mangled names do. */
const MANGLED_WORD = /(?<![\w$.])([.$]?)(_(?:Z|R|__Z|GLOBAL_)[\w$.]*)/g;

/**
 * Demangles every mangled name in a text and leaves the rest alone, as c++filt does with what it reads. A
 * leading dot or dollar, which some architectures put before the names of functions, stays.
 */
export function demangleText(text: string, options?: DemangleOptions): string {
  if (!text.includes('_')) return text;
  return text.replace(MANGLED_WORD, (_, prefix: string, name: string) => prefix + demangle(name, options));
}
