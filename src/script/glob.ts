import { FormatError } from '../bytes/index.ts';

/** One place of a glob: a character, any character, any run of characters, or one of a set. */
type Item = number | typeof ANY | typeof RUN | CharacterSet;
const ANY = -1;
const RUN = -2;

interface CharacterSet {
  readonly negated: boolean;
  /** Pairs of first and last character, in order and apart. */
  readonly ranges: readonly (readonly [number, number])[];
}

export interface Glob {
  readonly items: readonly Item[];
  /** Characters that every match has at least. */
  readonly least: number;
  /** What every match starts and ends with. */
  readonly prefix: string;
  readonly suffix: string;
}

/** Whose rules: fnmatch(3) of ld.bfd, fnmatch with FNM_NOESCAPE of ld.gold, LLVM's GlobPattern of ld.lld. */
export type GlobRules = 'fnmatch' | 'no-escape' | 'llvm';

const [STAR, QUESTION, OPEN, CLOSE, BACKSLASH, BANG, CARET, DASH] = [...'*?[]\\!^-'].map((char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number, number];

/** Whether a name has a wildcard that no backslash takes away (ld's realsymbol). */
export function hasWildcard(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === STAR || code === QUESTION || code === OPEN) return true;
  }
  return false;
}

/** An exact name without its backslashes. */
export function withoutEscapes(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\s\S])/g, '$1') : text;
}

/** Compiles a glob; undefined when the rules know no such pattern (LLVM's: an open bracket, a range backwards). */
export function compileGlob(text: string, rules: GlobRules): Glob | undefined {
  const items: Item[] = [];
  let runs = 0; // stars in a row that end here
  let unclosed = false; // a bracket had no end, so no later one has
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === STAR) {
      if (runs++ === 0) items.push(RUN);
      at++;
      continue;
    }
    runs = 0;
    if (code === QUESTION) {
      items.push(ANY);
      at++;
    } else if (code === OPEN && !unclosed) {
      const set = rules === 'llvm' ? llvmSet(text, at) : fnmatchSet(text, at, rules);
      if (set === undefined) {
        if (rules === 'llvm') return undefined;
        unclosed = true;
        items.push(code);
        at++;
      } else {
        items.push(set.set);
        at = set.end;
      }
    } else if (code === BACKSLASH && rules !== 'no-escape' && at + 1 < text.length) {
      items.push(text.charCodeAt(at + 1));
      at += 2;
    } else {
      items.push(code);
      at++;
    }
  }
  // LLVM's matcher gives a last run nothing to try when the name has ended, unless it is the only one there.
  if (rules === 'llvm' && runs > 1) items.splice(-1, 0, ANY);
  const first = items.findIndex((item) => typeof item !== 'number' || item < 0);
  const last = items.findLastIndex((item) => typeof item !== 'number' || item < 0);
  const spell = (part: readonly Item[]) => part.map((item) => String.fromCharCode(item as number)).join('');
  return {
    items,
    least: items.reduce<number>((count, item) => count + (item === RUN ? 0 : 1), 0),
    prefix: spell(first === -1 ? items : items.slice(0, first)),
    suffix: spell(last === -1 ? items : items.slice(last + 1)),
  };
}

interface ReadSet {
  readonly set: CharacterSet;
  /** Offset behind the closing bracket. */
  readonly end: number;
}

/** POSIX bracket expressions as glibc reads them; one that is not closed is no bracket expression. */
function fnmatchSet(text: string, open: number, rules: GlobRules): ReadSet | undefined {
  let at = open + 1;
  const negated = text.charCodeAt(at) === BANG || text.charCodeAt(at) === CARET;
  if (negated) at++;
  const ranges = new Ranges();
  const read = (): number => {
    if (text.charCodeAt(at) === BACKSLASH && rules === 'fnmatch') at++;
    return text.charCodeAt(at++);
  };
  for (let first = true; ; first = false) {
    if (at >= text.length) return undefined;
    if (text.charCodeAt(at) === CLOSE && !first)
      return { set: { negated, ranges: ranges.merged() }, end: at + 1 };
    const from = read();
    const isRange = text.charCodeAt(at) === DASH && at + 1 < text.length && text.charCodeAt(at + 1) !== CLOSE;
    if (isRange) at++;
    const to = isRange ? read() : from;
    if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
    ranges.add(from, to);
  }
}

/** llvm/Support/GlobPattern of LLVM 14: the first character is always one of the set, nothing is escaped. */
function llvmSet(text: string, open: number): ReadSet | undefined {
  const close = text.indexOf(']', open + 2);
  if (close === -1) return undefined;
  const sign = text.charCodeAt(open + 1);
  const negated = sign === BANG || sign === CARET;
  const ranges = new Ranges();
  for (let at = negated ? open + 2 : open + 1; at < close; ) {
    const from = text.charCodeAt(at);
    const isRange = text.charCodeAt(at + 1) === DASH && at + 2 < close;
    const to = isRange ? text.charCodeAt(at + 2) : from;
    if (from > to) return undefined;
    ranges.add(from, to);
    at += isRange ? 3 : 1;
  }
  return { set: { negated, ranges: ranges.merged() }, end: close + 1 };
}

/** Ranges of characters as a set collects them. */
class Ranges {
  private readonly all = new Map<number, [number, number]>();
  private readonly ascii = new Uint8Array(128);

  /** What was there before is not kept twice; what runs backwards takes nothing. */
  add(from: number, to: number): void {
    if (from === to && from < 128) {
      if (this.ascii[from] === 1) return;
      this.ascii[from] = 1;
    }
    const key = from * 0x10000 + to;
    if (from <= to && !this.all.has(key)) this.all.set(key, [from, to]);
  }

  /** The same characters in as few ranges as it takes. */
  merged(): [number, number][] {
    const merged: [number, number][] = [];
    for (const [from, to] of [...this.all.values()].sort((a, b) => a[0] - b[0])) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    return merged;
  }
}

function takes(item: Item, code: number): boolean {
  if (typeof item === 'number') return item === code || item === ANY;
  for (const range of item.ranges) if (code >= range[0] && code <= range[1]) return !item.negated;
  return item.negated;
}

/** Steps of all comparisons together that are worth waiting for: less than a second. */
const MAX_STEPS = 20_000_000;

/**
 * Whether the glob takes the whole name. Only the last run is ever given more (what an earlier one takes
 * cannot matter), so the time is at most the product of the lengths. Counts its steps on `work`,
 * and throws `FormatError` when they are too many.
 */
export function matchGlob(glob: Glob, name: string, work: { steps: number }): boolean {
  const { items, least, prefix, suffix } = glob;
  if (++work.steps > MAX_STEPS) {
    throw new FormatError(
      'limit',
      'version script',
      0,
      'its wildcards take too long to compare with the symbols',
    );
  }
  if (name.length < least || !name.startsWith(prefix) || !name.endsWith(suffix)) return false;
  let item = prefix.length;
  let at = prefix.length;
  let retryItem = -1;
  let retryAt = 0;
  while (at < name.length) {
    work.steps++;
    const wanted = items[item];
    if (wanted === RUN) {
      retryItem = ++item;
      retryAt = at;
      if (item === items.length) return true;
    } else if (wanted !== undefined && takes(wanted, name.charCodeAt(at))) {
      item++;
      at++;
    } else if (retryItem >= 0) {
      if (work.steps > MAX_STEPS) return matchGlob(glob, name, work);
      item = retryItem;
      at = ++retryAt;
    } else return false;
  }
  while (items[item] === RUN) item++;
  return item === items.length;
}
