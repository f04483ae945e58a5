import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import { LITERAL_SUFFIXES } from '../literal-suffixes.ts';
import { GnuNames } from './names.ts';

const FLOATING = new Set('defg'.split('').map((letter) => letter.charCodeAt(0)));
const D_BASE = 256;

/** Expressions the way c++filt writes them. */
export abstract class GnuExpressions extends GnuNames {
  protected printUnary(node: Node): void {
    let operand = node.left!;
    const { text } = node;
    if (text === 'ad' && operand.kind === Kind.Encoding && operand.left!.kind === Kind.Qualified) {
      // The address of a member is written without its parameters.
      operand = operand.left!;
    }
    if ((text === 'pp' || text === 'mm') && node.value === 0) {
      this.printOperand(operand);
      this.write(spelling(text));
      return;
    }
    this.write(text === 'aw' ? 'co_await ' : spelling(text));
    this.printOperand(operand);
  }

  protected printBinary(node: Node): void {
    // A `>` in template arguments would end them.
    const greater = node.text === 'gt';
    if (greater) this.write('(');
    this.printOperand(node.left!);
    if (node.text === 'ix') {
      this.write('[');
      this.print(node.right!);
      this.write(']');
    } else {
      this.write(spelling(node.text));
      this.printOperand(node.right!);
    }
    if (greater) this.write(')');
  }

  protected printConditional(node: Node): void {
    const [condition, first, second] = node.items;
    this.printOperand(condition!);
    this.write('?');
    this.printOperand(first!);
    this.write(' : ');
    this.printOperand(second!);
  }

  protected printCall(node: Node): void {
    const callee = node.left!;
    // A function that is called is written without its parameters.
    this.printOperand(callee.kind === Kind.Encoding ? callee.left! : callee);
    this.printParenthesized(node.items);
  }

  protected printConvert(node: Node): void {
    this.write('(');
    this.print(node.left!);
    this.write(')');
    if (node.value === 1) this.printOperand(node.items[0]!);
    else this.printParenthesized(node.items);
  }

  protected printNamedCast(node: Node): void {
    this.write(spelling(node.text));
    this.write('<');
    this.print(node.left!);
    this.write('>(');
    this.print(node.right!);
    this.write(')');
  }

  protected printNew(node: Node): void {
    this.write(node.value === 1 ? '::new ' : 'new ');
    if (node.items.length > 0) {
      this.printParenthesized(node.items);
      this.write(' ');
    }
    this.print(node.left!);
    if (node.right !== undefined) this.printOperand(node.right);
  }

  protected printDelete(node: Node): void {
    if (node.value === 1) this.write('::');
    this.write(`${spelling(node.text)} `);
    this.printOperand(node.left!);
  }

  protected printParenthesized(items: readonly Node[]): void {
    this.write('(');
    this.printList(items);
    this.write(')');
  }

  protected printBraced(node: Node): void {
    if (node.left !== undefined) this.print(node.left);
    this.write('{');
    this.printList(node.items);
    this.write('}');
  }

  protected printDesignated(node: Node): void {
    const value = node.items[0]!;
    this.write(node.text === 'di' ? '.' : '[');
    this.print(node.left!);
    if (node.right !== undefined) {
      this.write(' ... ');
      this.print(node.right);
    }
    if (node.text !== 'di') this.write(']');
    if (value.kind === Kind.Designated) this.print(value);
    else {
      this.write('=');
      this.printOperand(value);
    }
  }

  protected printFold(node: Node): void {
    const operator = spelling(node.items[0]!.text);
    const index = this.packIndex;
    this.packIndex = -1;
    this.write('(');
    if (node.text === 'fl') this.write(`...${operator}`);
    this.printOperand(node.left!);
    if (node.text === 'fr') this.write(`${operator}...`);
    else if (node.right !== undefined) {
      this.write(`${operator}...${operator}`);
      this.printOperand(node.right);
    }
    this.write(')');
    this.packIndex = index;
  }

  protected printQuery(node: Node): void {
    this.write(spelling(node.text));
    if (node.left === undefined) return;
    if (node.text === 'nx' || node.text === 'st') {
      this.write('(');
      this.print(node.left);
      this.write(')');
    } else this.printOperand(node.left);
  }

  protected printPackSize(node: Node): void {
    this.write(String(this.findPack(node.left)?.items.length ?? 0));
  }

  protected printArgumentCount(node: Node): void {
    let count = 0;
    for (const item of node.items) {
      if (item.kind !== Kind.PackExpansion) count++;
      else count += this.findPack(item.left)?.items.length ?? 0;
    }
    this.write(String(count));
  }

  /** The pattern once for each element of its pack; a pack of function parameters stays a pattern. */
  protected printExpansion(node: Node): void {
    const pattern = node.left!;
    const pack = this.findPack(pattern);
    if (pack === undefined) {
      this.printOperand(pattern);
      this.write('...');
      return;
    }
    const outer = this.packIndex;
    const count = pack.items.length;
    for (let at = 0; at < count; at++) {
      if (at > 0) this.write(', ');
      this.packIndex = at;
      this.print(pattern);
    }
    this.packIndex = outer;
  }

  protected printLiteral(node: Node): void {
    const type = node.left!;
    const code = type.kind === Kind.Builtin ? type.value : -1;
    const suffix = LITERAL_SUFFIXES.get(code);
    if (suffix !== undefined) {
      if (node.value === 1) this.write('-');
      this.write(node.text);
      this.write(suffix);
      return;
    }
    if (code === 98 && node.value === 0 && (node.text === '0' || node.text === '1')) {
      this.write(node.text === '0' ? 'false' : 'true');
      return;
    }
    if (node.text === '') {
      this.print(type);
      return;
    }
    this.write('(');
    this.print(type);
    this.write(node.value === 1 ? ')-' : ')');
    const floating = FLOATING.has(code) || FLOATING.has(code - D_BASE) || code === D_BASE + 70;
    this.write(floating ? `[${node.text}]` : node.text);
  }

  /** An operand, in parentheses unless it is a name, a list in braces or a parameter. */
  protected printOperand(node: Node): void {
    switch (node.kind) {
      case Kind.Name:
      case Kind.Qualified:
      case Kind.BracedInit:
      case Kind.FunctionParameter:
      case Kind.DestructorName:
        this.print(node);
        return;
      case Kind.ParenthesizedInit:
        this.printParenthesized(node.items);
        return;
    }
    this.write('(');
    this.print(node);
    this.write(')');
  }
}
