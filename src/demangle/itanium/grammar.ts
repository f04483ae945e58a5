import { ParseFailure } from '../failures.ts';
import { Kind } from '../kinds.ts';
import {
  addItem,
  closeList,
  kindOf,
  leftOf,
  type NodeId,
  nameStart,
  node,
  openList,
  restart,
  rightOf,
  spelled,
  textBetween,
  worded,
} from '../tree.ts';
import { ExpressionGrammar } from './expressions.ts';

/** Of a block of Clang: `___Z`. */
const BLOCK_PREFIX = 4;

/** By character code: what follows the parameters of a function, the end of the name among them. */
const ENDS_PARAMETERS = new Uint8Array(256);
for (const letter of '\0E._Q') ENDS_PARAMETERS[letter.charCodeAt(0)] = 1;

/** Whole symbols: the productions <mangled-name>, <encoding> and <special-name> of section 5.1. */
export class ItaniumGrammar extends ExpressionGrammar {
  /**
   * A whole symbol after its `prefix` characters, with the suffixes of optimisers; `block` for a block of
   * Clang. Where GCC and the ABI of today differ, `style` says which reading is tried first.
   */
  symbol(end: number, prefix: number, style: 'gnu' | 'llvm'): NodeId {
    this.newQualifiers = style === 'llvm';
    try {
      return this.wholeSymbol(end, prefix);
    } catch (failure) {
      if (!(failure instanceof ParseFailure) || !textBetween(nameStart, end).includes('srN')) throw failure;
      this.newQualifiers = !this.newQualifiers;
      restart();
      return this.wholeSymbol(end, prefix);
    }
  }

  private wholeSymbol(end: number, prefix: number): NodeId {
    this.begin(nameStart + prefix, end);
    let result = this.encoding(false);
    // In the initializer of a variable Clang leaves out the underscores in front.
    if (prefix === BLOCK_PREFIX || this.peek() === 95) result = this.blockInvocation(result);
    if (this.peek() === 46) {
      result = spelled(node(Kind.Clone, result), this.pos, end);
      this.pos = this.end;
    }
    if (this.pos < this.end) this.fail('trailing characters');
    return result;
  }

  /** _block_invoke, _block_invoke2 or _block_invoke_2. */
  private blockInvocation(enclosing: NodeId): NodeId {
    const word = '_block_invoke';
    if (!this.startsWith(word)) this.fail('_block_invoke expected');
    this.pos += word.length;
    const numbered = this.take(95);
    const stop = this.digitsEnd(this.pos);
    if (numbered && stop === this.pos) this.fail('number expected');
    this.pos = stop;
    return worded(node(Kind.Special, enclosing), 'block');
  }

  /** `nested`: inside another name, where an E follows. */
  override encoding(nested: boolean): NodeId {
    const code = this.peek();
    if (code === 84 || code === 71) return this.specialName();
    if (!nested) return this.entity();
    this.nest();
    const { scopes, enclosing, earlierCount, inConstraint, permitForward, closureLevel } = this;
    this.scopes = [];
    this.enclosing = [];
    this.earlierCount = 0;
    this.inConstraint = false;
    this.permitForward = false;
    this.closureLevel = -1;
    const result = this.entity();
    this.scopes = scopes;
    this.enclosing = enclosing;
    this.earlierCount = earlierCount;
    this.inConstraint = inConstraint;
    this.permitForward = permitForward;
    this.closureLevel = closureLevel;
    this.depth--;
    return result;
  }

  private entity(): NodeId {
    const forward = this.forward.length;
    let name = this.name(true);
    if (this.forward.length > forward) this.resolveForward(forward);
    if (this.peek() === 85 && this.startsWith('Ua9enable_if')) {
      this.pos += 12;
      name = node(Kind.EnableIf, name, this.templateArguments(false));
    }
    const next = this.peek();
    if (ENDS_PARAMETERS[next] === 1) return next === 81 ? this.withClause(name, 0) : name;
    const result = returnsType(name) ? this.type() : 0;
    const items = openList();
    if (this.take(118)) {
      if (ENDS_PARAMETERS[this.peek()] !== 1) this.fail('end of parameters expected');
    } else {
      do addItem(this.type());
      while (ENDS_PARAMETERS[this.peek()] !== 1);
    }
    const type = closeList(node(Kind.Function, result), items);
    return this.peek() === 81 ? this.withClause(name, type) : node(Kind.Encoding, name, type);
  }

