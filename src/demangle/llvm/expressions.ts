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
import { floatingLiteral } from './floating.ts';
import { LlvmNames } from './names.ts';

export const NULLPTR_CODE = D_BASE + 110;

/** Expressions the way llvm-cxxfilt writes them. */
export abstract class LlvmExpressions extends LlvmNames {
  protected enclosed(open: string, node: NodeId, close = ')'): void {
    this.write(open);
    this.print(node);
    this.write(close);
  }

  protected printUnary(node: NodeId): void {
    const operator = spelling(textOf(node));
    if ((hasText(node, 'pp') || hasText(node, 'mm')) && numberOf[node]! === 0) {
      this.enclosed('(', leftOf[node]!);
      this.write(operator);
    } else {
      this.write(hasText(node, 'aw') ? 'co_await ' : operator);
      this.enclosed('(', leftOf[node]!);
    }
  }

  protected printBinary(node: NodeId): void {
    const text = textOf(node);
    if (text === 'dt' || text === 'pt' || text === 'ds') {
      this.print(leftOf[node]!);
      this.write(spelling(text));
      this.print(rightOf[node]!);
      return;
    }
    if (text === 'ix') {
      this.enclosed('(', leftOf[node]!);
      this.enclosed('[', rightOf[node]!, ']');
      return;
    }
    // A `>` in template arguments would end them.
    if (text === 'gt') this.write('(');
    this.enclosed('(', leftOf[node]!);
    this.write(` ${spelling(text)} `);
    this.enclosed('(', rightOf[node]!);
    if (text === 'gt') this.write(')');
  }

  protected printConditional(node: NodeId): void {
    this.enclosed('(', itemOf(node, 0));
    this.enclosed(' ? (', itemOf(node, 1));
    this.enclosed(' : (', itemOf(node, 2));
  }

  protected printParenthesized(node: NodeId): void {
    this.write('(');
    this.printList(node);
    this.write(')');
  }

  protected printNew(node: NodeId): void {
    this.write(`${spelling(textOf(node))} `);
    if (countOf[node]! > 0) this.printParenthesized(node);
    this.print(leftOf[node]!);
    if (kindOf[rightOf[node]!] === Kind.ParenthesizedInit) {
      if (countOf[rightOf[node]!]! > 0) this.printParenthesized(rightOf[node]!);
    } else if (rightOf[node]! !== 0) this.print(rightOf[node]!);
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
    if (kindOf[value] !== Kind.Designated) this.write(' = ');
    this.print(value);
  }

  protected printFold(node: NodeId): void {
    const operator = spelling(textOf(itemOf(node, 0)));
    const left = hasText(node, 'fl') || hasText(node, 'fL');
    const pack = hasText(node, 'fL') ? rightOf[node]! : leftOf[node]!;
    const initial = hasText(node, 'fL') ? leftOf[node]! : rightOf[node]!;
    this.write('(');
    if (left) {
      if (initial !== 0) {
        this.print(initial);
        this.write(` ${operator} `);
      }
      this.write(`... ${operator} `);
    }
    this.write('(');
    this.printExpansion(pack);
    this.write(')');
    if (!left) {
      this.write(` ${operator} ...`);
      if (initial !== 0) {
        this.write(` ${operator} `);
        this.print(initial);
      }
    }
    this.write(')');
  }

  protected printQuery(node: NodeId): void {
    const operator = spelling(textOf(node));
    if (leftOf[node]! === 0) this.write(operator);
    else if (hasText(node, 'tw')) {
      this.write(operator);
      this.print(leftOf[node]!);
    } else this.enclosed(hasText(node, 'nx') ? 'noexcept (' : `${operator}(`, leftOf[node]!);
  }

  protected printPackSize(node: NodeId): void {
    const pack = leftOf[node]!;
    if (kindOf[pack] !== Kind.TemplateParameter) {
      this.enclosed('sizeof... (', pack);
      return;
    }
    this.write('sizeof...(');
    this.printExpansion(pack);
    this.write(')');
  }

  protected printLiteral(node: NodeId): void {
    const type = leftOf[node]!;
    const code = kindOf[type] === Kind.Builtin ? numberOf[type]! : -1;
    const suffix = LITERAL_SUFFIXES.get(code);
    const isNumber = isHexadecimal(code) || kindOf[type] === Kind.Complex || /^\d*$/.test(textOf(node));
    if (!isNumber) this.fail('not a number');
    const number = numberOf[node]! === 1 ? `-${textOf(node)}` : textOf(node);
    if (suffix !== undefined) {
      this.write(number);
      this.write(suffix);
    } else if (code === 98) {
      if (number !== '0' && number !== '1') this.fail('not a truth value');
      this.write(number === '0' ? 'false' : 'true');
    } else if (code === NULLPTR_CODE) this.write('nullptr');
    else if (kindOf[type] === Kind.Array && number === '') this.enclosed('"<', type, '>"');
    else if (!this.printFloating(number, code)) {
      this.enclosed('(', type);
      this.write(number);
    }
  }

  private printFloating(digits: string, code: number): boolean {
    if (!isFloating(code)) return false;
    const text = floatingLiteral(digits, String.fromCharCode(code));
    if (text === undefined) return false;
    this.write(text);
    return true;
  }

  protected printSubobject(node: NodeId): void {
    this.print(leftOf[node]!);
    this.enclosed('.<', rightOf[node]!, ' at offset ');
    this.write(hasText(node, '') ? '0' : textOf(node).replace('n', '-'));
    this.write('>');
  }

  protected printRequires(node: NodeId): void {
    this.write('requires');
    if (leftOf[node]! !== 0) {
      this.write(' ');
      this.printParenthesized(leftOf[node]!);
    }
    this.write(' {');
    for (const item of itemsOf(node)) this.print(item);
    this.write(' }');
  }

  protected printRequirement(node: NodeId): void {
    switch (textOf(node)) {
      case 'T':
        this.enclosed(' typename ', leftOf[node]!, ';');
        return;
      case 'Q':
        this.enclosed(' requires ', leftOf[node]!, ';');
        return;
    }
    this.write(' ');
    const braces = numberOf[node]! === 1 || rightOf[node]! !== 0;
    if (braces) this.write('{');
    this.print(leftOf[node]!);
    if (braces) this.write('}');
    if (numberOf[node]! === 1) this.write(' noexcept');
    if (rightOf[node]! !== 0) {
      this.write(' -> ');
      this.print(rightOf[node]!);
    }
    this.write(';');
  }
}

/** Floating-point types: d, e, f, g, Dh and DF. */
function isHexadecimal(code: number): boolean {
  return isFloating(code) || code === 103 || code === D_BASE + 104 || code === D_BASE + 70;
}

/** d, e and f: the codes of double, long double and float. */
function isFloating(code: number): boolean {
  return code >= 100 && code <= 102;
}
