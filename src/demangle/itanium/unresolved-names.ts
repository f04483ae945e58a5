import { Kind } from '../kinds.ts';
import { kindOf, leftOf, type NodeId, node, rightOf } from '../tree.ts';
import { NameGrammar } from './names.ts';
import { OPERATORS } from './operators.ts';

/** The names in expressions that depend on template parameters: <unresolved-name>, section 5.1.6. */
export abstract class UnresolvedNameGrammar extends NameGrammar {
  protected unresolvedName(): NodeId {
    const first = this.peek();
    const second = this.peek(1);
    if (first !== 115 || second !== 114) return this.unresolvedBase();
    this.pos += 2;
    const next = this.peek();
    if (next === 78 && this.followsAbi) {
      const before = this.checkpoint();
      this.pos++;
      const levels = this.qualifierLevels(this.unresolvedType());
      if (levels !== 0) return inScope(levels, this.unresolvedBase());
      this.backtrack(before);
    } else if (next >= 48 && next <= 57) {
      const before = this.checkpoint();
      const levels = this.qualifierLevels(this.simpleId());
      if (levels !== 0) return inScope(levels, this.unresolvedBase());
      this.backtrack(before);
    }
    const scope = this.type();
    return inScope(scope, this.unresolvedBase());
  }

  private unresolvedType(): NodeId {
    const code = this.peek();
    return code >= 48 && code <= 57 ? this.simpleId() : this.type();
  }

  /** <simple-id>* E after the first level; 0 when they are not such a list. */
  private qualifierLevels(first: NodeId): NodeId {
    let scope = first;
    while (this.peek() >= 48 && this.peek() <= 57) {
      scope = node(Kind.Qualified, scope, this.simpleId());
    }
    if (!this.take(69)) return 0;
    const next = this.peek();
    const named = (next >= 48 && next <= 57) || (next === 111 && this.peek(1) === 110);
    return named || (next === 100 && this.peek(1) === 110) ? scope : 0;
  }

  private simpleId(): NodeId {
    let name = this.sourceName();
    while (this.take(66)) name = this.named(Kind.AbiTag, this.identifier(), name);
    if (this.peek() !== 73) return name;
    return node(Kind.Template, name, this.templateArguments(false));
  }

  /** <simple-id>, on <operator> [arguments], dn <destructor>; old versions of GCC leave out the `on`. */
  protected unresolvedBase(): NodeId {
    const first = this.peek();
    const second = this.peek(1);
    if (first === 100 && second === 110) {
      this.pos += 2;
      return node(Kind.DestructorName, this.unresolvedType());
    }
    if (first === 111 && second === 110) {
      this.pos += 2;
      return this.operatorId();
    }
    return first >= 97 && OPERATORS.get(this.pair())?.nameable === true ? this.operatorId() : this.simpleId();
  }

  /** What follows `.` or `->`; GCC leaves out the `on` before operators up to its ABI version 15. */
  protected member(): NodeId {
    const pair = this.pair();
    // The name of a destructor, as GCC writes it: c++filt takes it for an operator.
    if (pair === 'co' && this.followsAbi && this.peek(2) !== 69 && this.peek(2) !== 73)
      return this.expression();
    return pair === 'cv' || OPERATORS.get(pair)?.nameable === true ? this.operatorId() : this.expression();
  }

  private operatorId(): NodeId {
    const operator = node(Kind.OperatorName, this.operatorName(false));
    if (this.peek() !== 73) return operator;
    return node(Kind.Template, operator, this.templateArguments(false));
  }
}

/** A qualified name; template arguments belong to the whole of it, as in every other nested name. */
function inScope(scope: NodeId, name: NodeId): NodeId {
  if (kindOf[name] !== Kind.Template) return node(Kind.Qualified, scope, name);
  return node(Kind.Template, node(Kind.Qualified, scope, leftOf[name]!), rightOf[name]!);
}
