import { Kind, type Node, node, Qualifier } from '../ast.ts';
import { BUILTINS, D_BASE, D_BUILTINS } from './builtin-types.ts';
import { Context } from './context.ts';

/** Fixed-point types of ISO/IEC TR 18037, coded DA, DR (Itanium C++ ABI, section 5.1.5.2), DS for saturated. */
const FIXED_POINT: Readonly<Record<string, string>> = {
  s: 'short ',
  t: 'unsigned short ',
  i: '',
  j: 'unsigned ',
  l: 'long ',
  m: 'unsigned long ',
};

/** The production <type> of the Itanium C++ ABI, section 5.1.5. */
export abstract class TypeGrammar extends Context {
  override type(): Node {
    const code = this.peek();
    const builtin = BUILTINS[code];
    if (builtin !== undefined) {
      this.pos++;
      return builtin;
    }
    this.nest();
    const result = this.compoundType(code);
    this.depth--;
    return result;
  }

  private compoundType(code: number): Node {
    switch (code) {
      case 80: // P
        this.pos++;
        return this.remember(node(Kind.Pointer, '', this.type()));
      case 82: // R
        this.pos++;
        return this.remember(node(Kind.LvalueReference, '', this.type()));
      case 79: // O
        this.pos++;
        return this.remember(node(Kind.RvalueReference, '', this.type()));
      case 75: // K
      case 86: // V
      case 114: // r
        return this.qualifiedType();
      case 83: // S
        return this.substitutedType();
      case 84: // T
        return this.parameterOrElaborated();
      case 70: // F
        return this.remember(this.functionType(0, undefined));
      case 65: // A
        return this.arrayType();
      case 77: {
        // M
        this.pos++;
        const scope = this.type();
        return this.remember(node(Kind.MemberPointer, '', scope, this.type()));
      }
      case 67: // C
        this.pos++;
        return this.remember(node(Kind.Complex, '', this.type()));
      case 71: // G
        this.pos++;
        return this.remember(node(Kind.Imaginary, '', this.type()));
      case 85: // U
        if (this.peek(1) === 108 || this.peek(1) === 116 || this.peek(1) === 98) return this.classType();
        return this.vendorQualified();
      case 117: {
        // u
        this.pos++;
        const text = this.identifier();
        const args = this.peek() === 73 ? this.templateArguments(false) : undefined;
        return this.remember(node(Kind.VendorType, text, undefined, args));
      }
      case 68: // D
        return this.dType();
      default:
        return this.classType();
    }
  }

  private classType(): Node {
    return this.remember(this.name(false));
  }

  /** cv-qualifiers belong to a function type when one follows: then they are its `this` qualifiers. */
  private qualifiedType(): Node {
    const bits = this.cvQualifiers();
    const next = this.peek();
    if (next === 70 || (next === 68 && this.startsFunction(this.peek(1)))) {
      return this.remember(this.functionWithSpecification(bits));
    }
    return this.remember(node(Kind.CvQualified, '', this.type(), undefined, undefined, bits));
  }

  /** Do DO Dw Dx: an exception specification or transaction_safe before a function type. */
  private startsFunction(second: number): boolean {
    return second === 111 || second === 79 || second === 119 || second === 120;
  }

  private functionWithSpecification(bits: number): Node {
    let specification: Node | undefined;
    let flags = bits;
    while (this.peek() === 68) {
      const second = this.peek(1);
      this.pos += 2;
      if (second === 111) specification = node(Kind.Noexcept);
      else if (second === 79) {
        specification = node(Kind.Noexcept, '', this.expression());
        this.expect(69);
      } else if (second === 119) {
        const items: Node[] = [];
        while (!this.take(69)) items.push(this.type());
        specification = node(Kind.Throw, '', undefined, undefined, items);
      } else if (second === 120) flags |= Qualifier.TransactionSafe;
      else this.fail('function type expected');
    }
    return this.functionType(flags, specification);
  }

  private functionType(bits: number, specification: Node | undefined): Node {
    this.expect(70);
    let flags = bits;
    if (this.take(89)) flags |= Qualifier.ExternC;
    const result = this.type();
    const items: Node[] = [];
    for (;;) {
      const code = this.peek();
      if (code === 69) break;
      if (code === 118 && items.length === 0 && this.closesFunction(this.peek(1), this.peek(2))) {
        this.pos++;
        break;
      }
      if (this.closesFunction(code, this.peek(1))) break;
      items.push(this.type());
    }
    if (this.take(82)) flags |= Qualifier.Lvalue;
    else if (this.take(79)) flags |= Qualifier.Rvalue;
    this.expect(69);
    return node(Kind.Function, '', result, specification, items, flags);
  }

  /** E, or a ref-qualifier and E. */
  private closesFunction(code: number, next: number): boolean {
    return code === 69 || ((code === 82 || code === 79) && next === 69);
  }

