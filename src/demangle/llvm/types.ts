import { Kind, type Node, Qualifier } from '../ast.ts';
import { Output } from '../output.ts';

/** Index and size of the argument pack being expanded before one was met. */
const NO_PACK = -1;

/**
 * Types the way llvm-cxxfilt writes them. A type is printed in two halves, left and right of what it
 * declares: `int (*` and `)[3]`.
 */
export abstract class LlvmTypes extends Output {
  protected packIndex = NO_PACK;
  protected packSize = NO_PACK;

  protected beginTypes(): void {
    this.packIndex = NO_PACK;
    this.packSize = NO_PACK;
  }

  protected override print(node: Node): void {
    this.printLeft(node);
    if (this.hasRight(node)) this.printRight(node);
  }

  protected abstract printLeft(node: Node): void;

  /** The argument of a template parameter, of a pack the element being expanded; undefined past its end. */
  protected argument(parameter: Node): Node | undefined {
    const found = parameter.left ?? parameter.right;
    if (found === undefined) return this.fail('template parameter without an argument');
    if (found.kind !== Kind.Arguments) return found;
    if (this.packSize === NO_PACK) {
      this.packSize = found.items.length;
      this.packIndex = 0;
    }
    return found.items[this.packIndex];
  }

  /** The type behind template parameters. */
  private resolved(node: Node): Node | undefined {
    let at: Node | undefined = node;
    while (at?.kind === Kind.TemplateParameter) {
      this.step();
      at = this.argument(at);
    }
    return at;
  }

  protected hasRight(node: Node): boolean {
    let at: Node | undefined = node;
    for (;;) {
      switch (at?.kind) {
        case Kind.Array:
        case Kind.Function:
        case Kind.Encoding:
          return true;
        case Kind.Pointer:
        case Kind.LvalueReference:
        case Kind.RvalueReference:
        case Kind.CvQualified:
          at = at.left;
          break;
        case Kind.MemberPointer:
          at = at.right;
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
  private declarator(node: Node): 'array' | 'function' | undefined {
    let at = this.resolved(node);
    while (at?.kind === Kind.CvQualified) {
      this.step();
      at = this.resolved(at.left!);
    }
    if (at?.kind === Kind.Array) return 'array';
    return at?.kind === Kind.Function || at?.kind === Kind.Encoding ? 'function' : undefined;
  }

  protected printPointerLeft(inner: Node, text: string): void {
    this.printLeft(inner);
    const declarator = this.declarator(inner);
    if (declarator === 'array') this.write(' ');
    if (declarator !== undefined) this.write('(');
    this.write(text);
  }

  protected printPointerRight(inner: Node): void {
    if (this.declarator(inner) !== undefined) this.write(')');
    this.printRight(inner);
  }

  /** Reference collapsing through template parameters: one lvalue reference makes all of them one. */
  private collapse(reference: Node): { readonly inner: Node; readonly text: string } {
    let inner = reference.left!;
    let text = reference.kind === Kind.LvalueReference ? '&' : '&&';
    for (;;) {
      this.step();
      const found = this.resolved(inner);
      if (found?.kind === Kind.LvalueReference) text = '&';
      else if (found?.kind !== Kind.RvalueReference) return { inner, text };
      inner = found.left!;
    }
  }

  protected printReferenceLeft(node: Node): void {
    const { inner, text } = this.collapse(node);
    this.printPointerLeft(inner, text);
  }

  protected printMemberPointerLeft(node: Node): void {
    const member = node.right!;
    this.printLeft(member);
    this.write(this.declarator(member) === undefined ? ' ' : '(');
    this.print(node.left!);
    this.write('::*');
  }

  protected printRight(node: Node): void {
    this.enter();
    switch (node.kind) {
      case Kind.Array:
        this.write(this.last === 93 ? '[' : ' [');
        if (node.right !== undefined) this.print(node.right);
        this.write(']');
        this.printRight(node.left!);
        break;
      case Kind.Function:
        this.printFunctionRight(node);
        break;
      case Kind.Encoding:
        this.printEncodingRight(node);
        break;
      case Kind.Pointer:
        this.printPointerRight(node.left!);
        break;
      case Kind.LvalueReference:
      case Kind.RvalueReference:
        this.printPointerRight(this.collapse(node).inner);
        break;
      case Kind.MemberPointer:
        this.printPointerRight(node.right!);
        break;
      case Kind.CvQualified:
        this.printRight(node.left!);
        break;
      case Kind.TemplateParameter: {
        const found = this.resolved(node);
        if (found !== undefined) this.printRight(found);
        break;
      }
    }
    this.leave();
  }

  private printFunctionRight(node: Node): void {
    this.write('(');
    this.printList(node.items);
    this.write(')');
    if (node.left !== undefined) this.printRight(node.left);
    this.printQualifiers(node.value);
    if (node.right !== undefined) {
      this.write(' ');
      this.print(node.right);
    }
  }

  protected abstract printEncodingRight(node: Node): void;

  protected printQualifiers(bits: number): void {
    if (bits === 0) return;
    if (bits & Qualifier.Const) this.write(' const');
    if (bits & Qualifier.Volatile) this.write(' volatile');
    if (bits & Qualifier.Restrict) this.write(' restrict');
    if (bits & Qualifier.Lvalue) this.write(' &');
    else if (bits & Qualifier.Rvalue) this.write(' &&');
  }

  /** Items with commas between, none for an item that prints nothing. */
  protected printList(items: readonly Node[]): void {
    let first = true;
    for (const item of items) {
      const { out, lastPiece } = this;
      if (!first) this.write(', ');
      const before = this.out.length;
      this.print(item);
      if (this.out.length === before) this.restore(out, lastPiece);
      else first = false;
    }
  }

  private restore(out: string, lastPiece: string): void {
    this.out = out;
    this.lastPiece = lastPiece;
  }

  /** The pattern once for each element of the first pack that it mentions. */
  protected printExpansion(pattern: Node): void {
    const { packIndex, packSize, out, lastPiece } = this;
    this.packIndex = NO_PACK;
    this.packSize = NO_PACK;
    this.print(pattern);
    // The field changes where the pattern meets a pack.
    const count = this.packSize as number;
    if (count === NO_PACK) this.write('...');
    else if (count === 0) this.restore(out, lastPiece);
    for (let at = 1; at < count; at++) {
      this.write(', ');
      this.packIndex = at;
      this.print(pattern);
    }
    this.packIndex = packIndex;
    this.packSize = packSize;
  }

  /** Template arguments; the requires-clause among them is left out, as later versions of the tool do. */
  protected printArguments(args: Node): void {
    this.write('<');
    this.printList(args.items);
    this.write(this.last === 62 ? ' >' : '>');
  }
}
