import type { Comment } from './ast.ts';
import { ScriptError } from './script-error.ts';

export type TokenKind = 'name' | 'quoted' | '{' | '}' | ';' | ':' | 'end';

const IS_NAME = new Uint8Array(128);
for (const char of '*?.$_[]-!^\\ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  IS_NAME[char.charCodeAt(0)] = 1;
}

/** Most tokens stand behind no comment. */
const NONE: Comment[] = [];

/** Longest name in UTF-16 code units: mangled names of a hundredth of that are rare. */
const MAX_TOKEN = 1 << 16;

const isName = (code: number): boolean => IS_NAME[code] === 1;
const [NEWLINE, QUOTE, HASH, STAR, SLASH, COLON, SEMICOLON, OPEN, CLOSE] = [...'\n"#*/:;{}'].map((char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number];

/**
 * The words of a version script, one ahead (ld's ldlex.l, the states VERS_*). A name is any run of letters,
 * digits, `._$*?[]-!^\` and `::`: what one linker does not want in a name is told later, by its dialect.
 */
export class Lexer {
  readonly path: string;
  readonly text: string;
  kind: TokenKind = 'end';
  /** Of the current token. */
  start = 0;
  end = 0;
  /** Where the token before ended. */
  previousEnd = 0;
  /** Comments between the token before and this one. */
  comments: Comment[] = NONE;
  /** Names, labels and nodes that were read: the parser counts them. */
  entries = 0;
  /** An empty line stands before this token and its comments. */
  gap = false;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.advance();
  }

  /** The token as text, without quotes. */
  get value(): string {
    return this.kind === 'quoted'
      ? this.text.slice(this.start + 1, this.end - 1)
      : this.text.slice(this.start, this.end);
  }

  fail(expected: string): never {
    const found =
      this.kind === 'end' ? 'the end of the file' : `'${this.text.slice(this.start, this.end).slice(0, 60)}'`;
    throw new ScriptError(
      'bad-value',
      this.path,
      this.text,
      this.start,
      `expected ${expected}, found ${found}`,
    );
  }

  /** The kind of the token after this one. */
  peek(): TokenKind {
    const { kind, start, end, previousEnd, comments, gap } = this;
    this.advance();
    const next = this.kind;
    Object.assign(this, { kind, start, end, previousEnd, comments, gap });
    return next;
  }

  advance(): void {
    this.previousEnd = this.end;
    this.skipBlanks();
    const { text, start } = this;
    if (start >= text.length) {
      this.kind = 'end';
      this.end = start;
      return;
    }
    const code = text.charCodeAt(start);
    switch (code) {
      case OPEN:
      case CLOSE:
      case SEMICOLON:
        this.kind = text[start] as TokenKind;
        this.end = start + 1;
        return;
      case QUOTE: {
        const close = text.indexOf('"', start + 1);
        if (close === -1) this.invalid("the quote is not closed: expected '\"'");
        this.kind = 'quoted';
        this.end = close + 1;
        this.checkLength();
        return;
      }
      case COLON:
        if (text.charCodeAt(start + 1) !== COLON) {
          this.kind = ':';
          this.end = start + 1;
          return;
        }
        break;
      default:
        if (!isName(code)) this.invalid(`${describe(text, start)} stands in no version script`);
    }
    this.kind = 'name';
    this.end = endOfName(text, start);
    this.checkLength();
  }

  private checkLength(): void {
    if (this.end - this.start <= MAX_TOKEN) return;
    const detail = `a name of more than ${MAX_TOKEN} characters`;
    throw new ScriptError('limit', this.path, this.text, this.start, detail);
  }

  private invalid(detail: string): never {
    throw new ScriptError('bad-value', this.path, this.text, this.start, detail);
  }

  /** Sets `start`, `comments` and `gap`. */
  private skipBlanks(): void {
    const { text } = this;
    this.comments = NONE;
    let at = this.end;
    let newlines = 0;
    let first = true;
    this.gap = false;
    const take = (to: number): void => {
      const gap = newlines > 1;
      if (first) this.gap = gap;
      if (this.comments === NONE) this.comments = [];
      this.comments.push({ text: text.slice(at, to).trimEnd(), trailing: first && newlines === 0, gap });
      first = false;
      newlines = 0;
      at = to;
    };
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) {
        newlines++;
        at++;
      } else if (code === 32 || code === 9 || code === 13) at++;
      else if (code === HASH) {
        const newline = text.indexOf('\n', at);
        take(newline === -1 ? text.length : newline);
      } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
        const close = text.indexOf('*/', at + 2);
        if (close === -1) {
          this.start = at;
          this.invalid("the comment is not closed: expected '*/'");
        }
        take(close + 2);
      } else break;
    }
    if (first || this.comments.at(-1)!.trailing) this.gap = newlines > 1;
    this.start = at;
  }
}

function endOfName(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isName(code)) at++;
    else if (code === COLON && text.charCodeAt(at + 1) === COLON) at += 2;
    else return at;
  }
}

function describe(text: string, at: number): string {
  const code = text.codePointAt(at)!;
  if (code < 32 || code === 127) return `the byte 0x${code.toString(16).padStart(2, '0')}`;
  return `the character '${String.fromCodePoint(code)}'`;
}
