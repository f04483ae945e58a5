import { Kind, Qualifier } from '../kinds.ts';
import {
  addItem,
  closeList,
  constant,
  kindOf,
  type NodeId,
  node,
  openList,
  spelled,
  worded,
} from '../tree.ts';
import { BUILTINS, D_BASE, D_BUILTINS } from './builtin-types.ts';
import { Context } from './context.ts';
import { isCurrentInstantiation } from './current-instantiation.ts';

/** Fixed-point types of ISO/IEC TR 18037, coded DA, DR (Itanium C++ ABI, section 5.1.5.2), DS for saturated. */
const FIXED_POINT: Readonly<Record<string, string>> = {
  s: 'short ',
  t: 'unsigned short ',
  i: '',
  j: 'unsigned ',
  l: 'long ',
  m: 'unsigned long ',
};

/** The kinds of types that are one letter before another type, by the letter's code. */
const WRAPPERS = new Uint8Array(128);
WRAPPERS[80] = Kind.Pointer; // P
WRAPPERS[82] = Kind.LvalueReference; // R
WRAPPERS[79] = Kind.RvalueReference; // O
WRAPPERS[67] = Kind.Complex; // C
WRAPPERS[71] = Kind.Imaginary; // G

const PIXEL = constant(Kind.Builtin, 'pixel');
const BFLOAT16 = constant(Kind.Builtin, 'std::bfloat16_t', D_BASE + 70);

/** The production <type> of the Itanium C++ ABI, section 5.1.5. */
export abstract class TypeGrammar extends Context {
  override type(): NodeId {
    const code = this.peek();
    const builtin = BUILTINS[code] ?? 0;
    if (builtin !== 0) {
      this.pos++;
      return builtin;
    }
    this.nest();
    const result = this.compoundType(code);
    this.depth--;
    return result;
  }

  private compoundType(code: number): NodeId {
    const wrapper = (WRAPPERS[code] ?? 0) as Kind | 0;
    if (wrapper !== 0) {
      this.pos++;
      return this.remember(node(wrapper, this.type()));
    }
    switch (code) {
      case 75: // K
      case 86: // V
      case 114: // r
        return this.qualifiedType();
      case 83: // S
        return this.substitutedType();
      case 84: // T
        return this.parameterOrElaborated();
      case 70: // F
        return this.remember(this.functionType(0, 0));
      case 65: // A
        return this.arrayType();
      case 77: {
        // M
        this.pos++;
        const scope = this.type();
        return this.remember(node(Kind.MemberPointer, scope, this.type()));
      }
      case 85: // U
        // A vendor qualifier is a source name.
        return this.peek(1) > 57 ? this.classType() : this.vendorQualified();
      case 117: {
        // u
        this.pos++;
        const start = this.identifier();
        const stop = this.pos;
        const args = this.peek() === 73 ? this.templateArguments(false) : 0;
        return this.remember(spelled(node(Kind.VendorType, 0, args), start, stop));
      }
      case 68: // D
        return this.dType();
      default:
        return this.classType();
    }
  }

  private classType(): NodeId {
    return this.rememberClass(this.name(false));
  }

  /** Clang counts the class around twice when a constraint mentions it: as the class, and as its template. */
  private rememberClass(type: NodeId): NodeId {
    if (this.inConstraint && this.followsAbi && isCurrentInstantiation(type, this.enclosing))
      this.remember(type);
    return this.remember(type);
  }

  /** cv-qualifiers belong to a function type when one follows: then they are its `this` qualifiers. */
  private qualifiedType(): NodeId {
    const bits = this.cvQualifiers();
    const next = this.peek();
    if (next === 70 || (next === 68 && this.startsFunction(this.peek(1)))) {
      return this.remember(this.functionWithSpecification(bits));
    }
    return this.remember(node(Kind.CvQualified, this.type(), 0, bits));
  }

  /** Do DO Dw Dx: an exception specification or transaction_safe before a function type. */
  private startsFunction(second: number): boolean {
    return second === 111 || second === 79 || second === 119 || second === 120;
  }

  private functionWithSpecification(bits: number): NodeId {
    let specification: NodeId = 0;
    let flags = bits;
    while (this.peek() === 68) {
      const second = this.peek(1);
      this.pos += 2;
      if (second === 111) specification = node(Kind.Noexcept);
      else if (second === 79) {
        specification = node(Kind.Noexcept, this.expression());
        this.expect(69);
      } else if (second === 119) {
        const items = openList();
        while (!this.take(69)) addItem(this.type());
        specification = closeList(node(Kind.Throw), items);
      } else if (second === 120) flags |= Qualifier.TransactionSafe;
      else this.fail('function type expected');
    }
    return this.functionType(flags, specification);
  }

  private functionType(bits: number, specification: NodeId): NodeId {
    this.expect(70);
    let flags = bits;
    if (this.take(89)) flags |= Qualifier.ExternC;
    const result = this.type();
    const items = openList();
    for (;;) {
      const code = this.peek();
      if (code === 69) break;
      if (code === 118 && openList() === items && this.closesFunction(this.peek(1), this.peek(2))) {
        this.pos++;
        break;
      }
      if (this.closesFunction(code, this.peek(1))) break;
      addItem(this.type());
    }
    if (this.take(82)) flags |= Qualifier.Lvalue;
    else if (this.take(79)) flags |= Qualifier.Rvalue;
    this.expect(69);
    return closeList(node(Kind.Function, result, specification, flags), items);
  }

  /** E, or a ref-qualifier and E. */
  private closesFunction(code: number, next: number): boolean {
    return code === 69 || ((code === 82 || code === 79) && next === 69);
  }

