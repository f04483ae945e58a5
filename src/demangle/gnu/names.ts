import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import { inventedName } from './scopes.ts';
import { GnuTypes, type Modifier } from './types.ts';
import { ABBREVIATIONS, SHORT_ABBREVIATIONS, SPECIAL } from './words.ts';

const NONE: readonly Node[] = [];

/** Names, functions and special entities the way c++filt writes them. */
export abstract class GnuNames extends GnuTypes {
  protected verbose = true;
  /** The template being printed: conversion operators find their arguments in it. */
  private template: Node | undefined;

  protected beginNames(): void {
    this.modifiers = undefined;
    this.template = undefined;
  }

  /** A function: its name goes where its type wants it, as in `void (*signal(int))(int)`. */
  protected printEncoding(node: Node, dropResult: boolean): void {
    const outer = this.modifiers;
    const scopes = this.templates;
    this.modifiers = undefined;
    let name = node.left!;
    let head = this.push(name);
    if (name.kind === Kind.MemberQualified) {
      name = name.left!;
      head = this.push(name);
    }
    if (name.kind === Kind.Local) {
      name = name.right!;
      if (name.kind === Kind.DefaultArgument) name = name.left!;
      if (name.kind === Kind.MemberQualified) {
        this.modifiers = undefined;
        this.push(name);
        head = this.push(head.node);
        name = name.left!;
      }
    }
    if (name.kind === Kind.Template) this.templates = { template: name, next: scopes };
    const type = node.right!;
    this.printFunction(type, dropResult);
    this.templates = scopes;
    for (let at: Modifier | undefined = this.pending(); at !== undefined; at = at.next) {
      if (at.printed) continue;
      this.write(' ');
      this.printModifier(at.node, at.bits);
    }
    this.modifiers = outer;
  }

  /** A requires-clause, which may mention the parameters of the template that it constrains. */
  protected printConstrained(node: Node): void {
    const inner = node.left!;
    this.print(inner);
    this.write(' requires ');
    const outer = this.templates;
    const template = entityTemplate(inner.kind === Kind.Encoding ? inner.left! : inner);
    if (template !== undefined) this.templates = { template, next: outer };
    this.print(node.right!);
    this.templates = outer;
  }

  private pending(): Modifier | undefined {
    return this.modifiers;
  }

  /** The enclosing function, without its return type, then the entity; `asModifier`: without its qualifiers. */
  protected override printLocal(node: Node, asModifier: boolean): void {
    const scope = node.left!;
    let entity = node.right!;
    const outer = this.modifiers;
    if (asModifier) this.modifiers = undefined;
    this.printScope(scope);
    if (asModifier) this.modifiers = outer;
    this.write('::');
    if (entity.kind === Kind.DefaultArgument) {
      this.write(`{default arg#${entity.value}}::`);
      entity = entity.left!;
    }
    if (asModifier && entity.kind === Kind.MemberQualified) entity = entity.left!;
    this.print(entity);
  }

  private printScope(scope: Node): void {
    if (scope.kind !== Kind.Encoding) {
      this.print(scope);
      return;
    }
    this.enter();
    this.printEncoding(scope, true);
    this.leave();
  }

  /** Modifiers of the whole stay outside of the name and the arguments of a template. */
  protected printTemplate(node: Node): void {
    const outer = this.modifiers;
    const template = this.template;
    this.template = node;
    this.modifiers = undefined;
    this.print(node.left!);
    this.printArguments(node.right!, node);
    this.modifiers = outer;
    this.template = template;
  }

  protected printConversion(node: Node): void {
    this.write('operator ');
    const outer = this.templates;
    if (this.template !== undefined) this.templates = { template: this.template, next: outer };
    const type = node.left!;
    if (type.kind !== Kind.Template) {
      this.print(type);
      this.templates = outer;
      return;
    }
    this.print(type.left!);
    this.templates = outer;
    this.printArguments(type.right!);
  }

