import { Kind, type MutableNode, type Node, node } from '../ast.ts';
import { TypeGrammar } from './types.ts';

const SYNTHETIC = ['$T', '$N', '$TT'] as const;

/** Template parameters, arguments and closures: the Itanium C++ ABI, sections 5.1.5.7 to 5.1.8. */
export abstract class TemplateGrammar extends TypeGrammar {
  /**
   * T_ T0_ TL0__ TL0_0_. The argument is looked up at once: it was read before, in the name that the type or
   * expression at hand belongs to.
   */
  override templateParameter(): Node {
    this.expect(84);
    let level = 0;
    if (this.take(76)) {
      level = this.decimal() + 1;
      this.expect(95);
    }
    const index = this.compactNumber();
    const text = level === 0 ? '' : String(level);
    if (this.permitForward && level === 0) {
      const forward = node(Kind.TemplateParameter, text, undefined, undefined, undefined, index);
      this.forward.push(forward);
      return forward;
    }
    const argument = this.scopes[level]?.[index];
    if (argument !== undefined || this.closureLevel !== level || level > this.scopes.length) {
      return node(Kind.TemplateParameter, text, argument, undefined, undefined, index);
    }
    // Section 5.1.8: `auto` in a closure's parameters is an artificial parameter of its template.
    if (level === this.scopes.length) this.scopes.push(undefined);
    return node(Kind.TemplateParameter, text, undefined, AUTO, undefined, index);
  }

  /** I <argument>* E. `tag`: they belong to the entity being encoded, so its signature may refer to them. */
  override templateArguments(tag: boolean): Node {
    this.expect(73);
    this.nest();
    const lastName = this.lastName;
    const inConversion = this.inConversion;
    this.inConversion = false;
    const items: Node[] = [];
    if (tag) this.scopes = [];
    let constraint: Node | undefined;
    while (!this.take(69)) {
      if (this.take(81)) {
        constraint = this.expression();
        this.expect(69);
        break;
      }
      items.push(this.templateArgument());
    }
    if (tag) this.scopes = [items];
    this.lastName = lastName;
    this.inConversion = inConversion;
    this.depth--;
    return node(Kind.Arguments, '', undefined, constraint, items, 0);
  }

  protected templateArgument(): Node {
    switch (this.peek()) {
      case 76: // L
        return this.primary();
      case 88: {
        // X
        this.pos++;
        const expression = this.expression();
        this.expect(69);
        return expression;
      }
      case 73: // I: how GCC wrote packs before version 4.6
      case 74: {
        // J
        this.pos++;
        this.nest();
        const items: Node[] = [];
        while (!this.take(69)) items.push(this.templateArgument());
        this.depth--;
        return node(Kind.Arguments, '', undefined, undefined, items, 1);
      }
      case 84: // T
        if (this.startsDeclaration()) {
          const declaration = this.parameterDeclaration([]);
          return node(Kind.DeclaredArgument, '', declaration, this.templateArgument());
        }
        return this.type();
      default:
        return this.type();
    }
  }

  protected startsDeclaration(): boolean {
    if (this.peek() !== 84) return false;
    const next = this.peek(1);
    // y n t p k
    return next === 121 || next === 110 || next === 116 || next === 112 || next === 107;
  }

  /** Ty, Tn <type>, Tt <declaration>* E, Tp <declaration>, Tk <concept>; the parameter is put into `scope`. */
  protected parameterDeclaration(scope: Node[]): Node {
    this.nest();
    this.expect(84);
    const code = this.s.charAt(this.pos++);
    const result = this.declarationOf(code, scope);
    this.depth--;
    return result;
  }

  private declarationOf(code: string, scope: Node[]): Node {
    switch (code) {
      case 'y':
        return node(Kind.ParameterDeclaration, code, undefined, this.invent(0, scope));
      case 'k': {
        const concept = this.name(false);
        return node(Kind.ParameterDeclaration, code, concept, this.invent(0, scope));
      }
      case 'n': {
        const name = this.invent(1, scope);
        return node(Kind.ParameterDeclaration, code, this.type(), name);
      }
      case 't': {
        const name = this.invent(2, scope);
        const inner: Node[] = [];
        const items: Node[] = [];
        const depth = this.scopes.length;
        this.scopes.push(inner);
        let constraint: Node | undefined;
        while (!this.take(69)) {
          if (this.take(81)) {
            constraint = this.expression();
            this.expect(69);
            break;
          }
          items.push(this.parameterDeclaration(inner));
        }
        this.scopes.length = Math.min(depth, this.scopes.length);
        return node(Kind.ParameterDeclaration, code, constraint, name, items);
      }
      case 'p':
        return node(Kind.ParameterDeclaration, code, this.parameterDeclaration(scope));
    }
    return this.fail('template parameter expected');
  }

  private invent(kind: 0 | 1 | 2, scope: Node[]): Node {
    const count = this.declared[kind]++;
    const name = node(Kind.Name, count === 0 ? SYNTHETIC[kind] : `${SYNTHETIC[kind]}${count - 1}`);
    scope.push(name);
    return name;
  }

  /** Ul <parameter declaration>* <type>+ E [number] _ (section 5.1.8), read from its U. */
  override closure(): Node {
    this.pos += 2;
    this.nest();
    const outerLevel = this.closureLevel;
    const depth = this.scopes.length;
    this.closureLevel = depth;
    const scope: Node[] = [];
    this.scopes.push(scope);
    const declarations: Node[] = [];
    while (this.startsDeclaration()) declarations.push(this.parameterDeclaration(scope));
    if (declarations.length === 0) this.scopes.pop();
    const items: Node[] = [];
    let constraint = this.clause();
    if (this.peek() === 118 && (this.peek(1) === 69 || this.peek(1) === 81)) this.pos++;
    else while (this.peek() !== 69 && this.peek() !== 81) items.push(this.type());
    const trailing = this.clause();
    constraint = trailing ?? constraint;
    this.expect(69);
    this.scopes.length = Math.min(depth, this.scopes.length);
    this.closureLevel = outerLevel;
    this.depth--;
    const index = this.compactNumber() + 1;
    const template =
      declarations.length === 0 ? undefined : node(Kind.Arguments, '', undefined, undefined, declarations);
    return node(Kind.Closure, '', template, constraint, items, index);
  }

  /** Q <expression>: a requires-clause, if there is one. */
  protected clause(): Node | undefined {
    return this.take(81) ? this.expression() : undefined;
  }

  /** Template parameters of a conversion operator refer to the arguments that followed it. */
  protected resolveForward(from: number): void {
    for (let at = from; at < this.forward.length; at++) {
      const parameter: MutableNode = this.forward[at]!;
      parameter.left = this.scopes[0]?.[parameter.value];
    }
    this.forward.length = from;
  }

  abstract primary(): Node;
}

const AUTO = node(Kind.Name, 'auto');