  private arrayType(): NodeId {
    this.pos++;
    let dimension: NodeId = 0;
    const code = this.peek();
    if (code >= 48 && code <= 57) dimension = this.named(Kind.Name, this.numberText());
    else if (code !== 95) dimension = this.expression();
    this.expect(95);
    return this.remember(node(Kind.Array, this.type(), dimension));
  }

  /** Vendor qualifiers and the cv-qualifiers after them are one candidate for substitution. */
  private vendorQualified(): NodeId {
    return this.remember(this.vendorQualifier());
  }

  private vendorQualifier(): NodeId {
    this.nest();
    this.pos++;
    const start = this.identifier();
    const stop = this.pos;
    const args = this.peek() === 73 ? this.templateArguments(false) : 0;
    let inner: NodeId;
    if (this.peek() === 85 && this.peek(1) <= 57) inner = this.vendorQualifier();
    else {
      const bits = this.cvQualifiers();
      const type = this.type();
      inner = bits === 0 ? type : node(Kind.CvQualified, type, 0, bits);
    }
    this.depth--;
    return spelled(node(Kind.VendorQualified, inner, args), start, stop);
  }

  private substitutedType(): NodeId {
    if (this.peek(1) === 116) return this.classType();
    const start = this.pos;
    const found = this.substitution();
    if (kindOf[found] === Kind.ModuleName) {
      this.pos = start;
      return this.classType();
    }
    if (this.peek() !== 73 || (this.inConversion && kindOf[found] === Kind.Template)) {
      return found;
    }
    return this.rememberClass(node(Kind.Template, found, this.templateArguments(false)));
  }

  private parameterOrElaborated(): NodeId {
    const next = this.peek(1);
    if (next === 115 || next === 117 || next === 101) {
      this.pos += 2;
      const keyword = next === 115 ? 'struct' : next === 117 ? 'union' : 'enum';
      return this.remember(worded(node(Kind.Elaborated, this.name(false)), keyword));
    }
    const parameter = this.remember(this.templateParameter());
    if (this.peek() !== 73) return parameter;
    const before = this.checkpoint();
    const args = this.templateArguments(false);
    // Arguments after a conversion operator's type belong to the operator, unless it has some of its own.
    if (this.inConversion && this.peek() !== 73) {
      this.backtrack(before);
      return parameter;
    }
    return this.remember(node(Kind.Template, parameter, args));
  }

  /** Types whose code starts with D. */
  private dType(): NodeId {
    const second = this.peek(1);
    const builtin = D_BUILTINS[second] ?? 0;
    if (builtin !== 0) {
      this.pos += 2;
      return builtin;
    }
    switch (second) {
      case 116: // t
      case 84: // T
        return this.remember(this.decltype());
      case 112: // p
        this.pos += 2;
        return this.remember(node(Kind.PackExpansion, this.type()));
      case 121: {
        // y: an element of a pack, which the ABI does not have yet; as Clang writes it.
        this.pos += 2;
        const pack = node(Kind.PackExpansion, this.type());
        return this.remember(node(Kind.PackIndex, pack, this.expression()));
      }
      case 118: // v
        return this.vectorType();
      case 111: // o
      case 79: // O
      case 119: // w
      case 120: // x
        return this.remember(this.functionWithSpecification(0));
      case 70: // F
        return this.floatType();
      case 66: // B
      case 85: // U
        return this.bitIntType(second === 85 ? 1 : 0);
      case 107: // k
      case 75: // K
        this.pos += 2;
        return worded(
          node(Kind.ConstrainedAuto, this.constraintOfParameter()),
          second === 107 ? 'auto' : 'decltype(auto)',
        );
      case 65: // A
      case 82: // R
      case 83: // S
        return this.fixedPointType();
    }
    return this.fail('unknown type');
  }

  protected decltype(): NodeId {
    this.pos += 2;
    const expression = this.expression();
    this.expect(69);
    return node(Kind.Decltype, expression);
  }

  private vectorType(): NodeId {
    this.pos += 2;
    let dimension: NodeId = 0;
    const code = this.peek();
    if (code >= 48 && code <= 57) dimension = this.named(Kind.Name, this.numberText());
    else if (code !== 95) dimension = this.expression();
    this.expect(95);
    const element = this.take(112) ? PIXEL : this.type();
    return this.remember(node(Kind.Vector, element, dimension));
  }

  /** DF16_ _Float16, DF16b bfloat16, DF32x _Float32x. */
  private floatType(): NodeId {
    this.pos += 2;
    const bits = this.decimal();
    if (this.take(98)) {
      if (bits !== 16) this.fail('unknown floating-point type');
      return BFLOAT16;
    }
    const extended = this.take(120) ? 'x' : '';
    if (extended === '') this.expect(95);
    const text = `_Float${bits}${extended}`;
    return worded(node(Kind.Builtin, 0, 0, D_BASE + 70), text);
  }

  private bitIntType(unsigned: number): NodeId {
    this.pos += 2;
    const code = this.peek();
    const size =
      code >= 48 && code <= 57 ? worded(node(Kind.Name), String(this.decimal())) : this.expression();
    this.expect(95);
    return node(Kind.BitInt, size, 0, unsigned);
  }

  private fixedPointType(): NodeId {
    let prefix = '';
    if (this.peek(1) === 83) {
      prefix = '_Sat ';
      this.pos += 2;
    }
    const kind = this.peek(1);
    const size = FIXED_POINT[String.fromCharCode(this.peek(2))];
    if (this.peek() !== 68 || (kind !== 65 && kind !== 82) || size === undefined) this.fail('unknown type');
    this.pos += 3;
    return worded(node(Kind.Builtin), `${prefix}${size}${kind === 65 ? '_Accum' : '_Fract'}`);
  }
}
