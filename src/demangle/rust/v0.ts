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

/** By the character code of the letter. */
const BASIC_NODES: readonly (Node | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const text = BASIC_TYPES[String.fromCharCode(code)];
  return text === undefined ? undefined : node(Kind.Builtin, text);
});

const PATH = 0;
const TYPE = 1;
const CONSTANT = 2;
type Production = typeof PATH | typeof TYPE | typeof CONSTANT;

/** Longer identifiers in Punycode are an attack: decoding takes quadratic time. */
const MAX_PUNYCODE = 512;
const MAX_BINDER = 256;
/** Indices and offsets are small; only the hashes of crates need 64 bits. */
const MAX_NUMBER = 0x7fff_ffff;
/** Longer names are rare; a table for them may be slow. */
const USUAL_LENGTH = 1024;
/** More crates than one library has names of. */
const MAX_CRATES = 4096;
/** Eleven digits hold 64 bits. */
const MAX_DIGITS = 11;
const NO_DISAMBIGUATOR = node(Kind.Name, '0');
const END_OF_NUMBER = 62;

/** The grammar of Rust symbol names, version 0 (RFC 2603). */
export class RustGrammar extends Scanner {
  private start = 0;
  /** Results of back references, by position and production; `references` says which are set. */
  private readonly known: (Node | undefined)[] = new Array(USUAL_LENGTH * 3).fill(undefined);
  private readonly references: number[] = [];
  /** Disambiguators of crates by their digits, kept from name to name. */
  private readonly crates = new Map<string, Node>();
  private backReferences = 0;

  /** A whole symbol after its `prefix` characters (`_R`). */
  symbol(text: string, prefix: number): Node {
    this.s = text;
    this.pos = prefix;
    this.start = prefix;
    this.depth = 0;
    for (const key of this.references) this.known[key] = undefined;
    if (this.references.length > 0) this.references.length = 0;
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
        const disambiguator = this.crateDisambiguator();
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
        const disambiguator = this.disambiguator();
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
    return node(Kind.Lifetime, '', undefined, undefined, undefined, this.base62());
  }

  private type(): Node {
    this.nest();
    const result = this.typeOf();
    this.depth--;
    return result;
  }

  private typeOf(): Node {
    const code = this.next();
    const basic = BASIC_NODES[code];
    if (basic !== undefined) return basic;
    const letter = String.fromCharCode(code);
    switch (letter) {
      case 'R':
      case 'Q': {
        const lifetime = this.take(76) ? this.base62() : 0;
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
    const abi = this.take(75) ? (this.take(67) ? 'C' : this.identifier().replaceAll('_', '-')) : '';
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
      const name = this.identifier();
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
    const target = this.start + this.base62();
    if (target >= at) this.fail('reference forward');
    if (++this.backReferences > 4096) this.fail('too many references');
    const key = target * 3 + production;
    const known = this.known[key];
    if (known !== undefined) return known;
    const { pos } = this;
    this.pos = target;
    const result = production === PATH ? this.path() : production === TYPE ? this.type() : this.constant();
    this.pos = pos;
    this.known[key] = result;
    this.references.push(key);
    return result;
  }

  private binder(): number {
    if (!this.take(71)) return 0;
    const bound = this.base62() + 1;
    if (bound > MAX_BINDER) this.fail('too many bound lifetimes');
    return bound;
  }

  private disambiguator(): number {
    return this.take(115) ? this.base62() + 1 : 0;
  }

  /** `_` is 0, `0_` is 1, `Z_` is 62. */
  private base62(): number {
    if (this.take(95)) return 0;
    let value = 0;
    for (;;) {
      const digit = base62Digit(this.next());
      if (digit === END_OF_NUMBER) return value + 1;
      if (digit < 0) this.fail('base-62 digit expected');
      value = value * 62 + digit;
      if (value > MAX_NUMBER) this.fail('number too large');
    }
  }

  /** The disambiguator of a crate is a hash of 64 bits; the few of a library come again in each name. */
  private crateDisambiguator(): Node {
    if (!this.take(115)) return NO_DISAMBIGUATOR;
    const start = this.pos;
    const stop = this.s.indexOf('_', start);
    if (stop < 0 || stop - start > MAX_DIGITS) this.fail('base-62 number expected');
    const digits = this.s.substring(start, stop);
    this.pos = stop + 1;
    const known = this.crates.get(digits);
    if (known !== undefined) return known;
    const value = fromBase62(digits) ?? this.fail('base-62 number expected');
    if (value >= 1n << 64n) this.fail('number too large');
    const disambiguator = node(Kind.Name, BigInt.asUintN(64, value + 1n).toString(16));
    if (this.crates.size >= MAX_CRATES) this.crates.clear();
    this.crates.set(digits, disambiguator);
    return disambiguator;
  }

  /** [u] <length> [_] <bytes>; with u the bytes are Punycode, its delimiter an underscore. */
  private identifier(): string {
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

/** The value of a base-62 number before its underscore, undefined when a digit is none. */
function fromBase62(digits: string): bigint | undefined {
  if (digits === '') return 0n;
  let value = 0n;
  for (let at = 0; at < digits.length; at++) {
    const digit = base62Digit(digits.charCodeAt(at));
    if (digit < 0) return undefined;
    value = value * 62n + BigInt(digit);
  }
  return value + 1n;
}

/** 62 for the underscore that ends the number, -1 for anything that is no digit. */
function base62Digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 122) return code - 87;
  if (code >= 65 && code <= 90) return code - 29;
  return code === 95 ? END_OF_NUMBER : -1;
}
