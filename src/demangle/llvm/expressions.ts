import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import { LITERAL_SUFFIXES } from '../literal-suffixes.ts';
import { floatingLiteral } from './floating.ts';
import { LlvmNames } from './names.ts';

const NULLPTR_CODE = 256 + 110;

/** Expressions the way llvm-cxxfilt writes them. */
export abstract class LlvmExpressions extends LlvmNames {
  protected enclosed(open: string, node: Node, close = ')'): void {
    this.write(open);
    this.print(node);
    this.write(close);
  }

  protected printUnary(node: Node): void {
    const operator = spelling(node.text);
    if ((node.text === 'pp' || node.text === 'mm') && node.value === 0) {
      this.enclosed('(', node.left!);
      this.write(operator);
    } else {
      this.write(node.text === 'aw' ? 'co_await ' : operator);
      this.enclosed('(', node.left!);
    }
  }

  protected printBinary(node: Node): void {
    const { text } = node;
    if (text === 'dt' || text === 'pt' || text === 'ds') {
      this.print(node.left!);
      this.write(spelling(text));
      this.print(node.right!);
      return;
    }
    if (text === 'ix') {
      this.enclosed('(', node.left!);
      this.enclosed('[', node.right!, ']');
      return;
    }
    // A `>` in template arguments would end them.
    if (text === 'gt') this.write('(');
    this.enclosed('(', node.left!);
    this.write(` ${spelling(text)} `);
    this.enclosed('(', node.right!);
    if (text === 'gt') this.write(')');
  }

  protected printConditional(node: Node): void {
    const [condition, first, second] = node.items;
    this.enclosed('(', condition!);
    this.enclosed(' ? (', first!);
    this.enclosed(' : (', second!);
  }

  protected printParenthesized(items: readonly Node[]): void {
    this.write('(');
    this.printList(items);
    this.write(')');
  }

  protected printNew(node: Node): void {
    this.write(`${spelling(node.text)} `);
    if (node.items.length > 0) this.printParenthesized(node.items);
    this.print(node.left!);
    if (node.right?.kind === Kind.ParenthesizedInit) {
      if (node.right.items.length > 0) this.printParenthesized(node.right.items);
    } else if (node.right !== undefined) this.print(node.right);
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
    if (value.kind !== Kind.Designated) this.write(' = ');
    this.print(value);
  }

  protected printFold(node: Node): void {
    const operator = spelling(node.items[0]!.text);
    const left = node.text === 'fl' || node.text === 'fL';
    const pack = node.text === 'fL' ? node.right! : node.left!;
    const initial = node.text === 'fL' ? node.left : node.right;
    this.write('(');
    if (left) {
      if (initial !== undefined) {
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
      if (initial !== undefined) {
        this.write(` ${operator} `);
        this.print(initial);
      }
    }
    this.write(')');
  }

  protected printQuery(node: Node): void {
    const operator = spelling(node.text);
    if (node.left === undefined) this.write(operator);
    else if (node.text === 'tw') {
      this.write(operator);
      this.print(node.left);
    } else this.enclosed(node.text === 'nx' ? 'noexcept (' : `${operator}(`, node.left);
  }

  protected printPackSize(node: Node): void {
    const pack = node.left!;
    if (pack.kind !== Kind.TemplateParameter) {
      this.enclosed('sizeof... (', pack);
      return;
    }
    this.write('sizeof...(');
    this.printExpansion(pack);
    this.write(')');
  }

  protected printLiteral(node: Node): void {
    const type = node.left!;
    const code = type.kind === Kind.Builtin ? type.value : -1;
    const suffix = LITERAL_SUFFIXES.get(code);
    const number = node.value === 1 ? `-${node.text}` : node.text;
    if (suffix !== undefined) {
      this.write(number);
      this.write(suffix);
    } else if (code === 98 && (number === '0' || number === '1')) {
      this.write(number === '0' ? 'false' : 'true');
    } else if (code === NULLPTR_CODE) this.write('nullptr');
    else if (type.kind === Kind.Array && number === '') this.enclosed('"<', type, '>"');
    else if (!this.printFloating(number, code)) {
      this.enclosed('(', type);
      this.write(number);
    }
  }

  private printFloating(digits: string, code: number): boolean {
    if (code < 100 || code > 102) return false;
    const text = floatingLiteral(digits, String.fromCharCode(code));
    if (text === undefined) return false;
    this.write(text);
    return true;
  }

  protected printSubobject(node: Node): void {
    this.print(node.left!);
    this.enclosed('.<', node.right!, ' at offset ');
    this.write(node.text === '' ? '0' : node.text.replace('n', '-'));
    this.write('>');
  }

  protected printRequires(node: Node): void {
    this.write('requires');
    if (node.left !== undefined) {
      this.write(' ');
      this.printParenthesized(node.left.items);
    }
    this.write(' {');
    for (const item of node.items) this.print(item);
    this.write(' }');
  }

  protected printRequirement(node: Node): void {
    switch (node.text) {
      case 'T':
        this.enclosed(' typename ', node.left!, ';');
        return;
      case 'Q':
        this.enclosed(' requires ', node.left!, ';');
        return;
    }
    this.write(' ');
    const braces = node.value === 1 || node.right !== undefined;
    if (braces) this.write('{');
    this.print(node.left!);
    if (braces) this.write('}');
    if (node.value === 1) this.write(' noexcept');
    if (node.right !== undefined) {
      this.write(' -> ');
      this.print(node.right);
    }
    this.write(';');
  }
}
