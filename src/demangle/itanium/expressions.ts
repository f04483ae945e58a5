import { Kind, type Node, node } from '../ast.ts';
import { NameGrammar } from './names.ts';
import { OPERATORS } from './operators.ts';

/** The productions <expression> and <expr-primary> of the Itanium C++ ABI, sections 5.1.6. */
export abstract class ExpressionGrammar extends NameGrammar {
  /**
   * How `srN` is read: as the qualifier levels of today's ABI, or as the nested name that GCC writes, with the
   * substitutions that go with it.
   */
  protected newQualifiers = false;

  override expression(): Node {
    this.nest();
    const result = this.anyExpression();
    this.depth--;
    return result;
  }

  private anyExpression(): Node {
    const code = this.peek();
    if (code === 76) return this.primary();
    if (code === 84) return this.templateParameter();
    if (code >= 48 && code <= 57) return this.unresolvedBase();
    const pair = this.s.substring(this.pos, this.pos + 2);
    switch (pair) {
      case 'fp':
        return this.functionParameter();
      case 'fl':
      case 'fr':
      case 'fR':
        return this.fold(pair);
      case 'fL': {
        const next = this.peek(2);
        return next >= 48 && next <= 57 ? this.functionParameter() : this.fold(pair);
      }
      case 'sr':
      case 'on':
      case 'dn':
        return this.unresolvedName();
      case 'gs':
        return this.globalExpression();
    }
    this.pos += 2;
    switch (pair) {
      case 'sp':
        return node(Kind.PackExpansion, '', this.expression());
      case 'sZ':
        return node(Kind.SizeofPack, '', this.expression());
      case 'sP':
        return node(Kind.SizeofArguments, '', undefined, undefined, this.argumentsUntilEnd());
      case 'st':
      case 'at':
      case 'ti':
        return node(Kind.Query, pair, this.type());
      case 'sz':
      case 'az':
      case 'te':
      case 'nx':
      case 'tw':
        return node(Kind.Query, pair, this.expression());
      case 'tr':
        return node(Kind.Query, pair);
      case 'cl':
      case 'cp': {
        const callee = this.expression();
        return node(Kind.Call, pair, callee, undefined, this.expressionsUntilEnd(), pair === 'cp' ? 1 : 0);
      }
      case 'cv':
        return this.convert();
      case 'tl': {
        const type = this.type();
        return node(Kind.BracedInit, '', type, undefined, this.bracedItems());
      }
      case 'il':
        return node(Kind.BracedInit, '', undefined, undefined, this.bracedItems());
      case 'cc':
      case 'dc':
      case 'rc':
      case 'sc': {
        const type = this.type();
        return node(Kind.NamedCast, pair, type, this.expression());
      }
      case 'nw':
      case 'na':
        return this.newExpression(pair, 0);
      case 'dl':
      case 'da':
        return node(Kind.Delete, pair, this.expression());
      case 'dt':
      case 'pt': {
        const object = this.expression();
        return node(Kind.Binary, pair, object, this.expression());
      }
      case 'qu': {
        const condition = this.expression();
        const first = this.expression();
        const items = [condition, first, this.expression()];
        return node(Kind.Conditional, pair, undefined, undefined, items);
      }
      case 'pp':
      case 'mm': {
        const prefix = this.take(95) ? 1 : 0;
        return node(Kind.Unary, pair, this.expression(), undefined, undefined, prefix);
      }
      case 'so':
        return this.subobject();
      case 'rq':
      case 'rQ':
        return this.requiresExpression(pair);
    }
    if (code === 117) {
      this.pos--;
      return this.vendorExpression();
    }
    const operator = OPERATORS.get(pair);
    if (operator?.operands === 1) return node(Kind.Unary, pair, this.expression());
    if (operator?.operands === 2) {
      const left = this.expression();
      return node(Kind.Binary, pair, left, this.expression());
    }
    this.pos -= 2;
    return this.fail('unknown expression');
  }

  private expressionsUntilEnd(): Node[] {
    const items: Node[] = [];
    while (!this.take(69)) items.push(this.expression());
    return items;
  }

  private argumentsUntilEnd(): Node[] {
    const items: Node[] = [];
    while (!this.take(69)) items.push(this.templateArgument());
    return items;
  }

  /** Vendor expression: u <name> <template argument>* E. */
  private vendorExpression(): Node {
    const name = this.identifier();
    return node(Kind.VendorExpression, name, undefined, undefined, this.argumentsUntilEnd());
  }

