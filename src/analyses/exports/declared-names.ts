/** What headers declare, as far as words tell. */
export interface DeclaredNames {
  /** Where the headers are, in the user's words. */
  readonly places: readonly string[];
  /** Every identifier that occurs outside of comments and literals. */
  readonly identifiers: ReadonlySet<string>;
  /** Names that macros put together: pieces of text, undefined for a parameter. */
  readonly pasted: readonly (readonly (string | undefined)[])[];
}

/** Comments, strings and characters (C17 6.4.5, 6.4.4.4, 6.4.9); raw strings are read as ordinary ones. */
const COMMENT_OR_LITERAL =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|(?<!\w)'(?:[^'\\\n]|\\.)*'/g;
const IDENTIFIER = /[A-Za-z_]\w*/g;
const MACRO = /^[ \t]*#[ \t]*define[ \t]+\w+\(([^)]*)\)(.*)$/gm;
const PASTE = /\w+(?:\s*##\s*\w+)+/g;

/** Reads C and C++ headers word by word: no preprocessor runs, and any dialect will do. */
export function declaredNames(texts: Iterable<string>, places: readonly string[]): DeclaredNames {
  const identifiers = new Set<string>();
  const pasted = new Map<string, (string | undefined)[]>();
  for (const text of texts) {
    const code = text.replace(/\\\r?\n/g, ' ').replace(COMMENT_OR_LITERAL, ' ');
    for (const [identifier] of code.matchAll(IDENTIFIER)) identifiers.add(identifier);
    for (const [, parameters, body] of code.matchAll(MACRO)) {
      const names = new Set(parameters!.split(',').map((name) => name.trim()));
      for (const [chain] of body!.matchAll(PASTE)) {
        const pieces = chain.split(/\s*##\s*/).map((piece) => (names.has(piece) ? undefined : piece));
        if (pieces.includes(undefined)) pasted.set(JSON.stringify(pieces), pieces);
      }
    }
  }
  return { places, identifiers, pasted: [...pasted.values()] };
}

/** Whether a name is a word of the headers, or one that a macro makes of such words (C17 6.10.3.3). */
export function isDeclared({ identifiers, pasted }: DeclaredNames, name: string): boolean {
  if (identifiers.has(name)) return true;
  const fits = (pieces: readonly (string | undefined)[], piece: number, at: number): boolean => {
    if (piece === pieces.length) return at === name.length;
    const text = pieces[piece];
    if (text !== undefined) return name.startsWith(text, at) && fits(pieces, piece + 1, at + text.length);
    for (let end = at + 1; end <= name.length; end++) {
      if (identifiers.has(name.slice(at, end)) && fits(pieces, piece + 1, end)) return true;
    }
    return false;
  };
  return pasted.some((pieces) => fits(pieces, 0, 0));
}
