import { Kind, type Node, node } from '../ast.ts';
import { Scanner } from '../scanner.ts';
import { decodePunycode } from './punycode.ts';

/** Basic types of RFC 2603, by their letter. */
export const BASIC_TYPES: Readonly<Record<string, string>> = {
  a: 'i8',
  b: 'bool',
  c: 'char',
  d: 'f64',
  e: 'str',
  f: 'f32',
  h: 'u8',
  i: 'isize',
  j: 'usize',
  l: 'i32',
  m: 'u32',
  n: 'i128',
  o: 'u128',
  p: '_',
  s: 'i16',
  t: 'u16',
  u: '()',
  v: '...',
  x: 'i64',
  y: 'u64',
  z: '!',
};

const PATH = 0;
const TYPE = 1;
const CONSTANT = 2;
type Production = typeof PATH | typeof TYPE | typeof CONSTANT;

/** Longer identifiers in Punycode are an attack: decoding takes quadratic time. */
const MAX_PUNYCODE = 512;
const MAX_BINDER = 256;

/** The grammar of Rust symbol names, version 0 (RFC 2603). */
export class RustGrammar extends Scanner {
  private start = 0;
  /** Results of back references, by position and production. */
  private known = new Map<number, Node>();
  private backReferences = 0;

  /** A whole symbol after its `prefix` characters (`_R`). */
  symbol(text: string, prefix: number): Node {
    this.s = text;
    this.pos = prefix;
    this.start = prefix;
    this.depth = 0;
    this.known.clear();
    this.backReferences = 0;
    const dot = text.indexOf('.', prefix);
    this.end = dot < 0 ? text.length : dot;
    if (this.peek() >= 48 && this.peek() <= 57) this.fail('unknown version of the encoding');
    const path = this.path();
    const crate = this.pos < this.end ? this.path() : undefined;
    if (this.pos < this.end) this.fail('trailing characters');
    return node(Kind.RustSymbol, text.substring(this.end), path, crate);
  }

  private next(): number {
    const code = this.peek();
    if (code === 0) this.fail('unexpected end');
    this.pos++;
    return code;
  }

  private path(): Node {
    this.nest();
    const result = this.pathOf(this.next());
    this.depth--;
    return result;
  }

  private pathOf(code: number): Node {
    switch (code) {
      case 67: {
        // C
        const disambiguator = node(Kind.Name, this.disambiguator().toString(16));
        return node(Kind.Crate, this.identifier(), undefined, disambiguator);
      }
      case 77: // M
      case 88: {
        // X
        this.disambiguator();
        const place = [this.path()];
        const type = this.type();
        return node(Kind.Implementation, '', type, code === 88 ? this.path() : undefined, place);
      }
      case 89: {
        // Y
        const type = this.type();
        return node(Kind.Implementation, '', type, this.path());
      }
      case 78: {
        // N
        const space = this.next();
        if (!isLetter(space)) this.fail('namespace expected');
        const parent = this.path();
        const disambiguator = Number(this.disambiguator());
        const letter = node(Kind.Name, String.fromCharCode(space));
        return node(Kind.Item, this.identifier(), parent, letter, undefined, disambiguator);
      }
      case 73: {
        // I
        const path = this.path();
        const items: Node[] = [];
        while (!this.take(69)) items.push(this.genericArgument());
        return node(Kind.Generic, '', path, undefined, items);
      }
      case 66: // B
        return this.backReference(PATH);
    }
    this.pos--;
    return this.fail('path expected');
  }

  private genericArgument(): Node {
    if (this.take(76)) return this.lifetime();
    return this.take(75) ? this.constant() : this.type();
  }

  private lifetime(): Node {
    return node(Kind.Lifetime, '', undefined, undefined, undefined, this.small(this.base62()));
  }

  private type(): Node {
    this.nest();
    const result = this.typeOf();
    this.depth--;
    return result;
  }

  private typeOf(): Node {
    const code = this.next();
    const letter = String.fromCharCode(code);
    const basic = BASIC_TYPES[letter];
    if (basic !== undefined) return node(Kind.Builtin, basic);
    switch (letter) {
      case 'R':
      case 'Q': {
        const lifetime = this.take(76) ? this.small(this.base62()) : 0;
        return node(Kind.RustPointer, letter, this.type(), undefined, undefined, lifetime);
      }
      case 'P':
      case 'O':
        return node(Kind.RustPointer, letter, this.type());
      case 'A': {
        const element = this.type();
        return node(Kind.RustArray, '', element, this.constant());
      }
      case 'S':
        return node(Kind.RustArray, '', this.type());
      case 'T': {
        const items: Node[] = [];
        while (!this.take(69)) items.push(this.type());
        return node(Kind.Tuple, '', undefined, undefined, items);
      }
      case 'F':
        return this.functionType();
      case 'D':
        return this.dynType();
      case 'B':
        return this.backReference(TYPE);
    }
    this.pos--;
    return this.path();
  }

