import type { ChangeKind, Verdict } from '../../../src/model/index.ts';

/** How the program that was linked against OLD ends with NEW. */
export interface Outcome {
  /** 0 unless told; `fails`: anything else, a signal included. */
  readonly status?: 'fails';
  /** What it prints; with a failure nothing is asked of it. */
  readonly stdout?: string;
  /** What ld.so or a function of the library writes to stderr. */
  readonly stderr?: RegExp;
}

/** One side: a source, and what it is built with besides. */
export interface Side {
  readonly source: string;
  /** A version script. */
  readonly map?: string;
  /** Options of the compiler driver; `NOTHING` as a soname means none. */
  readonly options?: readonly string[];
  /** `libt.so.1` unless told; `false`: none. The file has this name, or else `libt.so.1`. */
  readonly soname?: string | false;
}

/** Two builds of a library, what `diff` has to say of them, and what a program experiences. */
export interface Pair {
  readonly name: string;
  readonly language: 'c' | 'c++';
  readonly old: Side;
  readonly new: Side;
  readonly verdict: Verdict;
  /** The kinds of all changes, sorted, one entry a change. */
  readonly kinds: readonly ChangeKind[];
  /** A program, linked against OLD; what it prints with OLD, and how it ends with NEW. */
  readonly program?: {
    readonly source: string;
    readonly options?: readonly string[];
    readonly old: string;
    readonly new: Outcome;
  };
}

type Given = string | Side;
const side = (given: Given): Side => (typeof given === 'string' ? { source: given } : given);

interface Draft {
  readonly old: Given;
  readonly new: Given;
  readonly kinds?: readonly ChangeKind[];
  readonly program?: NonNullable<Pair['program']>;
}

const make =
  (language: Pair['language']) =>
  (verdict: Verdict, name: string, { kinds = [], ...draft }: Draft): Pair => ({
    ...draft,
    name,
    language,
    verdict,
    kinds: kinds.toSorted(),
    old: side(draft.old),
    new: side(draft.new),
  });

export const c = make('c');
export const cxx = make('c++');

const STDIO = 'int printf(const char *, ...);\n';
const C_STDIO = `extern "C" ${STDIO}`;

/** A program in C that prints one number, by default with a fate: what it prints with NEW, or why it fails. */
export function prints(language: Pair['language'], declarations: string, expression: string) {
  const header = language === 'c' ? STDIO : C_STDIO;
  const source = `${header}${declarations}\nint main(void) { printf("%d\\n", (int)(${expression})); return 0; }\n`;
  return (old: number, now: number | RegExp | 'crashes', stderr?: RegExp): NonNullable<Pair['program']> => {
    const outcome = (): Outcome => {
      if (typeof now === 'number') return { stdout: `${now}\n`, ...(stderr === undefined ? {} : { stderr }) };
      return now === 'crashes' ? { status: 'fails' } : { status: 'fails', stderr: now };
    };
    return { source, old: `${old}\n`, new: outcome() };
  };
}
