import { EM } from '../elf/index.ts';
import type { Architecture } from '../model/index.ts';
import type { CacheEntry, LoaderSettings } from './environment.ts';

/**
 * The form of a name under which ld.so.cache compares it: runs of digits compare as numbers
 * (glibc elf/dl-cache.c, _dl_cache_libcmp), so that `libx.so.1` finds `libx.so.01`.
 */
export const cacheKey = (name: string): string =>
  LEADING_ZERO.test(name) ? name.replace(LEADING_ZEROS, '') : name;

const LEADING_ZERO = /(?<!\d)0\d/;
const LEADING_ZEROS = /(?<!\d)0+(?=\d)/g;

/** The architecture's mark in an entry's flags (glibc sysdeps/generic/ldconfig.h). */
function cacheFlags({ machine, is64 }: Architecture): number[] {
  const ELF = 1;
  const LIBC6 = 3;
  switch (machine) {
    case EM.X86_64:
      return [is64 ? 0x0300 | LIBC6 : 0x0800 | LIBC6];
    case EM.AARCH64:
      return [0x0a00 | LIBC6];
    case EM.ARM:
      return [0x0900 | LIBC6, 0x0b00 | LIBC6, LIBC6];
    case EM.S390:
      return [is64 ? 0x0400 | LIBC6 : LIBC6];
    case EM.PPC64:
      return [0x0500 | LIBC6];
    case EM.RISCV:
      return [0x1000 | LIBC6, 0x0f00 | LIBC6];
    case EM.LOONGARCH:
      return [0x1200 | LIBC6, 0x1100 | LIBC6];
    default:
      // Machines with one kind of library take those that ldconfig could not tell the C library of, too.
      return [LIBC6, ELF];
  }
}

/**
 * The path that ld.so.cache gives for a name (glibc elf/dl-cache.c, search_cache): entries of glibc-hwcaps
 * directories come first and the best active one wins; an unnamed entry counts only without them.
 */
export function lookUpCache(
  settings: LoaderSettings,
  name: string,
  architecture: Architecture,
): string | undefined {
  const flags = cacheFlags(architecture);
  let best: CacheEntry | undefined;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const entry of settings.cache.get(cacheKey(name)) ?? []) {
    if (!flags.includes(entry.flags)) continue;
    if (entry.hwcapName !== undefined) {
      const priority = settings.hwcaps.indexOf(entry.hwcapName);
      if (priority >= 0 && priority < bestPriority) {
        best = entry;
        bestPriority = priority;
      }
      continue;
    }
    if (best !== undefined) break;
    // Since 2.37 there are no other features than those of glibc-hwcaps.
    const isBeyond = () => settings.version >= 2037 || (entry.hwcap & ~settings.hwcapMask) !== 0n;
    if (entry.hwcap !== 0n && isBeyond()) continue;
    return entry.path;
  }
  return best?.path;
}
