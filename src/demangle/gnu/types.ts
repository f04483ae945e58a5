import { Kind, type Node, Qualifier } from '../ast.ts';
import { GnuScopes, type TemplateScope } from './scopes.ts';

/**
 * Something that surrounds the declarator being printed: `*`, `const`, a function, an array, the name of the
 * function itself. C++ writes types inside out, so the innermost type takes these up where they belong.
 */
export interface Modifier {
  readonly node: Node;
  readonly next: Modifier | undefined;
  printed: boolean;
  readonly templates: TemplateScope | undefined;
  /** Qualifier bits that are still to be written, of a cv-qualified type. */
  readonly bits: number;
}

/** Types the way c++filt writes them. */
export abstract class GnuTypes extends GnuScopes {
  protected modifiers: Modifier | undefined;

  protected push(node: Node, bits = 0): Modifier {
    const next = this.modifiers;
    return (this.modifiers = { node, next, printed: false, templates: this.templates, bits });
  }

  /** Prints `inner` surrounded by `node`, which `inner` may write or leave to be written behind it. */
  protected printModified(node: Node, inner: Node, bits = 0): void {
    const modifier = this.push(node, bits);
    this.print(inner);
    if (!modifier.printed) this.printModifier(node, bits);
    this.modifiers = modifier.next;
  }

  protected printQualified(node: Node): void {
    let bits = node.value;
    // An array hands its qualifiers down to its elements, which may have been given them already.
    for (let at = this.modifiers; at !== undefined; at = at.next) {
      if (at.printed) continue;
      if (at.node.kind !== Kind.CvQualified) break;
      bits &= ~at.bits;
    }
    if (bits === 0) this.print(node.left!);
    else this.printModified(node, node.left!, bits);
  }

  /** Reference collapsing: a reference to a parameter whose argument is a reference. */
  protected printReference(node: Node): void {
    let reference = node;
    let inner = node.left!;
    const outer = this.templates;
    this.path.push(node);
    if (inner.kind === Kind.TemplateParameter && this.closures === 0) inner = this.referenced(node, inner);
    const collapsed = inner.kind;
    if (collapsed === Kind.LvalueReference || collapsed === node.kind) {
      reference = inner;
      inner = inner.left!;
    } else if (collapsed === Kind.RvalueReference) inner = inner.left!;
    else inner = node.left!;
    this.printModified(reference, inner);
    this.path.pop();
    this.templates = outer;
  }

  /** A function type: its return type may take up the parameters, as in `int (*f())[3]`. */
  protected printFunction(node: Node, dropResult: boolean): void {
    if (node.left !== undefined && !dropResult) {
      const modifier = this.push(node);
      this.print(node.left);
      this.modifiers = modifier.next;
      if (modifier.printed) return;
      this.write(' ');
    }
    this.printParameters(node, this.modifiers);
  }

  private printParameters(node: Node, modifiers: Modifier | undefined): void {
    let paren = false;
    let space = false;
    search: for (let at = modifiers; at !== undefined && !at.printed; at = at.next) {
      switch (at.node.kind) {
        case Kind.Pointer:
        case Kind.LvalueReference:
        case Kind.RvalueReference:
          paren = true;
          break search;
        case Kind.CvQualified:
        case Kind.VendorQualified:
        case Kind.Complex:
        case Kind.Imaginary:
        case Kind.MemberPointer:
          paren = true;
          space = true;
          break search;
      }
    }
    if (paren) {
      if (!space && this.last !== 40 && this.last !== 42) space = true;
      if (space && this.last !== 32) this.write(' ');
      this.write('(');
    }
    const outer = this.modifiers;
    this.modifiers = undefined;
    this.printModifiers(modifiers, false);
    this.write(paren ? ')(' : '(');
    this.printList(node.items);
    this.write(')');
    this.printFunctionQualifiers(node);
    this.printModifiers(modifiers, true);
    this.modifiers = outer;
  }

  /** `noexcept` before `const` before `&`: the order in which the qualifiers enclose the function type. */
  private printFunctionQualifiers(node: Node): void {
    const bits = node.value;
    if (bits === 0 && node.right === undefined) return;
    if (node.right !== undefined) this.print(node.right);
    if (bits & Qualifier.TransactionSafe) this.write(' transaction_safe');
    this.printCvQualifiers(bits);
    this.printReferenceQualifier(bits);
  }

  protected printCvQualifiers(bits: number): void {
    if (bits & Qualifier.Const) this.write(' const');
    if (bits & Qualifier.Volatile) this.write(' volatile');
    if (bits & Qualifier.Restrict) this.write(' restrict');
  }

  protected printReferenceQualifier(bits: number): void {
    if (bits & Qualifier.Lvalue) this.write(' &');
    else if (bits & Qualifier.Rvalue) this.write(' &&');
  }

