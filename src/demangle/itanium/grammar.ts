import { Kind, type Node, node } from '../ast.ts';
import { ParseFailure } from '../scanner.ts';
import { ExpressionGrammar } from './expressions.ts';

/** Whole symbols: the productions <mangled-name>, <encoding> and <special-name> of section 5.1. */
export class ItaniumGrammar extends ExpressionGrammar {
  /**
   * A whole symbol after its `prefix` characters, with the suffixes of optimisers; `block` for a block of
   * Clang. Where GCC and the ABI of today differ, `style` says which reading is tried first.
   */
  symbol(text: string, prefix: number, block: boolean, style: 'gnu' | 'llvm'): Node {
    this.newQualifiers = style === 'llvm';
    try {
      return this.wholeSymbol(text, prefix, block);
    } catch (failure) {
      if (!(failure instanceof ParseFailure) || !text.includes('srN')) throw failure;
      this.newQualifiers = !this.newQualifiers;
      return this.wholeSymbol(text, prefix, block);
    }
  }

  private wholeSymbol(text: string, prefix: number, block: boolean): Node {
    this.begin(text);
    this.pos = prefix;
    let result = this.encoding(false);
    if (block) result = this.blockInvocation(result);
    if (this.peek() === 46) {
      result = node(Kind.Clone, text.substring(this.pos), result);
      this.pos = this.end;
    }
    if (this.pos < this.end) this.fail('trailing characters');
    return result;
  }

  /** _block_invoke, _block_invoke2 or _block_invoke_2. */
  private blockInvocation(enclosing: Node): Node {
    const word = '_block_invoke';
    if (!this.s.startsWith(word, this.pos)) this.fail('_block_invoke expected');
    this.pos += word.length;
    const numbered = this.take(95);
    const stop = this.digitsEnd(this.pos);
    if (numbered && stop === this.pos) this.fail('number expected');
    this.pos = stop;
    return node(Kind.Special, 'block', enclosing);
  }

  /** `nested`: inside another name, where an E follows. */
  override encoding(nested: boolean): Node {
    const code = this.peek();
    if (code === 84 || code === 71) return this.specialName();
    if (!nested) return this.entity();
    this.nest();
    const { scopes, permitForward, closureLevel } = this;
    this.scopes = [];
    this.permitForward = false;
    this.closureLevel = -1;
    const result = this.entity();
    this.scopes = scopes;
    this.permitForward = permitForward;
    this.closureLevel = closureLevel;
    this.depth--;
    return result;
  }

  private entity(): Node {
    const forward = this.forward.length;
    let name = this.name(true);
    if (this.forward.length > forward) this.resolveForward(forward);
    if (this.peek() === 85 && this.s.startsWith('Ua9enable_if', this.pos)) {
      this.pos += 12;
      name = node(Kind.EnableIf, '', name, this.templateArguments(false));
    }
    if (this.endsEntity()) return name;
    if (this.peek() === 81) return this.constrained(name, undefined);
    const result = returnsType(name) ? this.type() : undefined;
    const items: Node[] = [];
    if (this.take(118)) {
      if (!this.endsEntity() && this.peek() !== 81) this.fail('end of parameters expected');
    } else {
      do items.push(this.type());
      while (!this.endsEntity() && this.peek() !== 81);
    }
    const type = node(Kind.Function, '', result, undefined, items);
    return this.peek() === 81 ? this.constrained(name, type) : node(Kind.Encoding, '', name, type);
  }

  /** Q <constraint>: the trailing requires-clause. */
  private constrained(name: Node, type: Node | undefined): Node {
    const constraint = this.clause();
    const whole = type === undefined ? name : node(Kind.Encoding, '', name, type);
    return node(Kind.Constrained, '', whole, constraint);
  }

  private endsEntity(): boolean {
    const code = this.peek();
    return code === 0 || code === 69 || code === 46 || code === 95;
  }

  /** T… and G… (section 5.1.4). */
  private specialName(): Node {
    const code = this.s.substring(this.pos, this.pos + 2);
    this.pos += 2;
    switch (code) {
      case 'TV':
      case 'TT':
      case 'TI':
      case 'TS':
      case 'TF':
      case 'TJ':
        return node(Kind.Special, code, this.type());
      case 'TA':
        return node(Kind.Special, code, this.templateArgument());
      case 'TH':
      case 'TW':
      case 'GV':
        return node(Kind.Special, code, this.name(true));
      case 'GR': {
        const name = this.name(true);
        return node(Kind.Special, code, name, undefined, undefined, this.temporaryNumber());
      }
      case 'GA':
        return node(Kind.Special, code, this.nestedEncoding());
      case 'GI':
        return node(Kind.Special, code, this.moduleInitializer());
      case 'GT': {
        const transaction = this.take(116) ? 't' : this.take(110) ? 'n' : this.fail('GTt or GTn expected');
        return node(Kind.Special, code + transaction, this.nestedEncoding());
      }
      case 'TC': {
        const complete = this.type();
        this.numberText();
        this.expect(95);
        return node(Kind.Special, code, this.type(), complete);
      }
      case 'Th':
      case 'Tv':
        this.pos--;
        this.callOffset();
        return node(Kind.Special, code, this.nestedEncoding());
      case 'Tc':
        this.callOffset();
        this.callOffset();
        return node(Kind.Special, code, this.nestedEncoding());
    }
    this.pos -= 2;
    return this.fail('unknown special name');
  }

  private nestedEncoding(): Node {
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
function returnsType(name: Node): boolean {
  let at: Node | undefined = name;
  for (;;) {
    switch (at?.kind) {
      case Kind.Template:
        return !withoutResult(at.left);
      case Kind.Local:
        at = at.right;
        break;
      case Kind.DefaultArgument:
      case Kind.MemberQualified:
      case Kind.EnableIf:
        at = at.left;
        break;
      default:
        return false;
    }
  }
}

function withoutResult(name: Node | undefined): boolean {
  let at = name;
  for (;;) {
    switch (at?.kind) {
      case Kind.Constructor:
      case Kind.Destructor:
      case Kind.Conversion:
        return true;
      case Kind.Qualified:
      case Kind.Local:
        at = at.right;
        break;
      case Kind.AbiTag:
      case Kind.Friend:
      case Kind.ModuleEntity:
        at = at.left;
        break;
      default:
        return false;
    }
  }
}
