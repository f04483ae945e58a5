import { Kind, Qualifier } from '../kinds.ts';
import { Output } from '../output.ts';
import { countOf, hasText, itemOf, kindOf, leftOf, type NodeId, numberOf, rightOf, textOf } from '../tree.ts';

/** Index and size of the argument pack being expanded before one was met. */
const NO_PACK = -1;

/**
 * Types the way llvm-cxxfilt writes them. A type is printed in two halves, left and right of what it
 * declares: `int (*` and `)[3]`.
 */
export abstract class LlvmTypes extends Output {
  protected packIndex = NO_PACK;
  protected packSize = NO_PACK;
  /** What the reference collapsed last is. */
  private isLvalue = false;

  protected beginTypes(): void {
    this.packIndex = NO_PACK;
    this.packSize = NO_PACK;
  }

  protected override print(node: NodeId): void {
    this.printLeft(node);
    if (this.hasRight(node)) this.printRight(node);
  }

  protected abstract printLeft(node: NodeId): void;

  /** The argument of a template parameter, of a pack the element being expanded; 0 past its end. */
  protected argument(parameter: NodeId): NodeId {
    const found = leftOf[parameter]! || rightOf[parameter]!;
    if (found === 0) return this.fail('template parameter without an argument');
    if (kindOf[found] !== Kind.Arguments) return found;
    if (this.packSize === NO_PACK) {
      this.packSize = countOf[found]!;
      this.packIndex = 0;
    }
    return itemOf(found, this.packIndex);
  }

  /** The type behind template parameters. */
  private resolved(node: NodeId): NodeId {
    let at = node;
    while (kindOf[at] === Kind.TemplateParameter) {
      this.step();
      at = this.argument(at);
    }
    return at;
  }

  protected hasRight(node: NodeId): boolean {
    let at = node;
    for (;;) {
      switch (kindOf[at]) {
        case Kind.Array:
        case Kind.Function:
        case Kind.Encoding:
          return true;
        case Kind.Pointer:
        case Kind.LvalueReference:
        case Kind.RvalueReference:
        case Kind.CvQualified:
          at = leftOf[at]!;
          break;
        case Kind.MemberPointer:
          at = rightOf[at]!;
          break;
        case Kind.TemplateParameter:
          at = this.argument(at);
          break;
        default:
          return false;
      }
      this.step();
    }
  }

  /** Whether a pointer to this type needs parentheses, and whether they need a space. */
  private declarator(node: NodeId): 'array' | 'function' | undefined {
    let at = this.resolved(node);
    while (kindOf[at] === Kind.CvQualified) {
      this.step();
      at = this.resolved(leftOf[at]!);
    }
    if (kindOf[at] === Kind.Array) return 'array';
    return kindOf[at] === Kind.Function || kindOf[at] === Kind.Encoding ? 'function' : undefined;
  }

  /** A type with a vendor's qualifier; Clang writes a protocol of Objective-C as one: `objcproto2Pr`. */
  protected printVendorQualified(node: NodeId): void {
    this.print(leftOf[node]!);
    const protocol = protocolIn(textOf(node));
    if (protocol !== undefined) {
      this.write(`<${protocol}>`);
      return;
    }
    if (textOf(node).startsWith('objcproto')) this.fail('not a protocol');
    this.write(` ${textOf(node)}`);
    if (rightOf[node]! !== 0) this.printArguments(rightOf[node]!);
  }

  protected printPointerLeft(inner: NodeId, text: string): void {
    if (text === '*' && kindOf[inner] === Kind.VendorQualified && hasText(leftOf[inner]!, 'objc_object')) {
      const protocol = protocolIn(textOf(inner));
      if (protocol !== undefined) {
        this.write(`id<${protocol}>`);
        return;
      }
    }
    this.printLeft(inner);
    const declarator = this.declarator(inner);
    if (declarator === 'array') this.write(' ');
    if (declarator !== undefined) this.write('(');
    this.write(text);
  }

  protected printPointerRight(inner: NodeId): void {
    if (this.declarator(inner) !== undefined) this.write(')');
    this.printRight(inner);
  }

  /** Reference collapsing through template parameters: one lvalue reference makes all of them one. */
  private collapse(reference: NodeId): NodeId {
    let inner = leftOf[reference]!;
    this.isLvalue = kindOf[reference] === Kind.LvalueReference;
    for (;;) {
      this.step();
      const found = this.resolved(inner);
      if (kindOf[found] === Kind.LvalueReference) this.isLvalue = true;
      else if (kindOf[found] !== Kind.RvalueReference) return inner;
      inner = leftOf[found]!;
    }
  }