  /** Writes the modifiers that are still open, the innermost first; `suffix`: those after the parameters too. */
  private printModifiers(first: Modifier | undefined, suffix: boolean): void {
    for (let at = first; at !== undefined; at = at.next) {
      this.step();
      const { node } = at;
      if (at.printed || (!suffix && node.kind === Kind.MemberQualified)) continue;
      at.printed = true;
      const outer = this.templates;
      this.templates = at.templates;
      if (node.kind === Kind.Function) {
        this.printParameters(node, at.next);
        this.templates = outer;
        return;
      }
      if (node.kind === Kind.Array) {
        this.printDimensions(node, at.next);
        this.templates = outer;
        return;
      }
      if (node.kind === Kind.Local) {
        this.printLocal(node, true);
        this.templates = outer;
        return;
      }
      this.printModifier(node, at.bits);
      this.templates = outer;
    }
  }

  protected printModifier(node: Node, bits: number): void {
    switch (node.kind) {
      case Kind.Pointer:
        this.write('*');
        return;
      case Kind.LvalueReference:
        this.write('&');
        return;
      case Kind.RvalueReference:
        this.write('&&');
        return;
      case Kind.CvQualified:
        this.printCvQualifiers(bits);
        return;
      case Kind.MemberQualified:
        this.printCvQualifiers(node.value);
        this.printReferenceQualifier(node.value);
        return;
      case Kind.VendorQualified:
        this.write(' ');
        this.write(node.text);
        if (node.right !== undefined) this.printArguments(node.right);
        return;
      case Kind.Complex:
        this.write(' _Complex');
        return;
      case Kind.Imaginary:
        this.write(' _Imaginary');
        return;
      case Kind.MemberPointer:
        if (this.last !== 40) this.write(' ');
        this.print(node.left!);
        this.write('::*');
        return;
      case Kind.Vector:
        this.write(' __vector(');
        if (node.right !== undefined) this.print(node.right);
        this.write(')');
        return;
      default:
        this.print(node);
    }
  }

  /** An array; the cv-qualifiers of the array are written with its elements. */
  protected printArray(node: Node): void {
    const outer = this.modifiers;
    const array = this.push(node);
    const qualifiers: Modifier[] = [];
    for (let at = outer; at !== undefined && at.node.kind === Kind.CvQualified; at = at.next) {
      if (at.printed) continue;
      at.printed = true;
      for (const bit of [Qualifier.Const, Qualifier.Volatile, Qualifier.Restrict]) {
        if ((at.bits & bit) === 0) continue;
        const copy = { ...at, next: this.modifiers, printed: false, bits: bit };
        this.modifiers = copy;
        qualifiers.push(copy);
      }
    }
    this.print(node.left!);
    this.modifiers = outer;
    if (array.printed) return;
    for (let at = qualifiers.length - 1; at >= 0; at--) {
      this.printModifier(qualifiers[at]!.node, qualifiers[at]!.bits);
    }
    this.printDimensions(node, outer);
  }

  private printDimensions(node: Node, modifiers: Modifier | undefined): void {
    let space = true;
    if (modifiers !== undefined) {
      let paren = false;
      for (let at: Modifier | undefined = modifiers; at !== undefined; at = at.next) {
        if (at.printed) continue;
        if (at.node.kind === Kind.Array) space = false;
        else paren = true;
        break;
      }
      if (paren) this.write(' (');
      this.printModifiers(modifiers, false);
      if (paren) this.write(')');
    }
    this.write(space ? ' [' : '[');
    if (node.right !== undefined) this.print(node.right);
    this.write(']');
  }

  /** Items with commas between. c++filt keeps the comma before an empty pack, unless only such packs follow. */
  protected printList(items: readonly Node[]): void {
    const count = items.length;
    if (count === 0) return;
    this.print(items[0]!);
    if (count === 1) return;
    let kept = this.out;
    for (let at = 1; at < count; at++) {
      this.write(', ');
      const before = this.out.length;
      this.print(items[at]!);
      if (this.out.length !== before) kept = this.out;
    }
    this.out = kept;
  }

  /** Template arguments; a requires-clause among them may mention those of the `template` that has them. */
  protected printArguments(args: Node, template?: Node): void {
    if (this.last === 60) this.write(' ');
    this.write('<');
    this.printList(args.items);
    if (args.right !== undefined) {
      const outer = this.templates;
      if (template !== undefined) this.templates = { template, next: outer };
      this.write(' requires ');
      this.print(args.right);
      this.templates = outer;
    }
    this.write(this.last === 62 ? ' >' : '>');
  }

  protected abstract printLocal(node: Node, asModifier: boolean): void;
}