  protected printOperator(code: string): void {
    const text = spelling(code);
    const first = text.charCodeAt(0);
    this.write(first >= 97 && first <= 122 ? `operator ${text}` : `operator${text}`);
  }

  protected printClosure(node: Node): void {
    const outer = this.declared;
    this.write('{lambda');
    this.declared = node.left?.items ?? NONE;
    if (node.left !== undefined) this.printDeclarations(node.left.items, true);
    this.write('(');
    this.closures++;
    this.printList(node.items);
    this.closures--;
    this.declared = outer;
    this.write(`)#${node.value}}`);
  }

  /** `<typename $T0, int $N1>`; those of a template parameter have no names. */
  private printDeclarations(declarations: readonly Node[], named: boolean): void {
    this.write('<');
    for (let at = 0; at < declarations.length; at++) {
      if (at > 0) this.write(', ');
      const declaration = declarations[at]!;
      this.printDeclaration(declaration);
      if (named) this.write(` ${inventedName(declaration, at)}`);
    }
    this.write('>');
  }

  protected printDeclaration(declaration: Node): void {
    switch (declaration.text) {
      case 'y':
        this.write('typename');
        return;
      case 't':
        this.write('template');
        this.printDeclarations(declaration.items, false);
        this.write(' class');
        return;
      case 'p':
        this.printDeclaration(declaration.left!);
        this.write('...');
        return;
      default:
        this.print(declaration.left!);
    }
  }

  protected printSpecial(node: Node): void {
    this.write(SPECIAL[node.text] ?? '');
    if (node.text === 'TC') {
      this.print(node.left!);
      this.write('-in-');
      this.print(node.right!);
      return;
    }
    if (node.text === 'GR') this.write(`${node.value} for `);
    this.print(node.left!);
  }

  /** `.isra.0.cold` is two clones: letters, then numbers, each time. */
  protected printClone(node: Node): void {
    this.print(node.left!);
    const { text } = node;
    let start = 0;
    while (start < text.length) {
      let at = cloneWord(text, start);
      at = cloneNumbers(text, at);
      if (at === start || text.charCodeAt(start) !== 46) this.fail('not a clone suffix');
      this.write(` [clone ${text.substring(start, at)}]`);
      start = at;
    }
  }

  protected printModule(node: Node): void {
    if (node.left !== undefined) this.printModule(node.left);
    if (node.value === 1) this.write(':');
    else if (node.left !== undefined) this.write('.');
    this.write(node.text);
  }

  protected abbreviation(letter: string): string {
    return (this.verbose ? ABBREVIATIONS[letter] : SHORT_ABBREVIATIONS[letter]) ?? letter;
  }

  protected printNameInScope(node: Node): void {
    const scope = node.left!;
    const name = node.right!;
    // The constructor of an abbreviated class is never one of `std::string`.
    if (scope.kind === Kind.StdAbbreviation && isStructor(name)) this.write(ABBREVIATIONS[scope.text]!);
    else this.print(scope);
    this.write('::');
    this.print(name);
  }
}

/** The template that a name is an instance of. */
function entityTemplate(name: Node): Node | undefined {
  let at: Node | undefined = name;
  if (at.kind === Kind.Local) at = at.right;
  if (at?.kind === Kind.DefaultArgument) at = at.left;
  if (at?.kind === Kind.MemberQualified) at = at.left;
  return at?.kind === Kind.Template ? at : undefined;
}

function isStructor(node: Node): boolean {
  return node.kind === Kind.Constructor || node.kind === Kind.Destructor;
}

/** A point, then lower-case letters, digits and underscores. */
function cloneWord(text: string, start: number): number {
  if (!isCloneLetter(text.charCodeAt(start + 1))) return start;
  let at = start + 2;
  while (at < text.length && isCloneLetter(text.charCodeAt(at))) at++;
  return at;
}

/** Any number of points, each with digits. */
function cloneNumbers(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 46 && isDigit(text.charCodeAt(at + 1))) {
    at += 2;
    while (isDigit(text.charCodeAt(at))) at++;
  }
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isCloneLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 95 || isDigit(code);
}
