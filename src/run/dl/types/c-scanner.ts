/** What a declaration in C is made of. */
export interface Token {
  readonly kind: 'word' | 'number' | 'mark' | 'end';
  readonly text: string;
  /** Position in the text, from 0. */
  readonly at: number;
}

/** A text that is no declaration in C, or one of something that cannot be called or stored. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;
  /** `what` is said without the place, which the message gets with a line that points at it. */
  constructor(text: string, at: number, what: string, advice?: string) {
    const line = text.replace(/\s/g, ' ');
    const more = advice === undefined ? '' : `: ${advice}`;
    super(`${what} at column ${at + 1}${more}\n  ${line}\n  ${' '.repeat(at)}^`);
    this.text = text;
    this.column = at + 1;
  }
}

/** White space and comments. */
const SPACE = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const TOKEN = /([A-Za-z_]\w*)|(0[xX][0-9a-fA-F]+|\d+)|(\.\.\.|[*()[\],;])/y;

/** Splits a text; the last token is `end`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (;;) {
    SPACE.lastIndex = end;
    SPACE.test(text);
    const at = SPACE.lastIndex;
    if (at === text.length) break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      throw new DeclarationError(text, at, `'${String.fromCodePoint(text.codePointAt(at)!)}' cannot stand`);
    }
    const [found, word, number] = match;
    const kind = word !== undefined ? 'word' : number !== undefined ? 'number' : 'mark';
    tokens.push({ kind, text: found, at });
    end = at + found.length;
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}
