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
    let at = this.length;
    for (let index = from; index < to; index++) OUTPUT[at++] = text[index]!;
    this.last = OUTPUT[at - 1]!;
    this.length = at;
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
