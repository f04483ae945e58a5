import { PrintFailure } from './failures.ts';
import type { PrintOptions } from './options.ts';
import { fromOf, type NodeId, text, toOf } from './tree.ts';

/** Longer output serves nobody: substitutions can make a name of a few hundred characters print gigabytes. */
const MAX_OUTPUT = 65_536;
/** Nodes visited for one name; the largest names of big C++ libraries need ten thousand. */
const MAX_STEPS = 30_000;
/** Nodes inside nodes; those names need forty. */
const MAX_DEPTH = 640;

/** Bytes. What one node writes may follow when the output is as long as it may be. */
export const MAX_DEMANGLED = 2 * MAX_OUTPUT + 4096;
/** Texts are written here. It has room for more than one, for whoever has many to write. */
export const OUTPUT: Buffer = Buffer.alloc(3 * MAX_DEMANGLED);

export const SPACE = 0x20;
export const OPEN = 0x28;
export const CLOSE = 0x29;
export const STAR = 0x2a;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LESS = 0x3c;
export const GREATER = 0x3e;

/** Texts are copied in words of so many bytes, a third faster than byte by byte. */
const WORD_SIZE = 4;
const OUTPUT_WORDS = new DataView(OUTPUT.buffer, OUTPUT.byteOffset, OUTPUT.length);
const TEXT_WORDS = new DataView(text.buffer, text.byteOffset, text.length);

/** The growing text of one name, with the limits that keep every name bounded in time, depth and size. */
export abstract class Output {
  /** Where the text ends in `OUTPUT`. */
  protected length = 0;
  private start = 0;
  /** The byte written last, also when the text was cut back since; 0 at the start. */
  protected last = 0;
  private steps = 0;
  private depth = 0;

  protected fail(reason: string): never {
    throw new PrintFailure(reason);
  }

  /** Writes fixed words, and what is made of them. */
  protected write(word: string): void {
    const { length } = word;
    let at = this.length;
    for (let index = 0; index < length; index++) {
      const code = word.charCodeAt(index);
      if (code >= 0x80) {
        this.writeWide(word);
        return;
      }
      OUTPUT[at++] = code;
    }
    if (length > 0) this.last = OUTPUT[at - 1]!;
    this.length = at;
  }

  private writeWide(word: string): void {
    this.length += OUTPUT.write(word, this.length);
    this.last = OUTPUT[this.length - 1]!;
  }

  /** Writes the text of a node. */
  protected writeText(node: NodeId): void {
    const from = fromOf[node]!;
    const to = toOf[node]!;
    if (from === to) return;
    const at = this.length;
    const end = at + to - from;
    if (end > OUTPUT.length - WORD_SIZE) this.fail('output too long');
    // What the last word has too much is overwritten by what follows.
    for (let read = from, write = at; read < to; read += WORD_SIZE, write += WORD_SIZE)
      OUTPUT_WORDS.setInt32(write, TEXT_WORDS.getInt32(read));
    this.last = text[to - 1]!;
    this.length = end;
  }

  /** Writes one character of ASCII: for those that most names have. */
  protected put(code: number): void {
    OUTPUT[this.length++] = code;
    this.last = code;
  }

  /** The text of a whole tree. */
  text(ast: NodeId, options: PrintOptions): string {
    return OUTPUT.toString('utf8', 0, this.printAt(0, ast, options));
  }

  /** Writes the text of a whole tree into `OUTPUT` from `start`, and returns where it ends. */
  printAt(start: number, ast: NodeId, options: PrintOptions): number {
    this.start = start;
    this.length = start;
    this.last = 0;
    this.steps = 0;
    this.depth = 0;
    this.printSymbol(ast, options);
    if (this.length - start > MAX_DEMANGLED) this.fail('output too long');
    return this.length;
  }

  /** Prints a whole tree, after whatever another one left behind. */
  protected abstract printSymbol(ast: NodeId, options: PrintOptions): void;

  /** Counts one visited node, outside of `enter`. */
  protected step(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
  }

  protected enter(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
    if (++this.depth > MAX_DEPTH) this.fail('nested too deeply');
    if (this.length - this.start > MAX_OUTPUT) this.fail('output too long');
  }

  protected leave(): void {
    this.depth--;
  }

  protected abstract print(node: NodeId): void;
}
