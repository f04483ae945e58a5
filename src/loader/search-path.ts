import type { LoaderSettings } from './environment.ts';

/** Values of the dynamic string tokens for one object (ld.so(8), Dynamic string tokens). */
export interface TokenValues {
  readonly origin: string | undefined;
  readonly platform: string | undefined;
  readonly lib: string | undefined;
}

/** Read when a token stands in a path: most paths have none, and a loader need not be asked then. */
export function tokenValues(settings: LoaderSettings, origin: string | undefined): TokenValues {
  return {
    origin,
    get platform() {
      return settings.platform;
    },
    get lib() {
      return settings.lib;
    },
  };
}

/**
 * Expands `$ORIGIN`, `$PLATFORM` and `$LIB`, with or without braces (glibc elf/dl-load.c, is_dst and
 * _dl_dst_substitute). An unknown token stays as it is; a known one without a value makes the whole
 * path useless: undefined.
 */
export function expandTokens(text: string, values: TokenValues): string | undefined {
  let useless = false;
  const expanded = text.replace(
    /\$(?:\{(ORIGIN|PLATFORM|LIB)\}|(ORIGIN|PLATFORM|LIB)(?![A-Za-z0-9_]))/g,
    (_, braced: string | undefined, bare: string | undefined) => {
      const token = (braced ?? bare)!.toLowerCase() as keyof TokenValues;
      const value = values[token];
      if (value === undefined) useless = true;
      return value ?? '';
    },
  );
  return useless ? undefined : expanded;
}

/**
 * The directories of a search path, each with its final slash; the working directory, which an empty element
 * means, is ''. Repeated ones count once, an empty path has none (glibc elf/dl-load.c, decompose_rpath and
 * fillin_rpath).
 */
export function searchDirectories(path: string, separator: RegExp, values: TokenValues): string[] {
  const directories = new Set<string>();
  for (const element of path === '' ? [] : path.split(separator)) {
    const expanded = expandTokens(element, values);
    if (expanded === undefined) continue;
    directories.add(expanded === '' ? '' : expanded.replace(/\/*$/, '/'));
  }
  return [...directories];
}

/** RPATH and RUNPATH are separated by colons, LD_LIBRARY_PATH by colons or semicolons. */
export const RPATH_SEPARATOR = /:/;
export const LIBRARY_PATH_SEPARATOR = /[:;]/;

/**
 * The subdirectories that are tried in every directory before the directory itself: those of glibc-hwcaps,
 * and up to glibc 2.36 the older ones made of `tls` and the platform (glibc elf/dl-hwcaps.c, 2.37 NEWS).
 */
export function hwcapSubdirectories({ hwcaps, platform, version }: LoaderSettings): string[] {
  const current = hwcaps.map((name) => `glibc-hwcaps/${name}/`);
  if (version >= 2037 || platform === undefined) return [...current, ''];
  const legacy = [`tls/${platform}/${platform}/`, `tls/${platform}/`, 'tls/'];
  return [...current, ...legacy, `${platform}/${platform}/`, `${platform}/`, ''];
}
