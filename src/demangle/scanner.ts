import { ParseFailure } from './failures.ts';
import { nameStart, text, textBetween } from './tree.ts';

/** Nested productions deeper than this are an attack: compilers stay below a tenth of it. */
export const MAX_DEPTH = 256;
/** Larger counts mean nothing: no name has this many parameters, closures or substitutions. */
const MAX_NUMBER = 0x7fff_ffff;

/** A position in a mangled name, with the reads that every grammar needs. Positions are those in `text`. */
export class Scanner {
  pos = 0;
  end = 0;
  depth = 0;

  fail(reason: string): never {
    throw new ParseFailure(reason, textBetween(nameStart, Math.min(this.pos, this.end)).length);
  }

  /** The byte at the position plus `ahead`, 0 past the end. */
  peek(ahead = 0): number {
    const at = this.pos + ahead;
    return at < this.end ? text[at]! : 0;
  }

  /** Takes the character `code` if it is next. */
  take(code: number): boolean {
    if (this.pos < this.end && text[this.pos] === code) {
      this.pos++;
      return true;
    }
    return false;
  }

  expect(code: number): void {
    if (!this.take(code)) this.fail(`'${String.fromCharCode(code)}' expected`);
  }

  /** The next two characters. */
  protected pair(): string {
    return String.fromCharCode(this.peek(), this.peek(1));
  }

  protected startsWith(word: string): boolean {
    return textBetween(this.pos, Math.min(this.pos + word.length, this.end)) === word;
  }

  /** Enters one more level of nesting; the caller leaves it by `this.depth--`. */
  nest(): void {
    if (++this.depth > MAX_DEPTH) this.fail('nested too deeply');
  }

  /** Decimal digits as a number; there must be one. */
  decimal(): number {
    let code = this.peek();
    if (code < 48 || code > 57) this.fail('number expected');
    let value = 0;
    do {
      value = value * 10 + (code - 48);
      if (value > MAX_NUMBER) this.fail('number too large');
      this.pos++;
      code = this.peek();
    } while (code >= 48 && code <= 57);
    return value;
  }

  /** The position after a run of decimal digits. */
  digitsEnd(from: number): number {
    let at = from;
    while (at < this.end) {
      const code = text[at]!;
      if (code < 48 || code > 57) break;
      at++;
    }
    return at;
  }
}
