import type { Node } from './ast.ts';

/** Longer output serves nobody: substitutions can make a name of a few hundred characters print gigabytes. */
const MAX_OUTPUT = 65_536;
/** Nodes visited for one name; the largest names of big C++ libraries need ten thousand. */
const MAX_STEPS = 30_000;
/** Nodes inside nodes; those names need forty. */
const MAX_DEPTH = 640;

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
  /** Character code written last, also when the text was cut back since. */
  protected last = 0;
  private steps = 0;
  private depth = 0;

  protected beginOutput(): void {
    this.out = '';
    this.last = 0;
    this.steps = 0;
    this.depth = 0;
  }

  protected fail(reason: string): never {
    throw new PrintFailure(reason);
  }

  protected write(text: string): void {
    if (text.length === 0) return;
    this.out += text;
    this.last = text.charCodeAt(text.length - 1);
  }

  /** Counts one visited node, outside of `enter`. */
  protected step(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
  }

  protected enter(): void {
    if (++this.steps > MAX_STEPS) this.fail('too many steps');
    if (++this.depth > MAX_DEPTH) this.fail('nested too deeply');
    if (this.out.length > MAX_OUTPUT) this.fail('output too long');
  }

  protected leave(): void {
    this.depth--;
  }

  protected abstract print(node: Node): void;
}