  private arrayType(): Node {
    this.pos++;
    let dimension: Node | undefined;
    const code = this.peek();
    if (code >= 48 && code <= 57) dimension = node(Kind.Name, this.numberText());
    else if (code !== 95) dimension = this.expression();
    this.expect(95);
    return this.remember(node(Kind.Array, '', this.type(), dimension));
  }

  /** Vendor qualifiers and the cv-qualifiers after them are one candidate for substitution. */
  private vendorQualified(): Node {
    return this.remember(this.vendorQualifier());
  }

  private vendorQualifier(): Node {
    this.nest();
    this.pos++;
    const text = this.identifier();
    const args = this.peek() === 73 ? this.templateArguments(false) : undefined;
    let inner: Node;
    if (this.peek() === 85 && this.peek(1) <= 57) inner = this.vendorQualifier();
    else {
      const bits = this.cvQualifiers();
      const type = this.type();
      inner = bits === 0 ? type : node(Kind.CvQualified, '', type, undefined, undefined, bits);
    }
    this.depth--;
    return node(Kind.VendorQualified, text, inner, args);
  }

  private substitutedType(): Node {
    if (this.peek(1) === 116) return this.classType();
    const start = this.pos;
    const found = this.substitution();
    if (found.kind === Kind.ModuleName) {
      this.pos = start;
      return this.classType();
    }
    if (this.peek() !== 73 || (this.inConversion && found.kind === Kind.Template)) return found;
    return this.remember(node(Kind.Template, '', found, this.templateArguments(false)));
  }

  private parameterOrElaborated(): Node {
    const next = this.peek(1);
    if (next === 115 || next === 117 || next === 101) {
      this.pos += 2;
      const keyword = next === 115 ? 'struct' : next === 117 ? 'union' : 'enum';
      return this.remember(node(Kind.Elaborated, keyword, this.name(false)));
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
    return this.remember(node(Kind.Template, '', parameter, args));
  }

  /** Types whose code starts with D. */
  private dType(): Node {
    const second = this.peek(1);
    const builtin = D_BUILTINS[second];
    if (builtin !== undefined) {
      this.pos += 2;
      return builtin;
    }
    switch (second) {
      case 116: // t
      case 84: // T
        return this.remember(this.decltype());
      case 112: // p
        this.pos += 2;
        return this.remember(node(Kind.PackExpansion, '', this.type()));
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
        return node(Kind.ConstrainedAuto, second === 107 ? 'auto' : 'decltype(auto)', this.name(false));
      case 65: // A
      case 82: // R
      case 83: // S
        return this.fixedPointType();
    }
    return this.fail('unknown type');
  }

  protected decltype(): Node {
    this.pos += 2;
    const expression = this.expression();
    this.expect(69);
    return node(Kind.Decltype, '', expression);
  }

  private vectorType(): Node {
    this.pos += 2;
    let dimension: Node | undefined;
    const code = this.peek();
    if (code >= 48 && code <= 57) dimension = node(Kind.Name, this.numberText());
    else if (code !== 95) dimension = this.expression();
    this.expect(95);
    const element = this.take(112) ? node(Kind.Builtin, 'pixel') : this.type();
    return this.remember(node(Kind.Vector, '', element, dimension));
  }

  /** DF16_ _Float16, DF16b bfloat16, DF32x _Float32x. */
  private floatType(): Node {
    this.pos += 2;
    const bits = this.decimal();
    if (this.take(98)) {
      if (bits !== 16) this.fail('unknown floating-point type');
      return node(Kind.Builtin, 'std::bfloat16_t', undefined, undefined, undefined, D_BASE + 70);
    }
    const extended = this.take(120) ? 'x' : '';
    if (extended === '') this.expect(95);
    const text = `_Float${bits}${extended}`;
    return node(Kind.Builtin, text, undefined, undefined, undefined, D_BASE + 70);
  }

  private bitIntType(unsigned: number): Node {
    this.pos += 2;
    const code = this.peek();
    const size = code >= 48 && code <= 57 ? node(Kind.Name, String(this.decimal())) : this.expression();
    this.expect(95);
    return node(Kind.BitInt, '', size, undefined, undefined, unsigned);
  }

  private fixedPointType(): Node {
    let prefix = '';
    if (this.peek(1) === 83) {
      prefix = '_Sat ';
      this.pos += 2;
    }
    const kind = this.peek(1);
    const size = FIXED_POINT[this.s.charAt(this.pos + 2)];
    if (this.peek() !== 68 || (kind !== 65 && kind !== 82) || size === undefined) this.fail('unknown type');
    this.pos += 3;
    return node(Kind.Builtin, `${prefix}${size}${kind === 65 ? '_Accum' : '_Fract'}`);
  }
}
