/** The words that the C names of a library begin with. */
export interface PrefixConvention {
  /** In lower case, without underscores; the most frequent first. */
  readonly prefixes: readonly string[];
  /** The names that begin with none of them, sorted. */
  readonly strays: readonly string[];
}

/** A word that begins fewer names, or a smaller part of them, is no convention. */
const FAMILY_SIZE = 3;
const FAMILY_SHARE = 0.02;
/** Where fewer than this part of the names follow any prefix there is none to depart from. */
const COVERED_SHARE = 0.6;

/**
 * The prefixes of a library's C names, derived: the word in its soname, and each word that begins a fair part
 * of the names. Undefined where no convention can be seen.
 */
export function derivePrefixes(names: readonly string[], soname: string): PrefixConvention | undefined {
  const stem = stemOf(soname);
  const families = [...Map.groupBy(names, firstWord)]
    .map(([word, members]) => ({ word, count: members.length }))
    .filter(({ count }) => count >= Math.max(FAMILY_SIZE, names.length * FAMILY_SHARE))
    .sort((a, b) => b.count - a.count);
  const words = new Set(families.map(({ word }) => word));
  const ofSoname = (name: string) => stem.length > 1 && bare(name).toLowerCase().startsWith(stem);
  const strays = names.filter((name) => !words.has(firstWord(name)) && !ofSoname(name));
  if (strays.length > names.length * (1 - COVERED_SHARE)) return undefined;
  const prefixes = stem.length > 1 && names.some(ofSoname) ? [stem] : [];
  prefixes.push(...[...words].filter((word) => word !== stem));
  return { prefixes, strays: strays.toSorted() };
}

const bare = (name: string): string => name.replace(/^_+/, '');

/** `png` of `libpng16.so.16`. */
const stemOf = (soname: string): string => (/^(?:lib)?([A-Za-z]+)/.exec(soname)?.[1] ?? '').toLowerCase();

/** The first word of `png_read_info`, `xmlReadFile`, `TIFFOpen`, `PyList_New`: up to an underscore or a hump. */
function firstWord(name: string): string {
  const start = /^[^_]*/.exec(bare(name))![0];
  const word = /^(?:[a-z]+(?=[A-Z])|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+(?=[A-Z]))/.exec(start)?.[0] ?? start;
  return word.toLowerCase();
}
