import { compileGlob, type Glob, type GlobRules, matchGlob } from './glob.ts';
import type { Language, Pattern } from './patterns.ts';

/** What a name is to patterns of each language; undefined: patterns of that language cannot take it. */
export type NameIn = (language: Language) => string | undefined;

/** A linker's view of a list of patterns, the one that wins first. Exact names win over globs, `*` comes last. */
export interface Ranked {
  /** With the name that it stands for. */
  readonly exact: readonly { readonly pattern: Pattern; readonly name: string }[];
  readonly globs: readonly Pattern[];
  readonly star: Pattern | undefined;
}

/** By `Pattern.order`, which pattern takes some symbol: 1 for those that do. */
export type Taken = Uint8Array;

interface RankedGlob {
  readonly rank: number;
  readonly pattern: Pattern;
  readonly glob: Glob;
}

/** Globs by what every match starts or ends with; few lengths occur in one script. */
class Affixes {
  private readonly byText = new Map<string, RankedGlob[]>();
  private readonly lengths: number[] = [];
  private readonly side: 'prefix' | 'suffix';

  constructor(side: 'prefix' | 'suffix') {
    this.side = side;
  }

  add(text: string, glob: RankedGlob): void {
    const list = this.byText.get(text);
    if (list !== undefined) list.push(glob);
    else {
      this.byText.set(text, [glob]);
      if (!this.lengths.includes(text.length)) this.lengths.push(text.length);
    }
  }

  /** Calls `search` with the globs that the name could match. */
  search(name: string, work: { steps: number }, search: (list: readonly RankedGlob[]) => void): void {
    for (const length of this.lengths) {
      if (length > name.length) continue;
      work.steps += LOOKUP_STEPS;
      const text = this.side === 'prefix' ? name.slice(0, length) : name.slice(name.length - length);
      const list = this.byText.get(text);
      if (list !== undefined) search(list);
    }
  }
}

/** What a look into the table of affixes costs, in steps of a comparison. */
const LOOKUP_STEPS = 8;

/** Longest affix that globs are sorted by: so many lengths are tried for a name at most. */
const MAX_AFFIX = 32;

/** The globs of one language. */
class GlobTable {
  private readonly prefixes = new Affixes('prefix');
  private readonly suffixes = new Affixes('suffix');
  private readonly others: RankedGlob[] = [];

  /** In the order of their ranks. */
  add(glob: RankedGlob): void {
    const { prefix, suffix } = glob.glob;
    if (prefix !== '') this.prefixes.add(prefix.slice(0, MAX_AFFIX), glob);
    else if (suffix !== '') this.suffixes.add(suffix.slice(-MAX_AFFIX), glob);
    else this.others.push(glob);
  }

  /** The first match that ranks before `limit`. */
  find(name: string, limit: number, work: { steps: number }): RankedGlob | undefined {
    let best: RankedGlob | undefined;
    this.search(name, work, (list) => {
      for (const candidate of list) {
        if (candidate.rank >= (best?.rank ?? limit)) return;
        if (matchGlob(candidate.glob, name, work)) best = candidate;
      }
    });
    return best;
  }

  /** Enters every glob that takes the name; what is entered already is not compared again. */
  mark(name: string, taken: Taken, work: { steps: number }): void {
    this.search(name, work, (list) => {
      work.steps += list.length;
      for (const { glob, pattern } of list) {
        if (taken[pattern.order] === 0 && matchGlob(glob, name, work)) taken[pattern.order] = 1;
      }
    });
  }

  private search(name: string, work: { steps: number }, search: (list: readonly RankedGlob[]) => void): void {
    this.prefixes.search(name, work, search);
    this.suffixes.search(name, work, search);
    if (this.others.length > 0) search(this.others);
  }
}

/** Finds the pattern that takes a name, in time that hardly depends on how many patterns there are. */
export class PatternIndex {
  private readonly exact = new Map<Language, Map<string, { rank: number; pattern: Pattern }[]>>();
  private readonly globs = new Map<Language, GlobTable>();
  private readonly star: Pattern | undefined;
  private readonly work: { steps: number };
  private readonly ranked: Ranked;
  private readonly rules: GlobRules;

  /** All indexes of one prediction share `work`: together they may take so long. */
  constructor({ exact, globs, star }: Ranked, rules: GlobRules, work: { steps: number }) {
    this.work = work;
    this.ranked = { exact, globs, star };
    this.rules = rules;
    for (const [rank, { pattern, name }] of exact.entries()) {
      const { language } = pattern;
      let names = this.exact.get(language);
      if (names === undefined) this.exact.set(language, (names = new Map()));
      const list = names.get(name);
      if (list === undefined) names.set(name, [{ rank, pattern }]);
      else list.push({ rank, pattern });
    }
    for (const [rank, pattern] of globs.entries()) {
      const glob = compileGlob(pattern.text, rules);
      if (glob === undefined) continue;
      let table = this.globs.get(pattern.language);
      if (table === undefined) this.globs.set(pattern.language, (table = new GlobTable()));
      table.add({ rank, pattern, glob });
    }
    this.star = star;
  }

  /** The pattern that wins. */
  find(nameIn: NameIn): Pattern | undefined {
    let exact: { rank: number; pattern: Pattern } | undefined;
    for (const [language, names] of this.exact) {
      const name = nameIn(language);
      const first = name === undefined ? undefined : names.get(name)?.[0];
      if (first !== undefined && first.rank < (exact?.rank ?? Number.POSITIVE_INFINITY)) exact = first;
    }
    if (exact !== undefined) return exact.pattern;
    let glob: RankedGlob | undefined;
    for (const [language, table] of this.globs) {
      const name = nameIn(language);
      if (name !== undefined)
        glob = table.find(name, glob?.rank ?? Number.POSITIVE_INFINITY, this.work) ?? glob;
    }
    return glob?.pattern ?? this.star;
  }

  /** The same without the patterns that take something, and without `*`. */
  without(taken: Taken): PatternIndex {
    const isLeft = ({ order }: Pattern): boolean => taken[order] === 0;
    const exact = this.ranked.exact.filter(({ pattern }) => isLeft(pattern));
    return new PatternIndex(
      { exact, globs: this.ranked.globs.filter(isLeft), star: undefined },
      this.rules,
      this.work,
    );
  }

  get isEmpty(): boolean {
    return this.exact.size === 0 && this.globs.size === 0;
  }

  /** Enters every pattern that could take the name, whether or not it wins; the lone `*` is none of them. */
  mark(nameIn: NameIn, taken: Taken): void {
    for (const [language, names] of this.exact) {
      const name = nameIn(language);
      const list = name === undefined ? undefined : names.get(name);
      if (list === undefined || taken[list[0]!.pattern.order] === 1) continue;
      for (const { pattern } of list) taken[pattern.order] = 1;
    }
    for (const [language, table] of this.globs) {
      const name = nameIn(language);
      if (name !== undefined) table.mark(name, taken, this.work);
    }
  }
}
