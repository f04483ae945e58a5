import { memberQualifiers } from '../itanium/member-qualifiers.ts';
import { spelling } from '../itanium/operators.ts';
import { Kind, Qualifier } from '../kinds.ts';
import { COLON } from '../output.ts';
import {
  codeAt,
  countOf,
  hasText,
  itemOf,
  kindOf,
  leftOf,
  letterOf,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { inventedName } from './scopes.ts';
import { GnuTypes, isPrinted, type ModifierId, modified, nextModifier, openBits } from './types.ts';
import { ABBREVIATIONS, SHORT_ABBREVIATIONS, SPECIAL } from './words.ts';

/** Names, functions and special entities the way c++filt writes them. */
export abstract class GnuNames extends GnuTypes {
  protected verbose = true;
  /** The template being printed: conversion operators find their arguments in it. */
  private template: NodeId = 0;

  protected beginNames(): void {
    this.modifiers = 0;
    this.modifiersEnd = 1;
    this.template = 0;
    this.explicitObject = 0;
    this.behind = 0;
  }

  /**
   * A function: its name goes where its type wants it, as in `void (*signal(int))(int)`. `trailing` is its
   * requires-clause; that of its template follows, taken out of the template arguments.
   */
  protected printEncoding(node: NodeId, dropResult: boolean, trailing: NodeId = 0): void {
    const outer = this.modifiers;
    const scopes = this.templates;
    this.modifiers = 0;
    let name = leftOf[node]!;
    if (kindOf[name] === Kind.EnableIf && kindOf[leftOf[name]!] === Kind.MemberQualified)
      this.push(leftOf[name]!);
    let head = this.push(name);
    if (kindOf[name] === Kind.MemberQualified) {
      name = leftOf[name]!;
      head = this.push(name);
    }
    if (kindOf[name] === Kind.Local) {
      name = rightOf[name]!;
      if (kindOf[name] === Kind.DefaultArgument) name = leftOf[name]!;
      if (kindOf[name] === Kind.MemberQualified) {
        this.modifiers = 0;
        this.push(name);
        head = this.push(modified[head]!);
        name = leftOf[name]!;
      }
    }
    const template = templateOf(name);
    const { behind } = this;
    let clause: NodeId = 0;
    if (kindOf[template] === Kind.Template) {
      this.templates = this.scope(template, scopes);
      const args = rightOf[template]!;
      clause = rightOf[args]!;
      if (clause !== 0) this.behind = args;
    }
    const type = rightOf[node]!;
    const { explicitObject } = this;
    this.explicitObject = memberQualifiers(leftOf[node]!) & Qualifier.ExplicitObject ? type : 0;
    this.printFunction(type, dropResult);
    this.explicitObject = explicitObject;
    this.templates = scopes;
    for (let at: ModifierId = this.modifiers; at !== 0; at = nextModifier[at]!) {
      if (isPrinted[at] === 1) continue;
      this.write(' ');
      this.printModifier(modified[at]!, openBits[at]!);
    }
    this.modifiers = outer;
    this.behind = behind;
    if (trailing !== 0) this.printConstraint(trailing);
    if (clause !== 0) this.printConstraint(clause);
  }

  /** The enclosing function, without its return type, then the entity; `asModifier`: without its qualifiers. */
  protected override printLocal(node: NodeId, asModifier: boolean): void {
    const scope = leftOf[node]!;
    let entity = rightOf[node]!;
    const outer = this.modifiers;
    if (asModifier) this.modifiers = 0;
    this.printScope(scope);
    if (asModifier) this.modifiers = outer;
    this.write('::');
    if (kindOf[entity] === Kind.DefaultArgument) {
      this.write(`{default arg#${numberOf[entity]!}}::`);
      entity = leftOf[entity]!;
    }
    if (asModifier && kindOf[entity] === Kind.MemberQualified) entity = leftOf[entity]!;
    this.print(entity);
  }

  private printScope(scope: NodeId): void {
    if (kindOf[scope] !== Kind.Encoding) {
      this.print(scope);
      return;
    }
    this.enter();
    this.printEncoding(scope, true);
    this.leave();
  }

  /** Modifiers of the whole stay outside of the name and the arguments of a template. */
  protected printTemplate(node: NodeId): void {
    const outer = this.modifiers;
    const template = this.template;
    this.template = node;
    this.modifiers = 0;
    this.print(leftOf[node]!);
    this.printArguments(rightOf[node]!);
    this.modifiers = outer;
    this.template = template;
  }

  protected printConversion(node: NodeId): void {
    this.write('operator ');
    const outer = this.templates;
    if (this.template !== 0) this.templates = this.scope(this.template, outer);
    const type = leftOf[node]!;
    if (kindOf[type] !== Kind.Template) {
      this.print(type);
      this.templates = outer;
      return;
    }
    this.print(leftOf[type]!);
    this.templates = outer;
    this.printArguments(rightOf[type]!);
  }

  protected printOperator(code: string): void {
    const text = spelling(code);
    const first = text.charCodeAt(0);
    this.write(first >= 97 && first <= 122 ? `operator ${text}` : `operator${text}`);
  }

  protected printClosure(node: NodeId): void {
    const outer = this.declared;
    this.write('{lambda');
    this.declared = leftOf[node]!;
    if (leftOf[node]! !== 0) this.printDeclarations(leftOf[node]!, true);
    this.write('(');
    this.closures++;
    this.printList(node);
    this.closures--;
    this.declared = outer;
    this.write(`)#${numberOf[node]!}}`);
  }

  /** `<typename $T0, int $N1>`; those of a template parameter have no names. */
  private printDeclarations(declarations: NodeId, named: boolean): void {
    this.write('<');
    for (let at = 0; at < countOf[declarations]!; at++) {
      if (at > 0) this.write(', ');
      const declaration = itemOf(declarations, at);
      this.printDeclaration(declaration);
      if (named) this.write(` ${inventedName(declaration, at)}`);
    }
    this.write('>');
  }

  protected printDeclaration(declaration: NodeId): void {
    switch (textOf(declaration)) {
      case 'y':
        this.write('typename');
        return;
      case 't':
        this.write('template');
        this.printDeclarations(declaration, false);
        this.write(' class');
        return;
      case 'p':
        this.printDeclaration(leftOf[declaration]!);
        this.write('...');
        return;
      case 'k':
        this.printConcept(leftOf[declaration]!);
        return;
      default:
        this.print(leftOf[declaration]!);
    }
  }

  protected printSpecial(node: NodeId): void {
    this.write(SPECIAL.get(codeAt(node)) ?? '');
    if (hasText(node, 'TC')) {
      this.print(leftOf[node]!);
      this.write('-in-');
      this.print(rightOf[node]!);
      return;
    }
    if (hasText(node, 'GR')) this.write(`${numberOf[node]!} for `);
    this.print(leftOf[node]!);
  }

  /** `.isra.0.cold` is two clones: letters, then numbers, each time. */
  protected printClone(node: NodeId): void {
    this.print(leftOf[node]!);
    const text = textOf(node);
    let start = 0;
    while (start < text.length) {
      let at = cloneWord(text, start);
      at = cloneNumbers(text, at);
      if (at === start || text.charCodeAt(start) !== 46) this.fail('not a clone suffix');
      this.write(` [clone ${text.substring(start, at)}]`);
      start = at;
    }
  }

  protected printModule(node: NodeId): void {
    if (leftOf[node]! !== 0) this.printModule(leftOf[node]!);
    if (numberOf[node]! === 1) this.write(':');
    else if (leftOf[node]! !== 0) this.write('.');
    this.writeText(node);
  }

  protected abbreviation(letter: string): string {
    return (this.verbose ? ABBREVIATIONS[letter] : SHORT_ABBREVIATIONS[letter]) ?? letter;
  }

  protected printNameInScope(node: NodeId): void {
    const scope = leftOf[node]!;
    const name = rightOf[node]!;
    // The constructor of an abbreviated class is never one of `std::string`.
    if (kindOf[scope] === Kind.StdAbbreviation && isStructor(name))
      this.write(ABBREVIATIONS[letterOf(scope)]!);
    else if (kindOf[scope] === Kind.Name) this.writeText(scope);
    else this.print(scope);
    this.put(COLON);
    this.put(COLON);
    if (kindOf[name] === Kind.Name) this.writeText(name);
    else this.print(name);
  }
}

/** The node whose template arguments the signature of a function refers to, if it is a template. */
function templateOf(name: NodeId): NodeId {
  switch (kindOf[name]) {
    case Kind.Qualified:
      return inheritedTemplate(rightOf[name]!);
    case Kind.EnableIf:
    case Kind.MemberQualified:
      return templateOf(leftOf[name]!);
    case Kind.Local:
      return templateOf(rightOf[name]!);
    default:
      return name;
  }
}

/** The class that a constructor is inherited from, with the arguments of the constructor. */
function inheritedTemplate(name: NodeId): NodeId {
  return kindOf[name] === Kind.Constructor ? rightOf[name]! : 0;
}

function isStructor(node: NodeId): boolean {
  return kindOf[node] === Kind.Constructor || kindOf[node] === Kind.Destructor;
}

/** A point, then letters, digits and underscores; c++filt knows no capitals, which Clang writes for versions. */
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
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || isDigit(code);
}