  /** cv <type> <expression>, or cv <type> _ <expression>* E. */
  private convert(): Node {
    const { inConversion } = this;
    this.inConversion = true;
    const type = this.type();
    this.inConversion = inConversion;
    if (this.take(95)) return node(Kind.Convert, '', type, undefined, this.expressionsUntilEnd());
    return node(Kind.Convert, '', type, undefined, [this.expression()], 1);
  }

  private bracedItems(): Node[] {
    const items: Node[] = [];
    while (!this.take(69)) items.push(this.bracedExpression());
    return items;
  }

  /** di <field> <value>, dx <index> <value>, dX <from> <to> <value>, or any expression. */
  private bracedExpression(): Node {
    const second = this.peek(1);
    if (this.peek() !== 100 || (second !== 105 && second !== 120 && second !== 88)) return this.expression();
    this.pos += 2;
    this.nest();
    let result: Node;
    if (second === 105) {
      const field = this.sourceName();
      result = node(Kind.Designated, 'di', field, undefined, [this.bracedExpression()]);
    } else {
      const from = this.expression();
      const to = second === 88 ? this.expression() : undefined;
      result = node(Kind.Designated, second === 88 ? 'dX' : 'dx', from, to, [this.bracedExpression()]);
    }
    this.depth--;
    return result;
  }

  /** nw <placement>* _ <type> E, or with pi <expression>* E or a braced list in place of E. */
  private newExpression(code: string, global: number): Node {
    const placement: Node[] = [];
    while (!this.take(95)) placement.push(this.expression());
    const type = this.type();
    let initializer: Node | undefined;
    if (this.peek() === 112 && this.peek(1) === 105) {
      this.pos += 2;
      initializer = node(Kind.ParenthesizedInit, '', undefined, undefined, this.expressionsUntilEnd());
    } else if (this.peek() === 105 && this.peek(1) === 108) {
      initializer = this.expression();
      // The ABI ends the expression with the list; some compilers add an E of its own.
      if (this.peek() === 69 && this.peek(1) === 69) this.pos++;
    } else this.expect(69);
    return node(Kind.New, code, type, initializer, placement, global);
  }

  /** gs: the global form of new, delete or a name. */
  private globalExpression(): Node {
    this.pos += 2;
    const pair = this.s.substring(this.pos, this.pos + 2);
    if (pair === 'nw' || pair === 'na') {
      this.pos += 2;
      return this.newExpression(pair, 1);
    }
    if (pair === 'dl' || pair === 'da') {
      this.pos += 2;
      return node(Kind.Delete, pair, this.expression(), undefined, undefined, 1);
    }
    return node(Kind.Global, '', this.unresolvedName());
  }

  /** fp, fpT, fL: parameters of the function, by level and number, with their top-level qualifiers. */
  private functionParameter(): Node {
    const nested = this.peek(1) === 76;
    this.pos += 2;
    let level = '';
    if (nested) {
      level = String(this.decimal() + 1);
      this.expect(112);
    } else if (this.take(84)) return node(Kind.FunctionParameter);
    this.cvQualifiers();
    const index = this.compactNumber() + 1;
    return node(Kind.FunctionParameter, level, undefined, undefined, undefined, index);
  }

  /** fl, fr <operator> <pack>; fL, fR <operator> <expression> <expression>. */
  private fold(code: string): Node {
    this.pos += 2;
    const operator = this.s.substring(this.pos, this.pos + 2);
    if (OPERATORS.get(operator)?.operands !== 2) this.fail('unknown operator');
    this.pos += 2;
    const first = this.expression();
    const second = code === 'fL' || code === 'fR' ? this.expression() : undefined;
    return node(Kind.Fold, code, first, second, [node(Kind.Operator, operator)]);
  }

  /** so <type> <expression> [<offset>] [<selector>* ] [p] E (section 5.1.6.2). */
  private subobject(): Node {
    const type = this.type();
    const object = this.expression();
    const start = this.pos;
    if (this.peek() === 110 || (this.peek() >= 48 && this.peek() <= 57)) this.numberText();
    const offset = this.s.substring(start, this.pos);
    while (this.take(95)) this.pos = this.digitsEnd(this.pos);
    this.take(112);
    this.expect(69);
    return node(Kind.Subobject, offset, object, type);
  }