  protected printReferenceLeft(node: NodeId): void {
    const inner = this.collapse(node);
    this.printPointerLeft(inner, this.isLvalue ? '&' : '&&');
  }

  protected printMemberPointerLeft(node: NodeId): void {
    const member = rightOf[node]!;
    this.printLeft(member);
    this.write(this.declarator(member) === undefined ? ' ' : '(');
    this.print(leftOf[node]!);
    this.write('::*');
  }

  protected printRight(node: NodeId): void {
    this.enter();
    switch (kindOf[node]) {
      case Kind.Array:
        this.write(this.last === 93 ? '[' : ' [');
        if (rightOf[node]! !== 0) this.print(rightOf[node]!);
        this.write(']');
        this.printRight(leftOf[node]!);
        break;
      case Kind.Function:
        this.printFunctionRight(node);
        break;
      case Kind.Encoding:
        this.printEncodingRight(node);
        break;
      case Kind.Pointer:
        this.printPointerRight(leftOf[node]!);
        break;
      case Kind.LvalueReference:
      case Kind.RvalueReference:
        this.printPointerRight(this.collapse(node));
        break;
      case Kind.MemberPointer:
        this.printPointerRight(rightOf[node]!);
        break;
      case Kind.CvQualified:
        this.printRight(leftOf[node]!);
        break;
      case Kind.TemplateParameter: {
        const found = this.resolved(node);
        if (found !== 0) this.printRight(found);
        break;
      }
    }
    this.leave();
  }

  private printFunctionRight(node: NodeId): void {
    this.write('(');
    this.printList(node);
    this.write(')');
    if (leftOf[node]! !== 0) this.printRight(leftOf[node]!);
    this.printQualifiers(numberOf[node]!);
    if (rightOf[node]! !== 0) {
      this.write(' ');
      this.print(rightOf[node]!);
    }
  }

  protected abstract printEncodingRight(node: NodeId): void;

  protected printQualifiers(bits: number): void {
    if (bits === 0) return;
    if (bits & Qualifier.Const) this.write(' const');
    if (bits & Qualifier.Volatile) this.write(' volatile');
    if (bits & Qualifier.Restrict) this.write(' restrict');
    if (bits & Qualifier.Lvalue) this.write(' &');
    else if (bits & Qualifier.Rvalue) this.write(' &&');
  }

  /** Items with commas between, none for an item that prints nothing. */
  protected printList(node: NodeId): void {
    let first = true;
    for (let at = 0; at < countOf[node]!; at++) {
      const { length, last } = this;
      if (!first) this.write(', ');
      const before = this.length;
      this.print(itemOf(node, at));
      if (this.length === before) this.restore(length, last);
      else first = false;
    }
  }

  private restore(length: number, last: number): void {
    this.length = length;
    this.last = last;
  }

  /** The pattern once for each element of the first pack that it mentions. */
  protected printExpansion(pattern: NodeId): void {
    const { packIndex, packSize, length, last } = this;
    this.packIndex = NO_PACK;
    this.packSize = NO_PACK;
    this.print(pattern);
    // The field changes where the pattern meets a pack.
    const count = this.packSize as number;
    if (count === NO_PACK) this.write('...');
    else if (count === 0) this.restore(length, last);
    for (let at = 1; at < count; at++) {
      this.write(', ');
      this.packIndex = at;
      this.print(pattern);
    }
    this.packIndex = packIndex;
    this.packSize = packSize;
  }

  /** Those of a vendor's type; a single type is what a type trait of the compiler is applied to. */
  protected printVendorArguments(args: NodeId): void {
    if (countOf[args] === 1 && kindOf[itemOf(args, 0)]! < Kind.Literal) {
      this.write('(');
      this.printList(args);
      this.write(')');
    } else this.printArguments(args);
  }

  /** Template arguments; the requires-clause among them is left out, as later versions of the tool do. */
  protected printArguments(args: NodeId): void {
    this.write('<');
    this.printList(args);
    this.write(this.last === 62 ? ' >' : '>');
  }
}

function protocolIn(qualifier: string): string | undefined {
  const [, length, names = ''] = /^objcproto(\d+)(.+)$/s.exec(qualifier) ?? [];
  const bytes = Buffer.from(names);
  const size = Number(length);
  return size > 0 && size <= bytes.length ? bytes.toString('utf8', 0, size) : undefined;
}