  private functionType(): Node {
    const bound = this.binder();
    const unsafe = this.take(85) ? 1 : 0;
    const abi = this.take(75) ? (this.take(67) ? 'C' : this.plainIdentifier().replaceAll('_', '-')) : '';
    const items: Node[] = [];
    while (!this.take(69)) items.push(this.type());
    const result = this.take(117) ? undefined : this.type();
    return node(Kind.RustFunction, abi, result, undefined, items, bound * 2 + unsafe);
  }

  private dynType(): Node {
    const bound = this.binder();
    const items: Node[] = [];
    while (!this.take(69)) items.push(this.traitBound());
    this.expect(76);
    return node(Kind.DynTrait, '', this.lifetime(), undefined, items, bound);
  }

  private traitBound(): Node {
    const path = this.path();
    const items: Node[] = [];
    while (this.take(112)) {
      const name = this.plainIdentifier();
      items.push(node(Kind.AssociatedType, name, this.type()));
    }
    return node(Kind.TraitBound, '', path, undefined, items);
  }

  private constant(): Node {
    this.nest();
    const code = this.next();
    let result: Node;
    if (code === 66) result = this.backReference(CONSTANT);
    else if (code === 112) result = node(Kind.Builtin, '_');
    else {
      const letter = String.fromCharCode(code);
      if (!'abchijlmnostxy'.includes(letter)) this.fail('constant expected');
      const negative = this.take(110) ? 1 : 0;
      if (negative === 1 && !'ailnsx'.includes(letter)) this.fail('sign of an unsigned constant');
      const from = this.pos;
      while (isHexadecimal(this.peek())) this.pos++;
      const digits = this.s.substring(from, this.pos);
      if (digits === '') this.fail('digit expected');
      this.expect(95);
      result = node(Kind.RustConstant, digits, node(Kind.Name, letter), undefined, undefined, negative);
    }
    this.depth--;
    return result;
  }

  /** B <base-62 number>: what stands at that offset, which comes before the reference. */
  private backReference(production: Production): Node {
    const at = this.pos - 1;
    const target = this.start + this.small(this.base62());
    if (target >= at) this.fail('reference forward');
    if (++this.backReferences > 4096) this.fail('too many references');
    const key = target * 3 + production;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { pos } = this;
    this.pos = target;
    const result = production === PATH ? this.path() : production === TYPE ? this.type() : this.constant();
    this.pos = pos;
    this.known.set(key, result);
    return result;
  }

  private binder(): number {
    if (!this.take(71)) return 0;
    const bound = this.small(this.base62()) + 1;
    if (bound > MAX_BINDER) this.fail('too many bound lifetimes');
    return bound;
  }

  private disambiguator(): bigint {
    return this.take(115) ? this.base62() + 1n : 0n;
  }

  /** `_` is 0, `0_` is 1, `Z_` is 62. */
  private base62(): bigint {
    if (this.take(95)) return 0n;
    let low = 0;
    let high = 0n;
    let count = 0;
    for (;;) {
      const digit = base62Digit(this.next());
      if (digit === 62) break;
      if (digit < 0) this.fail('base-62 digit expected');
      // Eight digits fit into a number; only hashes of crates are longer.
      if (count === 8) {
        high = BigInt(low);
        low = 0;
      }
      if (count >= 8) high = high * 62n + BigInt(digit);
      else low = low * 62 + digit;
      if (++count > 11) this.fail('number too large');
    }
    const value = (count > 8 ? high : BigInt(low)) + 1n;
    if (value >= 1n << 64n) this.fail('number too large');
    return value;
  }

  private small(value: bigint): number {
    if (value > 0x7fff_ffffn) this.fail('number too large');
    return Number(value);
  }

  private identifier(): string {
    return this.plainIdentifier();
  }

  /** [u] <length> [_] <bytes>; with u the bytes are Punycode, its delimiter an underscore. */
  private plainIdentifier(): string {
    const punycode = this.take(117);
    const length = this.take(48) ? 0 : this.decimal();
    this.take(95);
    if (length > this.end - this.pos) this.fail('identifier runs past the end');
    const bytes = this.s.substring(this.pos, this.pos + length);
    this.pos += length;
    if (!punycode) return bytes;
    if (length > MAX_PUNYCODE) this.fail('identifier too long');
    const split = bytes.lastIndexOf('_');
    const text = decodePunycode(split < 0 ? '' : bytes.substring(0, split), bytes.substring(split + 1));
    return text ?? this.fail('not Punycode');
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isHexadecimal(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

/** 62 for the underscore that ends the number, -1 for anything that is no digit. */
function base62Digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 122) return code - 87;
  if (code >= 65 && code <= 90) return code - 29;
  return code === 95 ? 62 : -1;
}