  /** rQ <parameter>* _ <requirement>+ E, rq <requirement>+ E. */
  private requiresExpression(code: string): Node {
    let parameters: Node | undefined;
    if (code === 'rQ') {
      const types: Node[] = [];
      if (!this.take(118)) while (this.peek() !== 95) types.push(this.type());
      this.expect(95);
      parameters = node(Kind.Arguments, '', undefined, undefined, types);
    }
    const items: Node[] = [];
    do items.push(this.requirement());
    while (!this.take(69));
    return node(Kind.Requires, code, parameters, undefined, items);
  }

  /** X <expression> [N] [R <concept>], T <type>, Q <constraint>. */
  private requirement(): Node {
    if (this.take(84)) return node(Kind.Requirement, 'T', this.type());
    if (this.take(81)) return node(Kind.Requirement, 'Q', this.expression());
    this.expect(88);
    const expression = this.expression();
    const noexcept = this.take(78) ? 1 : 0;
    const constraint = this.take(82) ? this.name(false) : undefined;
    return node(Kind.Requirement, 'X', expression, constraint, undefined, noexcept);
  }

  private unresolvedName(): Node {
    const first = this.peek();
    const second = this.peek(1);
    if (first !== 115 || second !== 114) return this.unresolvedBase();
    this.pos += 2;
    const next = this.peek();
    if (next === 78 && this.newQualifiers) {
      const before = this.checkpoint();
      this.pos++;
      const levels = this.qualifierLevels(this.unresolvedType());
      if (levels !== undefined) return inScope(levels, this.unresolvedBase());
      this.backtrack(before);
    } else if (next >= 48 && next <= 57) {
      const before = this.checkpoint();
      const levels = this.qualifierLevels(this.simpleId());
      if (levels !== undefined) return inScope(levels, this.unresolvedBase());
      this.backtrack(before);
    }
    const scope = this.type();
    return inScope(scope, this.unresolvedBase());
  }

  private unresolvedType(): Node {
    const code = this.peek();
    return code >= 48 && code <= 57 ? this.simpleId() : this.type();
  }

  /** <simple-id>* E after the first level; undefined when they are not such a list. */
  private qualifierLevels(first: Node): Node | undefined {
    let scope = first;
    while (this.peek() >= 48 && this.peek() <= 57) {
      scope = node(Kind.Qualified, '', scope, this.simpleId());
    }
    if (!this.take(69)) return undefined;
    const next = this.peek();
    const named = (next >= 48 && next <= 57) || (next === 111 && this.peek(1) === 110);
    return named || (next === 100 && this.peek(1) === 110) ? scope : undefined;
  }

  private simpleId(): Node {
    let name = this.sourceName();
    while (this.take(66)) name = node(Kind.AbiTag, this.identifier(), name);
    if (this.peek() !== 73) return name;
    return node(Kind.Template, '', name, this.templateArguments(false));
  }

  /** <simple-id>, on <operator> [arguments], dn <destructor>. */
  private unresolvedBase(): Node {
    const first = this.peek();
    const second = this.peek(1);
    if (first === 100 && second === 110) {
      this.pos += 2;
      return node(Kind.DestructorName, '', this.unresolvedType());
    }
    if (first !== 111 || second !== 110) return this.simpleId();
    this.pos += 2;
    const operator = node(Kind.OperatorName, '', this.operatorName(false));
    if (this.peek() !== 73) return operator;
    return node(Kind.Template, '', operator, this.templateArguments(false));
  }

  /** L <type> <value> E, L _Z <encoding> E, L <closure> E. */
  override primary(): Node {
    this.expect(76);
    if (this.peek() === 90 || (this.peek() === 95 && this.peek(1) === 90)) {
      this.pos += this.peek() === 95 ? 2 : 1;
      this.nest();
      const entity = this.encoding(true);
      this.depth--;
      this.expect(69);
      return entity;
    }
    if (this.peek() === 85 && this.peek(1) === 108) {
      const closure = this.closure();
      this.expect(69);
      return node(Kind.LambdaExpression, '', closure);
    }
    const type = this.type();
    const negative = this.take(110) ? 1 : 0;
    const start = this.pos;
    while (this.pos < this.end && this.s.charCodeAt(this.pos) !== 69) this.pos++;
    const text = this.s.substring(start, this.pos);
    this.expect(69);
    return node(Kind.Literal, text, type, undefined, undefined, negative);
  }
}

/** A qualified name; template arguments belong to the whole of it, as in every other nested name. */
function inScope(scope: Node, name: Node): Node {
  if (name.kind !== Kind.Template) return node(Kind.Qualified, '', scope, name);
  return node(Kind.Template, '', node(Kind.Qualified, '', scope, name.left), name.right);
}
