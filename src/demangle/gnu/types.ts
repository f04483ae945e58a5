import { Kind, Qualifier } from '../kinds.ts';
import { countOf, itemOf, kindOf, leftOf, type NodeId, numberOf, rightOf } from '../tree.ts';
import { GnuScopes } from './scopes.ts';

/**
 * Something that surrounds the declarator being printed: `*`, `const`, a function, an array, the name of the
 * function itself. C++ writes types inside out, so the innermost type takes these up where they belong. They
 * are a row in the columns below; 0 is none.
 */
export type ModifierId = number;

/** No more surround one another, as deep as nodes may be in nodes. */
const MAX_MODIFIERS = 4096;
export const modified = new Uint16Array(MAX_MODIFIERS);
/** The modifier around. */
export const nextModifier = new Uint16Array(MAX_MODIFIERS);
export const isPrinted = new Uint8Array(MAX_MODIFIERS);
/** The templates in scope where it stands. */
const modifierScope = new Uint16Array(MAX_MODIFIERS);
/** Qualifier bits that are still to be written, of a cv-qualified type. */
export const openBits = new Uint8Array(MAX_MODIFIERS);

/** Types the way c++filt writes them. */
export abstract class GnuTypes extends GnuScopes {
  /** The innermost one that is open. */
  protected modifiers: ModifierId = 0;
  /** Where the next one goes; those of a node are gone when it is printed. */
  protected modifiersEnd = 1;

  protected push(node: NodeId, bits = 0): ModifierId {
    const id = this.modifiersEnd++;
    if (id >= MAX_MODIFIERS) this.fail('nested too deeply');
    modified[id] = node;
    nextModifier[id] = this.modifiers;
    isPrinted[id] = 0;
    modifierScope[id] = this.templates;
    openBits[id] = bits;
    return (this.modifiers = id);
  }

  /** Prints `inner` surrounded by `node`, which `inner` may write or leave to be written behind it. */
  protected printModified(node: NodeId, inner: NodeId, bits = 0): void {
    const modifier = this.push(node, bits);
    this.print(inner);
    if (isPrinted[modifier] === 0) this.printModifier(node, bits);
    this.modifiers = nextModifier[modifier]!;
  }

  protected printQualified(node: NodeId): void {
    let bits = numberOf[node]!;
    // An array hands its qualifiers down to its elements, which may have been given them already.
    for (let at = this.modifiers; at !== 0; at = nextModifier[at]!) {
      if (isPrinted[at] === 1) continue;
      if (kindOf[modified[at]!] !== Kind.CvQualified) break;
      bits &= ~openBits[at]!;
    }
    if (bits === 0) this.print(leftOf[node]!);
    else this.printModified(node, leftOf[node]!, bits);
  }

  /** Reference collapsing: a reference to a parameter whose argument is a reference. */
  protected printReference(node: NodeId): void {
    let reference = node;
    let inner = leftOf[node]!;
    const outer = this.templates;
    this.path.push(node);
    if (kindOf[inner] === Kind.TemplateParameter && this.closures === 0) inner = this.referenced(node, inner);
    const collapsed = kindOf[inner];
    if (collapsed === Kind.LvalueReference || collapsed === kindOf[node]) {
      reference = inner;
      inner = leftOf[inner]!;
    } else if (collapsed === Kind.RvalueReference) inner = leftOf[inner]!;
    else inner = leftOf[node]!;
    this.printModified(reference, inner);
    this.path.pop();
    this.templates = outer;
  }

  /** A function type: its return type may take up the parameters, as in `int (*f())[3]`. */
  protected printFunction(node: NodeId, dropResult: boolean): void {
    if (leftOf[node]! !== 0 && !dropResult) {
      const modifier = this.push(node);
      this.print(leftOf[node]!);
      this.modifiers = nextModifier[modifier]!;
      if (isPrinted[modifier] === 1) return;
      this.write(' ');
    }
    this.printParameters(node, this.modifiers);
  }

