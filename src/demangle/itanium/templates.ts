import { Kind } from '../kinds.ts';
import {
  addItem,
  closeList,
  constant,
  kindOf,
  leftOf,
  type NodeId,
  node,
  numberOf,
  openList,
  rightOf,
  spelled,
  worded,
} from '../tree.ts';
import { EARLIER, type TemplateScope } from './context.ts';
import { TypeGrammar } from './types.ts';

const SYNTHETIC = ['$T', '$N', '$TT'] as const;

/** Template parameters, arguments and closures: the Itanium C++ ABI, sections 5.1.5.7 to 5.1.8. */
export abstract class TemplateGrammar extends TypeGrammar {
  /**
   * T_ T0_ TL0__ TL0_0_. The argument is looked up at once: it was read before, in the name that the type or
   * expression at hand belongs to.
   */
  override templateParameter(): NodeId {
    const start = this.pos;
    this.expect(84);
    let level = 0;
    if (this.take(76)) {
      level = this.decimal() + 1;
      this.expect(95);
    }
    const index = this.compactNumber();
    if (this.permitForward && level === 0) {
      const forward = parameter(0, 0, index, level);
      this.forward.push(forward);
      return forward;
    }
    const argument =
      this.inScope(level, index) ||
      (this.scopes.length === 0 && this.closureLevel < 0 ? this.amongEarlier(index) : 0);
    // The arguments of a partial specialization, which its constraints count by, are not in the name.
    if (argument === 0 && this.inConstraint && this.closureLevel !== level)
      return spelled(node(Kind.Name), start, this.pos - 1);
    if (argument !== 0 || this.closureLevel !== level || level > this.scopes.length) {
      const result = parameter(argument, 0, index, level);
      if (this.inConstraint) this.inConstraints.add(result);
      return result;
    }
    // Section 5.1.8: `auto` in a closure's parameters is an artificial parameter of its template.
    if (level === this.scopes.length) this.scopes.push(undefined);
    return parameter(0, AUTO, index, level);
  }

  /** I <argument>* E. `tag`: they belong to the entity being encoded, so its signature may refer to them. */
  override templateArguments(tag: boolean): NodeId {
    this.expect(73);
    this.nest();
    const lastName = this.lastName;
    const inConversion = this.inConversion;
    this.inConversion = false;
    const items = openList();
    const { earlier, earlierCount } = this;
    if (tag) {
      this.scopes = [];
      this.earlier = items;
      this.earlierCount = 0;
    }
    while (this.peek() !== 69 && this.peek() !== 81) {
      addItem(this.templateArgument());
      if (tag) this.earlierCount++;
    }
    this.earlier = earlier;
    this.earlierCount = earlierCount;
    const result = closeList(node(Kind.Arguments), items);
    if (tag) this.enclosing.push(result);
    rightOf[result] = tag ? this.entityClause() : this.clause();
    this.expect(69);
    if (tag) this.scopes = [result];
    this.lastName = lastName;
    this.inConversion = inConversion;
    this.depth--;
    return result;
  }

