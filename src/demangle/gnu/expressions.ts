import { D_BASE } from '../itanium/builtin-types.ts';
import { spelling } from '../itanium/operators.ts';
import { Kind } from '../kinds.ts';
import { LITERAL_SUFFIXES } from '../literal-suffixes.ts';
import {
  countOf,
  hasText,
  itemOf,
  itemsOf,
  kindOf,
  leftOf,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { GnuNames } from './names.ts';

const FLOATING = new Set('defg'.split('').map((letter) => letter.charCodeAt(0)));
/** Dh; values of `_Float16` and its like are not in brackets. */
const HALF = D_BASE + 104;

/** Expressions the way c++filt writes them. */
export abstract class GnuExpressions extends GnuNames {
  protected printUnary(node: NodeId): void {
    let operand = leftOf[node]!;
    const text = textOf(node);
    if (text === 'ad' && kindOf[operand] === Kind.Encoding && kindOf[leftOf[operand]!] === Kind.Qualified) {
      // The address of a member is written without its parameters.
      operand = leftOf[operand]!;
    }
    if ((text === 'pp' || text === 'mm') && numberOf[node]! === 0) {
      this.printOperand(operand);
      this.write(spelling(text));
      return;
    }
    this.write(text === 'aw' ? 'co_await ' : spelling(text));
    this.printOperand(operand);
  }

  protected printBinary(node: NodeId): void {
    // A `>` in template arguments would end them.
    const greater = hasText(node, 'gt');
    if (greater) this.write('(');
    this.printOperand(leftOf[node]!);
    if (hasText(node, 'ix')) {
      this.write('[');
      this.print(rightOf[node]!);
      this.write(']');
    } else {
      this.write(spelling(textOf(node)));
      this.printOperand(rightOf[node]!);
    }
    if (greater) this.write(')');
  }

  protected printConditional(node: NodeId): void {
    this.printOperand(itemOf(node, 0));
    this.write('?');
    this.printOperand(itemOf(node, 1));
    this.write(' : ');
    this.printOperand(itemOf(node, 2));
  }

  protected printCall(node: NodeId): void {
    const callee = leftOf[node]!;
    // A function that is called is written without its parameters.
    this.printOperand(kindOf[callee] === Kind.Encoding ? leftOf[callee]! : callee);
    this.printParenthesized(node);
  }

  protected printConvert(node: NodeId): void {
    this.write('(');
    this.print(leftOf[node]!);
    this.write(')');
    if (numberOf[node]! === 1) this.printOperand(itemOf(node, 0));
    else this.printParenthesized(node);
  }

  protected printNamedCast(node: NodeId): void {
    this.write(spelling(textOf(node)));
    this.write('<');
    this.print(leftOf[node]!);
    this.write('>(');
    this.print(rightOf[node]!);
    this.write(')');
  }

  protected printNew(node: NodeId): void {
    this.write(numberOf[node]! === 1 ? '::new ' : 'new ');
    if (countOf[node]! > 0) {
      this.printParenthesized(node);
      this.write(' ');
    }
    this.print(leftOf[node]!);
    if (rightOf[node]! !== 0) this.printOperand(rightOf[node]!);
  }

  protected printDelete(node: NodeId): void {
    if (numberOf[node]! === 1) this.write('::');
    this.write(`${spelling(textOf(node))} `);
    this.printOperand(leftOf[node]!);
  }

  protected printParenthesized(node: NodeId): void {
    this.write('(');
    this.printList(node);
    this.write(')');
  }

  protected printBraced(node: NodeId): void {
    if (leftOf[node]! !== 0) this.print(leftOf[node]!);
    this.write('{');
    this.printList(node);
    this.write('}');
  }

  protected printDesignated(node: NodeId): void {
    const value = itemOf(node, 0);
    this.write(hasText(node, 'di') ? '.' : '[');
    this.print(leftOf[node]!);
    if (rightOf[node]! !== 0) {
      this.write(' ... ');
      this.print(rightOf[node]!);
    }
    if (!hasText(node, 'di')) this.write(']');
    if (kindOf[value] === Kind.Designated) this.print(value);
    else {
      this.write('=');
      this.printOperand(value);
    }
  }

  protected printFold(node: NodeId): void {
    const operator = spelling(textOf(itemOf(node, 0)));
    const index = this.packIndex;
    this.packIndex = -1;
    this.write('(');
    if (hasText(node, 'fl')) this.write(`...${operator}`);
    this.printOperand(leftOf[node]!);
    if (hasText(node, 'fr')) this.write(`${operator}...`);
    else if (rightOf[node]! !== 0) {
      this.write(`${operator}...${operator}`);
      this.printOperand(rightOf[node]!);
    }
    this.write(')');
    this.packIndex = index;
  }

  protected printQuery(node: NodeId): void {
    this.write(spelling(textOf(node)));
    if (leftOf[node]! === 0) return;
    if (hasText(node, 'nx') || hasText(node, 'st')) {
      this.write('(');
      this.print(leftOf[node]!);
      this.write(')');
    } else this.printOperand(leftOf[node]!);
  }

  protected printPackSize(node: NodeId): void {
    this.write(String(countOf[this.findPack(leftOf[node]!)]!));
  }

  protected printArgumentCount(node: NodeId): void {
    let count = 0;
    for (const item of itemsOf(node)) {
      if (kindOf[item] !== Kind.PackExpansion) count++;
      else count += countOf[this.findPack(leftOf[item]!)]!;
    }
    this.write(String(count));
  }

  /** The pattern once for each element of its pack; a pack of function parameters stays a pattern. */
  protected printExpansion(node: NodeId): void {
    const pattern = leftOf[node]!;
    const pack = this.findPack(pattern);
    if (pack === 0) {
      this.printOperand(pattern);
      this.write('...');
      return;
    }
    const outer = this.packIndex;
    const count = countOf[pack]!;
    for (let at = 0; at < count; at++) {
      if (at > 0) this.write(', ');
      this.packIndex = at;
      this.print(pattern);
    }
    this.packIndex = outer;
  }

  protected printLiteral(node: NodeId): void {
    const type = leftOf[node]!;
    const code = kindOf[type] === Kind.Builtin ? numberOf[type]! : -1;
    const suffix = LITERAL_SUFFIXES.get(code);
    if (suffix !== undefined) {
      if (numberOf[node]! === 1) this.write('-');
      this.writeText(node);
      this.write(suffix);
      return;
    }
    if (code === 98 && numberOf[node]! === 0 && (hasText(node, '0') || hasText(node, '1'))) {
      this.write(hasText(node, '0') ? 'false' : 'true');
      return;
    }
    if (hasText(node, '')) {
      this.print(type);
      return;
    }
    this.write('(');
    this.print(type);
    this.write(numberOf[node]! === 1 ? ')-' : ')');
    const floating = FLOATING.has(code) || code === HALF || hasText(type, 'std::bfloat16_t');
    this.write(floating ? `[${textOf(node)}]` : textOf(node));
  }

  /** An operand, in parentheses unless it is a name, a list in braces or a parameter. */
  protected printOperand(node: NodeId): void {
    switch (kindOf[node]) {
      case Kind.Name:
      case Kind.Qualified:
      case Kind.BracedInit:
      case Kind.FunctionParameter:
      case Kind.DestructorName:
        this.print(node);
        return;
      case Kind.ParenthesizedInit:
        this.printParenthesized(node);
        return;
    }
    this.write('(');
    this.print(node);
    this.write(')');
  }
}
