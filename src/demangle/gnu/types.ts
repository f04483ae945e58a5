import { Kind, Qualifier } from '../kinds.ts';
import { CLOSE, COMMA, GREATER, LESS, OPEN, SPACE, STAR } from '../output.ts';
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

/** Those that are always the same word. */
const MODIFIER_WORDS: Readonly<Partial<Record<Kind, string>>> = {
  [Kind.Pointer]: '*',
  [Kind.LvalueReference]: '&',
  [Kind.RvalueReference]: '&&',
  [Kind.Complex]: ' _Complex',
  [Kind.Imaginary]: ' _Imaginary',
};

/** Types the way c++filt writes them. */
export abstract class GnuTypes extends GnuScopes {
  /** The innermost one that is open. */
  protected modifiers: ModifierId = 0;
  /** The function type whose first parameter is declared `this`; 0 outside of such a function. */
  protected explicitObject: NodeId = 0;
  /** The template arguments of the function that is being printed, when their requires-clause stands behind it. */
  protected behind: NodeId = 0;
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
      if (!space && this.last !== OPEN && this.last !== STAR) space = true;
      if (space && this.last !== SPACE) this.write(' ');
      this.write('(');
    }
    const outer = this.modifiers;
    this.modifiers = 0;
    this.printModifiers(modifiers, false);
    if (paren) this.put(CLOSE);
    this.put(OPEN);
    if (node === this.explicitObject) this.write('this ');
    this.printList(node);
    this.put(CLOSE);
    this.printFunctionQualifiers(node);
    this.printModifiers(modifiers, true);
    this.modifiers = outer;
  }

  /** `transaction_safe` before `noexcept` before `const`: the order in which they enclose the function type. */
  private printFunctionQualifiers(node: NodeId): void {
    const bits = numberOf[node]!;
    if (bits === 0 && rightOf[node]! === 0) return;
    if (bits & Qualifier.TransactionSafe) this.write(' transaction_safe');
    if (rightOf[node]! !== 0) this.print(rightOf[node]!);
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
      const kind = kindOf[node];
      if (isPrinted[at] === 1 || (!suffix && kind === Kind.MemberQualified)) continue;
      isPrinted[at] = 1;
      const outer = this.templates;
      this.templates = modifierScope[at]!;
      const isLast = kind === Kind.Function || kind === Kind.Array || kind === Kind.Local;
      if (isLast) this.printLastModifier(node, nextModifier[at]!);
      else this.printModifier(node, openBits[at]!);
      this.templates = outer;
      if (isLast) return;
    }
  }

  /** Those that write the modifiers around them themselves, or leave none. */
  private printLastModifier(node: NodeId, around: ModifierId): void {
    if (kindOf[node] === Kind.Function) this.printParameters(node, around);
    else if (kindOf[node] === Kind.Array) this.printDimensions(node, around);
    else this.printLocal(node, true);
  }

  protected printModifier(node: NodeId, bits: number): void {
    const kind = kindOf[node] as Kind;
    const word = MODIFIER_WORDS[kind];
    if (word !== undefined) {
      this.write(word);
      return;
    }
    switch (kind) {
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
      case Kind.MemberPointer:
        if (this.last !== OPEN) this.write(' ');
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
      this.put(COMMA);
      this.put(SPACE);
      const before = this.length;
      this.print(itemOf(node, at));
      if (this.length !== before) kept = this.length;
    }
    this.length = kept;
  }

  /** Template arguments; a requires-clause among them may mention those of the `template` that has them. */
  protected printArguments(args: NodeId): void {
    if (this.last === LESS) this.put(SPACE);
    this.put(LESS);
    this.printList(args);
    if (rightOf[args]! !== 0 && args !== this.behind) this.printConstraint(rightOf[args]!);
    if (this.last === GREATER) this.put(SPACE);
    this.put(GREATER);
  }

  protected printConstraint(constraint: NodeId): void {
    this.write(' requires ');
    this.printConcept(constraint);
  }

  /** A constraint, or the concept of a template parameter. */
  protected printConcept(concept: NodeId): void {
    const outer = this.constrained;
    this.constrained = true;
    this.print(concept);
    this.constrained = outer;
  }

  protected abstract printLocal(node: NodeId, asModifier: boolean): void;
}
