/**
 * The syntax tree of a version script (ld manual, "VERSION Command"). It holds all that any of the linkers
 * accepts, in the order of the file and with comments; what one linker refuses is told by its dialect. `at` is
 * an offset into the text, in UTF-16 code units: see `positionOf`.
 */
export interface VersionScript {
  /** How messages name it. */
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly VersionNode[];
  /** Comments after the last node. */
  readonly end: readonly Comment[];
}

/** A comment with its marks. */
export interface Comment {
  readonly text: string;
  /** It stands behind something in that one's line. */
  readonly trailing: boolean;
  /** A line that is empty stands before it. */
  readonly gap: boolean;
}

export interface Commented {
  readonly at: number;
  /** An empty line stands before it and its comments. */
  readonly gap: boolean;
  readonly comments: readonly Comment[];
}

/** `NAME { … } PARENTS;`, or without a name the one anonymous node. */
export interface VersionNode extends Commented {
  readonly name?: string;
  readonly sections: readonly Section[];
  readonly parents: readonly Parent[];
  /** Comments before the closing brace. */
  readonly end: readonly Comment[];
}

export interface Parent {
  readonly name: string;
  readonly at: number;
}

export type Scope = 'global' | 'local';

/** What stands behind one `global:` or `local:`. Only a node's first section can be without a label. */
export interface Section extends Commented {
  readonly label?: Scope;
  /** `global:foo`: ld.lld reads that as one name. */
  readonly glued: boolean;
  /** `global :`: ld.lld does not take `:foo` behind it for a colon and a name. */
  readonly apart: boolean;
  readonly entries: readonly Entry[];
}

export type Entry = NameEntry | ExternBlock;

export interface NameEntry extends Commented {
  readonly kind: 'name';
  /** As written, without quotes; wildcards and escapes are in it. */
  readonly text: string;
  readonly quoted: boolean;
  /** A comment follows without a blank: ld.lld takes its mark for a part of the name. */
  readonly touchesComment: boolean;
}

/** `extern "C++" { … }` */
export interface ExternBlock extends Commented {
  readonly kind: 'extern';
  readonly language: string;
  readonly languageQuoted: boolean;
  readonly entries: readonly Entry[];
  readonly end: readonly Comment[];
}

/** Line and column from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(text: string, at: number): Position {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
}

const finders = new WeakMap<VersionScript, (at: number) => Position>();

/** Line and column in a script, whose lines are counted once. */
export function positionIn(script: VersionScript, at: number): Position {
  let find = finders.get(script);
  if (find === undefined) finders.set(script, (find = positions(script.text)));
  return find(at);
}

/** Line and column of many offsets: the line starts are found once. */
function positions(text: string): (at: number) => Position {
  const starts = [0];
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) starts.push(next + 1);
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: at - starts[low]! + 1 };
  };
}
