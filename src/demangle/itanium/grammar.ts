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
import { isMisread } from './misread.ts';

/** Of a block of Clang: `___Z`. */
const BLOCK_PREFIX = 4;

const MISREAD = 'substitutions that make no sense';

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
    this.followsAbi = style === 'llvm';
    this.countsMembers = true;
    this.acceptsMisread = false;
    try {
      return this.wholeSymbol(end, prefix);
    } catch (failure) {
      if (!(failure instanceof ParseFailure)) throw failure;
      return this.readOtherwise(end, prefix, failure);
    }
  }

  /** The other readings of a name that has productions of which there are two. */
  private readOtherwise(end: number, prefix: number, failure: ParseFailure): NodeId {
    const name = textBetween(nameStart, end);
    const readings: (() => void)[] = [];
    if (name.includes('MUl')) readings.push(() => (this.countsMembers = false));
    if (/srN|Tk|Dk|Q/.test(name)) readings.push(() => (this.followsAbi = !this.followsAbi));
    if (readings.length === 2) readings.push(() => (this.countsMembers = true));
    if (failure.reason === MISREAD) {
      const { followsAbi } = this;
      readings.push(() => {
        this.followsAbi = followsAbi;
        this.countsMembers = true;
        this.acceptsMisread = true;
      });
    }
    for (const change of readings) {
      change();
      restart();
      try {
        return this.wholeSymbol(end, prefix);
      } catch (next) {
        if (!(next instanceof ParseFailure)) throw next;
      }
    }
    throw failure;
  }

  /** No other reading makes more sense. */
  private acceptsMisread = false;

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
    const isDoubtful = this.leftConceptOut || this.noTypes.length > 0;
    if (isDoubtful && !this.acceptsMisread && isMisread(this.noTypes)) this.fail(MISREAD);
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

  /** `nested`: inside another name, where an E follows; then `enclosing` is left as it is at the end of it. */
  override encoding(nested: boolean): NodeId {
    const code = this.peek();
    if (code === 84 || code === 71) return this.specialName();
    if (!nested) return this.entity();
    this.nest();
    const { scopes, earlierCount, inConstraint, permitForward, closureLevel } = this;
    if (!inConstraint) this.scopes = [];
    this.enclosing = [];
    this.earlierCount = 0;
    this.permitForward = false;
    this.closureLevel = -1;
    const result = this.entity();
    this.scopes = scopes;
    this.earlierCount = earlierCount;
    this.inConstraint = inConstraint;
    this.permitForward = permitForward;
    this.closureLevel = closureLevel;
    this.depth--;
    return result;
  }

  private entity(): NodeId {
    const forward = this.forward.length;
    let name = this.inConstraint ? this.dependentName() : this.name(true);
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
      do {
        const parameter = this.type();
        addItem(this.peek() === 85 ? this.sized(parameter) : parameter);
      } while (ENDS_PARAMETERS[this.peek()] !== 1);
    }
    const type = closeList(node(Kind.Function, result), items);
    return this.peek() === 81 ? this.withClause(name, type) : node(Kind.Encoding, name, type);
  }

  /**
   * A name in a constraint: the template arguments in it may mention the parameters that the constraint counts,
   * and its signature the last of these arguments.
   */
  private dependentName(): NodeId {
    const name = this.name(false);
    const template = templateOf(name);
    this.inConstraint = false;
    this.scopes = kindOf[template] === Kind.Template ? [rightOf[template]!] : [];
    return name;
  }

  /**
   * The attribute pass_object_size of Clang looks like a vendor qualifier, but stands behind the parameter that
   * has it, and is no part of its type.
   */
  private sized(parameter: NodeId): NodeId {
    if (!this.startsWith('U17pass_object_size') && !this.startsWith('U25pass_dynamic_object_size'))
      return parameter;
    this.pos++;
    return this.named(Kind.VendorQualified, this.identifier(), parameter);
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
        return spelled(node(Kind.Special, this.name(true)), at, at + 2);
      case 'GV':
        return spelled(node(Kind.Special, this.guarded()), at, at + 2);
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

  /** A variable, or the temporary of a reference, which GCC marks as GR does. */
  private guarded(): NodeId {
    const name = this.name(true);
    const next = this.peek();
    const numbered = (next >= 48 && next <= 57) || (next >= 65 && next <= 90);
    if (!numbered && (next !== 95 || this.startsWith('_block'))) return name;
    return worded(node(Kind.Special, name, 0, this.sequenceId()), 'GR');
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
  const template = templateOf(name);
  return kindOf[template] === Kind.Template && !withoutResult(leftOf[template]!);
}

/** The template that a name ends with, or another kind of name. */
function templateOf(name: NodeId): NodeId {
  let at = name;
  for (;;) {
    switch (kindOf[at]) {
      case Kind.Local:
        at = rightOf[at]!;
        break;
      case Kind.DefaultArgument:
      case Kind.MemberQualified:
      case Kind.EnableIf:
        at = leftOf[at]!;
        break;
      default:
        return at;
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