  /** Q <constraint>: the trailing requires-clause. */
  private withClause(name: NodeId, type: NodeId): NodeId {
    const constraint = this.entityClause();
    const whole = type === 0 ? name : node(Kind.Encoding, name, type);
    return node(Kind.Constrained, whole, constraint);
  }

  /** T… and G… (section 5.1.4). */
  private specialName(): NodeId {
    const code = this.pair();
    const at = this.pos;
    this.pos += 2;
    switch (code) {
      case 'TV':
      case 'TT':
      case 'TI':
      case 'TS':
      case 'TF':
      case 'TJ':
        return spelled(node(Kind.Special, this.type()), at, at + 2);
      case 'TA':
        return spelled(node(Kind.Special, this.templateArgument()), at, at + 2);
      case 'TH':
      case 'TW':
      case 'GV':
        return spelled(node(Kind.Special, this.name(true)), at, at + 2);
      case 'GR': {
        const name = this.name(true);
        return spelled(node(Kind.Special, name, 0, this.temporaryNumber()), at, at + 2);
      }
      case 'GA':
        return spelled(node(Kind.Special, this.nestedEncoding()), at, at + 2);
      case 'GI':
        return spelled(node(Kind.Special, this.moduleInitializer()), at, at + 2);
      case 'GT': {
        const transaction = this.take(116) ? 't' : this.take(110) ? 'n' : this.fail('GTt or GTn expected');
        return worded(node(Kind.Special, this.nestedEncoding()), code + transaction);
      }
      case 'TC': {
        const complete = this.type();
        this.numberText();
        this.expect(95);
        return spelled(node(Kind.Special, this.type(), complete), at, at + 2);
      }
      case 'Th':
      case 'Tv':
        this.pos--;
        this.callOffset();
        return spelled(node(Kind.Special, this.nestedEncoding()), at, at + 2);
      case 'Tc':
        this.callOffset();
        this.callOffset();
        return spelled(node(Kind.Special, this.nestedEncoding()), at, at + 2);
    }
    this.pos -= 2;
    return this.fail('unknown special name');
  }

  private nestedEncoding(): NodeId {
    this.nest();
    const result = this.encoding(false);
    this.depth--;
    return result;
  }

  /** h <offset> _, or v <offset> _ <virtual offset> _. */
  private callOffset(): void {
    if (this.take(104)) this.numberText();
    else {
      if (!this.take(118)) this.fail('call offset expected');
      this.numberText();
      this.expect(95);
      this.numberText();
    }
    this.expect(95);
  }

  /** The sequence number of a reference temporary; old compilers left out the underscore after it. */
  private temporaryNumber(): number {
    if (this.peek() === 95) return this.sequenceId();
    const stop = this.digitsEnd(this.pos);
    if (stop > this.pos && stop === this.end) return this.decimal();
    return stop === this.end ? 0 : this.sequenceId();
  }
}

/** Functions with template arguments have their return type mangled, unless they cannot have one. */
function returnsType(name: NodeId): boolean {
  let at = name;
  for (;;) {
    switch (kindOf[at]) {
      case Kind.Template:
        return !withoutResult(leftOf[at]!);
      case Kind.Local:
        at = rightOf[at]!;
        break;
      case Kind.DefaultArgument:
      case Kind.MemberQualified:
      case Kind.EnableIf:
        at = leftOf[at]!;
        break;
      default:
        return false;
    }
  }
}

function withoutResult(name: NodeId): boolean {
  let at = name;
  for (;;) {
    switch (kindOf[at]) {
      case Kind.Constructor:
      case Kind.Destructor:
      case Kind.Conversion:
        return true;
      case Kind.Qualified:
      case Kind.Local:
        at = rightOf[at]!;
        break;
      case Kind.AbiTag:
      case Kind.Friend:
      case Kind.ModuleEntity:
        at = leftOf[at]!;
        break;
      default:
        return false;
    }
  }
}