  protected templateArgument(): NodeId {
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
        const items = openList();
        while (!this.take(69)) addItem(this.templateArgument());
        this.depth--;
        return closeList(node(Kind.Arguments, 0, 0, 1), items);
      }
      case 84: // T
        if (this.startsDeclaration()) {
          const declaration = this.parameterDeclaration([]);
          return node(Kind.DeclaredArgument, declaration, this.templateArgument());
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
  protected parameterDeclaration(scope: NodeId[]): NodeId {
    this.nest();
    this.expect(84);
    const code = String.fromCharCode(this.peek());
    this.pos++;
    const result = this.declarationOf(code, scope);
    this.depth--;
    return result;
  }

  private declarationOf(code: string, scope: NodeId[]): NodeId {
    switch (code) {
      case 'y':
        return worded(node(Kind.ParameterDeclaration, 0, this.invent(0, scope)), code);
      case 'k': {
        const concept = this.constraintOfParameter();
        return worded(node(Kind.ParameterDeclaration, concept, this.invent(0, scope)), code);
      }
      case 'n': {
        const name = this.invent(1, scope);
        return worded(node(Kind.ParameterDeclaration, this.type(), name), code);
      }
      case 't': {
        const name = this.invent(2, scope);
        const inner: NodeId[] = [];
        const items = openList();
        const depth = this.scopes.length;
        this.scopes.push(inner);
        let constraint: NodeId = 0;
        while (!this.take(69)) {
          if (this.take(81)) {
            constraint = this.expression();
            this.expect(69);
            break;
          }
          addItem(this.parameterDeclaration(inner));
        }
        this.scopes.length = Math.min(depth, this.scopes.length);
        return closeList(worded(node(Kind.ParameterDeclaration, constraint, name), code), items);
      }
      case 'p':
        return worded(node(Kind.ParameterDeclaration, this.parameterDeclaration(scope)), code);
    }
    return this.fail('template parameter expected');
  }

  private invent(kind: 0 | 1 | 2, scope: NodeId[]): NodeId {
    const count = this.declared[kind]++;
    const name = worded(node(Kind.Name), count === 0 ? SYNTHETIC[kind] : `${SYNTHETIC[kind]}${count - 1}`);
    scope.push(name);
    return name;
  }

  /**
   * Ul <parameter declaration>* <type>+ E [number] _ (section 5.1.8), read from its U. `tag`: it is a scope of
   * the entity being encoded, and its parameters do not refer to the arguments of the templates around.
   */
  override closure(tag: boolean): NodeId {
    this.pos += 2;
    this.nest();
    const outerLevel = this.closureLevel;
    const outer = this.scopes;
    const { around } = this;
    if (tag) {
      this.scopes = [];
      this.around = this.enclosing;
    }
    const depth = this.scopes.length;
    this.closureLevel = depth;
    const scope: NodeId[] = [];
    this.scopes.push(scope);
    const template = this.startsDeclaration() ? this.declarations(scope) : 0;
    if (template === 0) this.scopes.pop();
    if (template !== 0) rightOf[template] = this.closureClause(depth);
    const items = openList();
    if (this.peek() === 118 && (this.peek(1) === 69 || this.peek(1) === 81)) this.pos++;
    else while (this.peek() !== 69 && this.peek() !== 81) addItem(this.type());
    const constraint = this.closureClause(depth);
    this.expect(69);
    this.scopes.length = Math.min(depth, this.scopes.length);
    this.scopes = outer;
    this.around = around;
    this.closureLevel = outerLevel;
    this.depth--;
    const index = this.compactNumber() + 1;
    return closeList(node(Kind.Closure, template, constraint, index), items);
  }

  private declarations(scope: NodeId[]): NodeId {
    const items = openList();
    do addItem(this.parameterDeclaration(scope));
    while (this.startsDeclaration());
    return closeList(node(Kind.Arguments), items);
  }

  /** Q <expression>: a requires-clause, if there is one. */
  protected clause(): NodeId {
    return this.take(81) ? this.expression() : 0;
  }

  /** The requires-clause of the entity: it counts template parameters from the outermost template around. */
  protected entityClause(): NodeId {
    return this.peek() === 81 ? this.constrained(this.enclosing, true) : 0;
  }

  /** The concept of a template parameter, which may mention those before, of the entity or a closure. */
  override constraintOfParameter(): NodeId {
    if (this.closureLevel >= 0) return this.inClosure(this.closureLevel, false);
    if (this.scopes.length > 0) return this.conceptName();
    // GCC leaves the concepts of member templates out.
    if (!this.followsAbi && this.enclosing.length > 0) this.fail('template argument expected');
    this.enclosing.push(EARLIER);
    const result = this.constrained(this.enclosing, false);
    this.enclosing.pop();
    return result;
  }

  /**
   * <name>, whose arguments GCC puts behind a nested name. It does not count the template as a substitution,
   * where the ABI does.
   */
  protected conceptName(): NodeId {
    if (this.followsAbi && this.peek() !== 78) {
      const name = this.name(false);
      if (kindOf[name] === Kind.Template) this.noTypes.push(leftOf[name]!);
      return name;
    }
    const name = this.conceptAlone();
    if (!this.followsAbi && kindOf[name] === Kind.Template) this.fail('concept without arguments expected');
    if (this.peek() !== 73) return name;
    this.leftConceptOut = true;
    return node(Kind.Template, name, this.templateArguments(false));
  }

  /** The requires-clause of the closure whose template parameters are in `scopes` from `depth`. */
  private closureClause(depth: number): NodeId {
    return this.peek() === 81 ? this.inClosure(depth, true) : 0;
  }

  /** A constraint in a closure counts from the outermost template around it; `auto` has no scope yet. */
  private inClosure(depth: number, isClause: boolean): NodeId {
    const { closureLevel } = this;
    const levels: TemplateScope[] = [...this.around];
    this.closureLevel = levels.length;
    if (this.scopes.length === depth) levels.push(undefined);
    for (let at = depth; at < this.scopes.length; at++) levels.push(this.scopes[at]);
    const result = this.constrained(levels, isClause);
    this.closureLevel = closureLevel;
    return result;
  }

  /** A requires-clause, or the concept of a parameter, which counts these levels. */
  private constrained(levels: TemplateScope[], isClause: boolean): NodeId {
    const { scopes, inConstraint } = this;
    this.scopes = levels;
    this.inConstraint = true;
    this.hasConstraint = true;
    const result = isClause ? this.clause() : this.conceptName();
    this.scopes = scopes;
    this.inConstraint = inConstraint;
    return result;
  }

  /** Template parameters of a conversion operator refer to the arguments that followed it. */
  protected resolveForward(from: number): void {
    for (let at = from; at < this.forward.length; at++) {
      const parameter = this.forward[at]!;
      leftOf[parameter] = this.inScope(0, numberOf[parameter]!);
    }
    this.forward.length = from;
  }

  abstract primary(): NodeId;
  abstract conceptAlone(): NodeId;
}

const AUTO = constant(Kind.Name, 'auto');

/** The level stands in the text, unless it is 0. */
function parameter(argument: NodeId, auto: NodeId, index: number, level: number): NodeId {
  const result = node(Kind.TemplateParameter, argument, auto, index);
  return level === 0 ? result : worded(result, String(level));
}