  private printParameters(node: NodeId, modifiers: ModifierId): void {
    let paren = false;
    let space = false;
    search: for (let at = modifiers; at !== 0 && isPrinted[at] === 0; at = nextModifier[at]!) {
      switch (kindOf[modified[at]!]) {
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
    this.modifiers = 0;
    this.printModifiers(modifiers, false);
    this.write(paren ? ')(' : '(');
    this.printList(node);
    this.write(')');
    this.printFunctionQualifiers(node);
    this.printModifiers(modifiers, true);
    this.modifiers = outer;
  }

  /** `noexcept` before `const` before `&`: the order in which the qualifiers enclose the function type. */
  private printFunctionQualifiers(node: NodeId): void {
    const bits = numberOf[node]!;
    if (bits === 0 && rightOf[node]! === 0) return;
    if (rightOf[node]! !== 0) this.print(rightOf[node]!);
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
  private printModifiers(first: ModifierId, suffix: boolean): void {
    for (let at = first; at !== 0; at = nextModifier[at]!) {
      this.step();
      const node = modified[at]!;
      if (isPrinted[at] === 1 || (!suffix && kindOf[node] === Kind.MemberQualified)) continue;
      isPrinted[at] = 1;
      const outer = this.templates;
      this.templates = modifierScope[at]!;
      if (kindOf[node] === Kind.Function) {
        this.printParameters(node, nextModifier[at]!);
        this.templates = outer;
        return;
      }
      if (kindOf[node] === Kind.Array) {
        this.printDimensions(node, nextModifier[at]!);
        this.templates = outer;
        return;
      }
      if (kindOf[node] === Kind.Local) {
        this.printLocal(node, true);
        this.templates = outer;
        return;
      }
      this.printModifier(node, openBits[at]!);
      this.templates = outer;
    }
  }

  protected printModifier(node: NodeId, bits: number): void {
    switch (kindOf[node]) {
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
        this.printCvQualifiers(numberOf[node]!);
        this.printReferenceQualifier(numberOf[node]!);
        return;
      case Kind.VendorQualified:
        this.write(' ');
        this.writeText(node);
        if (rightOf[node]! !== 0) this.printArguments(rightOf[node]!);
        return;
      case Kind.Complex:
        this.write(' _Complex');
        return;
      case Kind.Imaginary:
        this.write(' _Imaginary');
        return;
      case Kind.MemberPointer:
        if (this.last !== 40) this.write(' ');
        this.print(leftOf[node]!);
        this.write('::*');
        return;
      case Kind.Vector:
        this.write(' __vector(');
        if (rightOf[node]! !== 0) this.print(rightOf[node]!);
        this.write(')');
        return;
      default:
        this.print(node);
    }
  }

  /** An array; the cv-qualifiers of the array are written with its elements. */
  protected printArray(node: NodeId): void {
    const outer = this.modifiers;
    const array = this.push(node);
    const first = this.modifiersEnd;
    for (let at = outer; at !== 0 && kindOf[modified[at]!] === Kind.CvQualified; at = nextModifier[at]!) {
      if (isPrinted[at] === 1) continue;
      isPrinted[at] = 1;
      for (const bit of [Qualifier.Const, Qualifier.Volatile, Qualifier.Restrict]) {
        if ((openBits[at]! & bit) === 0) continue;
        modifierScope[this.push(modified[at]!, bit)] = modifierScope[at]!;
      }
    }
    const end = this.modifiersEnd;
    this.print(leftOf[node]!);
    this.modifiers = outer;
    if (isPrinted[array] === 1) return;
    for (let at = end - 1; at >= first; at--) this.printModifier(modified[at]!, openBits[at]!);
    this.printDimensions(node, outer);
  }

  private printDimensions(node: NodeId, modifiers: ModifierId): void {
    let space = true;
    if (modifiers !== 0) {
      let paren = false;
      for (let at = modifiers; at !== 0; at = nextModifier[at]!) {
        if (isPrinted[at] === 1) continue;
        if (kindOf[modified[at]!] === Kind.Array) space = false;
        else paren = true;
        break;
      }
      if (paren) this.write(' (');
      this.printModifiers(modifiers, false);
      if (paren) this.write(')');
    }
    this.write(space ? ' [' : '[');
    if (rightOf[node]! !== 0) this.print(rightOf[node]!);
    this.write(']');
  }

  /** Items with commas between. c++filt keeps the comma before an empty pack, unless only such packs follow. */
  protected printList(node: NodeId): void {
    const count = countOf[node]!;
    if (count === 0) return;
    this.print(itemOf(node, 0));
    if (count === 1) return;
    let kept = this.length;
    for (let at = 1; at < count; at++) {
      this.write(', ');
      const before = this.length;
      this.print(itemOf(node, at));
      if (this.length !== before) kept = this.length;
    }
    this.length = kept;
  }

  /** Template arguments; a requires-clause among them may mention those of the `template` that has them. */
  protected printArguments(args: NodeId, template: NodeId = 0): void {
    if (this.last === 60) this.write(' ');
    this.write('<');
    this.printList(args);
    if (rightOf[args]! !== 0) {
      const outer = this.templates;
      if (template !== 0) this.templates = this.scope(template, outer);
      this.write(' requires ');
      this.print(rightOf[args]!);
      this.templates = outer;
    }
    this.write(this.last === 62 ? ' >' : '>');
  }

  protected abstract printLocal(node: NodeId, asModifier: boolean): void;
}
