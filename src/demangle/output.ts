import type { Node } from './ast.ts';

/** Longer output serves nobody: substitutions can make a name of a few hundred characters print gigabytes. */
const MAX_OUTPUT = 65_536;
/** Nodes visited for one name; the largest names of big C++ libraries need ten thousand. */
const MAX_STEPS = 30_000;
/** Nodes inside nodes; those names need forty. */
const MAX_DEPTH = 640;
const FIRST_FLAT = 4096;
/** No text starts with it: Unicode promises never to give this code to a character. */
const NO_CHARACTER = 0xffff;

/** Why a tree cannot be printed: thrown inside a printer, caught at its entrance. */
export class PrintFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The growing text of one name, with the limits that keep every name bounded in time, depth and size. */
export abstract class Output {
  protected out = '';
  /** The piece written last, also when the text was cut back since. */
  protected lastPiece = '';
  private steps = 0;
  private depth = 0;
  /** The text is put into one piece when it outgrows this. */
  private flatUntil = FIRST_FLAT;

  protected beginOutput(): void {
    this.out = '';
    this.lastPiece = '';
    this.steps = 0;
    this.depth = 0;
    this.flatUntil = FIRST_FLAT;
  }

  protected fail(reason: string): never {
    throw new PrintFailure(reason);
  }

  protected write(text: string): void {
    if (text === '') return;
    this.out += text;
    this.lastPiece = text;
  }

  /** The character code written last, NaN at the start. */
  protected get last(): number {
    return this.lastPiece.charCodeAt(this.lastPiece.length - 1);
  }

  /**
   * The text, in one piece: V8 keeps a string that was put together as a tree of its parts, many times
   * larger than the text, until somebody asks for one of its characters.
   */
  protected finished(): string {
    return this.out.charCodeAt(0) === NO_CHARACTER ? '' : this.out;
  }

  /** Counts one visited node, outside of `enter`. */
  protected step(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
  }

  protected enter(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
    if (++this.depth > MAX_DEPTH) this.fail('nested too deeply');
    if (this.out.length > this.flatUntil) this.grow();
  }

  private grow(): void {
    if (this.out.length > MAX_OUTPUT) this.fail('output too long');
    this.out = this.finished();
    this.flatUntil = Math.min(2 * this.out.length, MAX_OUTPUT);
  }

  protected leave(): void {
    this.depth--;
  }

  protected abstract print(node: Node): void;
}
