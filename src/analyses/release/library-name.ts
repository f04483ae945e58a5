/**
 * Whether ldconfig takes a name for that of a library: `lib*.so*`, `ld-*.so*`, `ld.so.*`, `ld64.so.*`
 * (glibc elf/dl-is_dso.h).
 */
export function isLibraryName(name: string): boolean {
  if (name.startsWith('ld.so.') || name.startsWith('ld64.so.')) return true;
  return (name.startsWith('lib') || name.startsWith('ld-')) && name.includes('.so');
}

/** The first glibc whose ldconfig passes over what package managers have half written, as 1000 * 2 + 39. */
const SKIPS_PACKAGE_FILES = 2039;

/** Names of files in the making, which ldconfig of this version of glibc passes over (elf/ldconfig.c). */
export function isTemporaryName(name: string, glibc: number): boolean {
  if (name.endsWith('.#prelink#') || name.slice(0, -6).endsWith('.#prelink#.')) return true;
  if (glibc < SKIPS_PACKAGE_FILES) return false;
  return name.includes(';') || name.endsWith('.dpkg-new') || name.endsWith('.dpkg-tmp');
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const encoder = new TextEncoder();

/**
 * Which of two file names is the newer, as ldconfig and ld.so compare them: runs of digits as numbers, in the
 * 32 bits of a C `int` that they overflow, everything else byte by byte, a digit above anything else. Positive
 * when `a` is the newer; 0 also for `1.02` and `1.2` (glibc elf/dl-cache.c, _dl_cache_libcmp).
 */
export function compareLibraryNames(a: string, b: string): number {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  let at = 0;
  let to = 0;
  const signed = (byte: number | undefined) => ((byte ?? 0) << 24) >> 24;
  while (at < left.length) {
    const one = left[at]!;
    const other = right[to] ?? 0;
    if (isDigit(one) !== isDigit(other)) return isDigit(one) ? 1 : -1;
    if (!isDigit(one)) {
      if (one !== other) return signed(one) - signed(other);
      at++;
      to++;
      continue;
    }
    let value = 0;
    let rival = 0;
    for (; isDigit(left[at] ?? 0); at++) value = (Math.imul(value, 10) + left[at]! - 0x30) | 0;
    for (; isDigit(right[to] ?? 0); to++) rival = (Math.imul(rival, 10) + right[to]! - 0x30) | 0;
    if (value !== rival) return (value - rival) | 0;
  }
  return 0 - signed(right[to]);
}

/** `libfoo.so.1.2.3`: what it is called, and its version by components, none for `libfoo.so`. */
export interface LibraryName {
  readonly stem: string;
  readonly version: readonly string[];
}

export function splitLibraryName(name: string): LibraryName {
  const end = name.indexOf('.so');
  if (end < 0) return { stem: name, version: [] };
  const rest = name.slice(end + '.so'.length);
  return { stem: name.slice(0, end), version: rest.startsWith('.') ? rest.slice(1).split('.') : [] };
}

/** Whether the components of `version` begin with those of `prefix`: 1.2.3 with 1.2, not with 1.1. */
export function beginsWith(version: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= version.length && prefix.every((part, index) => part === version[index]);
}
