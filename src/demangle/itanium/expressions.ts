import { Kind } from '../kinds.ts';
import { addItem, closeList, hasText, type NodeId, node, openList, spelled, text, worded } from '../tree.ts';
import { OPERATORS } from './operators.ts';
import { UnresolvedNameGrammar } from './unresolved-names.ts';

/** The productions <expression> and <expr-primary> of the Itanium C++ ABI, sections 5.1.6. */
export abstract class ExpressionGrammar extends UnresolvedNameGrammar {
  override expression(): NodeId {
    this.nest();
    const result = this.anyExpression();
    this.depth--;
    return result;
  }

  private anyExpression(): NodeId {
    const code = this.peek();
    if (code === 76) return this.primary();
    if (code === 84) return this.templateParameter();
    if (code >= 48 && code <= 57) return this.unresolvedBase();
    const pair = this.pair();
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
        return node(Kind.PackExpansion, this.expression());
      case 'sy': {
        const pack = node(Kind.PackExpansion, this.expression());
        return node(Kind.PackIndex, pack, this.expression());
      }
      case 'sZ':
        return node(Kind.SizeofPack, this.expression());
      case 'sP':
        return closeList(node(Kind.SizeofArguments), this.argumentsUntilEnd());
      case 'st':
      case 'at':
      case 'ti':
        return worded(node(Kind.Query, this.type()), pair);
      case 'sz':
      case 'az':
      case 'te':
      case 'nx':
      case 'tw':
        return worded(node(Kind.Query, this.expression()), pair);
      case 'tr':
        return worded(node(Kind.Query), pair);
      case 'cl':
      case 'cp': {
        const callee = this.expression();
        return closeList(
          worded(node(Kind.Call, callee, 0, pair === 'cp' ? 1 : 0), pair),
          this.expressionsUntilEnd(),
        );
      }
      case 'cv':
        return this.convert();
      case 'mc':
        return this.memberConversion();
      case 'tl': {
        const type = this.type();
        return closeList(node(Kind.BracedInit, type), this.bracedItems());
      }
      case 'il':
        return closeList(node(Kind.BracedInit), this.bracedItems());
      case 'cc':
      case 'dc':
      case 'rc':
      case 'sc': {
        const type = this.type();
        return worded(node(Kind.NamedCast, type, this.expression()), pair);
      }
      case 'nw':
      case 'na':
        return this.newExpression(pair, 0);
      case 'dl':
      case 'da':
        return worded(node(Kind.Delete, this.expression()), pair);
      case 'dt':
      case 'pt': {
        const object = this.expression();
        return worded(node(Kind.Binary, object, this.member()), pair);
      }
      case 'qu': {
        const condition = this.expression();
        const first = this.expression();
        const second = this.expression();
        const items = openList();
        addItem(condition);
        addItem(first);
        addItem(second);
        return closeList(worded(node(Kind.Conditional), pair), items);
      }
      case 'pp':
      case 'mm': {
        const prefix = this.take(95) ? 1 : 0;
        return worded(node(Kind.Unary, this.expression(), 0, prefix), pair);
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
    if (operator?.operands === 1) return worded(node(Kind.Unary, this.expression()), pair);
    if (operator?.operands === 2) {
      const left = this.expression();
      return worded(node(Kind.Binary, left, this.expression()), pair);
    }
    this.pos -= 2;
    return this.fail('unknown expression');
  }

  private expressionsUntilEnd(): number {
    const items = openList();
    while (!this.take(69)) addItem(this.expression());
    return items;
  }

  private argumentsUntilEnd(): number {
    const items = openList();
    while (!this.take(69)) addItem(this.templateArgument());
    return items;
  }

  /** u <name> <template argument>* E; up to version 11 Clang wrote u8__uuidoft <type> or u8__uuidofz <expression>. */
  private vendorExpression(): NodeId {
    const result = this.named(Kind.VendorExpression, this.identifier());
    const next = this.peek();
    if (hasText(result, '__uuidof') && (next === 116 || next === 122)) {
      this.pos++;
      return closeList(result, single(next === 116 ? this.type() : this.expression()));
    }
    return closeList(result, this.argumentsUntilEnd());
  }

  /** cv <type> <expression>, or cv <type> _ <expression>* E. */
  private convert(): NodeId {
    const { inConversion } = this;
    this.inConversion = true;
    const type = this.type();
    this.inConversion = inConversion;
    if (this.take(95)) return closeList(node(Kind.Convert, type), this.expressionsUntilEnd());
    return closeList(node(Kind.Convert, type, 0, 1), single(this.expression()));
  }

  /** mc <type> <expression> [<offset>] E: a pointer to a member of another class (section 5.1.6.2). */
  private memberConversion(): NodeId {
    const type = this.type();
    const member = this.expression();
    if (this.peek() !== 69) this.numberText();
    this.expect(69);
    return closeList(node(Kind.Convert, type, 0, 1), single(member));
  }

  private bracedItems(): number {
    const items = openList();
    while (!this.take(69)) addItem(this.bracedExpression());
    return items;
  }

  /** di <field> <value>, dx <index> <value>, dX <from> <to> <value>, or any expression. */
  private bracedExpression(): NodeId {
    const second = this.peek(1);
    if (this.peek() !== 100 || (second !== 105 && second !== 120 && second !== 88)) return this.expression();
    this.pos += 2;
    this.nest();
    let result: NodeId;
    if (second === 105) {
      const field = this.sourceName();
      result = closeList(worded(node(Kind.Designated, field), 'di'), single(this.bracedExpression()));
    } else {
      const from = this.expression();
      const to = second === 88 ? this.expression() : 0;
      result = closeList(
        worded(node(Kind.Designated, from, to), second === 88 ? 'dX' : 'dx'),
        single(this.bracedExpression()),
      );
    }
    this.depth--;
    return result;
  }

  /** nw <placement>* _ <type> E, or with pi <expression>* E or a braced list in place of E. */
  private newExpression(code: string, global: number): NodeId {
    const placement = openList();
    while (!this.take(95)) addItem(this.expression());
    const type = this.type();
    let initializer: NodeId = 0;
    if (this.peek() === 112 && this.peek(1) === 105) {
      this.pos += 2;
      initializer = closeList(node(Kind.ParenthesizedInit), this.expressionsUntilEnd());
    } else if (this.peek() === 105 && this.peek(1) === 108) {
      initializer = this.expression();
      // The ABI ends the expression with the list; some compilers add an E of its own.
      if (this.peek() === 69 && this.peek(1) === 69) this.pos++;
    } else this.expect(69);
    return closeList(worded(node(Kind.New, type, initializer, global), code), placement);
  }

  /** gs: the global form of new, delete or a name. */
  private globalExpression(): NodeId {
    this.pos += 2;
    const pair = this.pair();
    if (pair === 'nw' || pair === 'na') {
      this.pos += 2;
      return this.newExpression(pair, 1);
    }
    if (pair === 'dl' || pair === 'da') {
      this.pos += 2;
      return worded(node(Kind.Delete, this.expression(), 0, 1), pair);
    }
    return node(Kind.Global, this.unresolvedName());
  }

  /** fp, fpT, fL: parameters of the function, by level and number, with their top-level qualifiers. */
  private functionParameter(): NodeId {
    const nested = this.peek(1) === 76;
    this.pos += 2;
    let level = '';
    if (nested) {
      level = String(this.decimal() + 1);
      this.expect(112);
    } else if (this.take(84)) return node(Kind.FunctionParameter);
    this.cvQualifiers();
    const index = this.compactNumber() + 1;
    return worded(node(Kind.FunctionParameter, 0, 0, index), level);
  }

  /** fl, fr <operator> <pack>; fL, fR <operator> <expression> <expression>. */
  private fold(code: string): NodeId {
    this.pos += 2;
    const operator = this.pair();
    if (OPERATORS.get(operator)?.operands !== 2) this.fail('unknown operator');
    this.pos += 2;
    const first = this.expression();
    const second = code === 'fL' || code === 'fR' ? this.expression() : 0;
    return closeList(
      worded(node(Kind.Fold, first, second), code),
      single(worded(node(Kind.Operator), operator)),
    );
  }

  /** so <type> <expression> [<offset>] [<selector>* ] [p] E (section 5.1.6.2). */
  private subobject(): NodeId {
    const type = this.type();
    const object = this.expression();
    const start = this.pos;
    if (this.peek() === 110 || (this.peek() >= 48 && this.peek() <= 57)) this.numberText();
    const stop = this.pos;
    while (this.take(95)) this.pos = this.digitsEnd(this.pos);
    this.take(112);
    this.expect(69);
    return spelled(node(Kind.Subobject, object, type), start, stop);
  }

  /** rQ <parameter>* _ <requirement>+ E, rq <requirement>+ E. */
  private requiresExpression(code: string): NodeId {
    let parameters: NodeId = 0;
    if (code === 'rQ') {
      const types = openList();
      if (!this.take(118)) while (this.peek() !== 95) addItem(this.type());
      this.expect(95);
      parameters = closeList(node(Kind.Arguments), types);
    }
    const items = openList();
    do addItem(this.requirement());
    while (!this.take(69));
    return closeList(worded(node(Kind.Requires, parameters), code), items);
  }

  /** X <expression> [N] [R <concept>], T <type>, Q <constraint>. */
  private requirement(): NodeId {
    if (this.take(84)) return worded(node(Kind.Requirement, this.type()), 'T');
    if (this.take(81)) return worded(node(Kind.Requirement, this.expression()), 'Q');
    this.expect(88);
    const expression = this.expression();
    const noexcept = this.take(78) ? 1 : 0;
    const constraint = this.take(82) ? this.conceptName() : 0;
    return worded(node(Kind.Requirement, expression, constraint, noexcept), 'X');
  }

  /** L <type> <value> E, L _Z <encoding> E, L <closure> E. */
  override primary(): NodeId {
    this.expect(76);
    if (this.peek() === 90 || (this.peek() === 95 && this.peek(1) === 90)) {
      const mayBeLocal = !this.take(95);
      this.pos++;
      this.nest();
      const { enclosing } = this;
      const entity = this.encoding(true);
      this.enclosing = enclosing;
      this.depth--;
      this.expect(69);
      return (mayBeLocal && this.localValue(entity)) || entity;
    }
    if (this.peek() === 85 && this.peek(1) === 108) {
      const closure = this.closure(false);
      this.expect(69);
      return node(Kind.LambdaExpression, closure);
    }
    return this.literalOf(this.type());
  }

  private literalOf(type: NodeId): NodeId {
    const negative = this.take(110) ? 1 : 0;
    const start = this.pos;
    while (this.pos < this.end && text[this.pos] !== 69) this.pos++;
    const stop = this.pos;
    this.expect(69);
    return spelled(node(Kind.Literal, type, 0, negative), start, stop);
  }

  /**
   * L Z <encoding> E <entity> <value> E, of an enumeration that is local to the function `scope`; 0 for
   * L Z <encoding> E, which old versions of GCC wrote for L _Z <encoding> E.
   */
  private localValue(scope: NodeId): NodeId {
    const next = this.peek();
    if (next !== 78 && next !== 85 && !(next >= 48 && next <= 57)) return 0;
    const before = this.checkpoint();
    const type = this.remember(this.localEntity(scope, false));
    const value = this.peek();
    if (value === 110 || (value >= 48 && value <= 57)) return this.literalOf(type);
    this.backtrack(before);
    return 0;
  }
}

/** A list of one item, for `closeList`. */
function single(item: NodeId): number {
  const items = openList();
  addItem(item);
  return items;
}
