import { Kind } from '../kinds.ts';
import {
  addItem,
  closeList,
  constant,
  leftOf,
  type NodeId,
  nameStart,
  node,
  openList,
  spelled,
  text,
  textBetween,
  textOf,
  worded,
} from '../tree.ts';
import { ConstantGrammar, PATH, type Production, TYPE } from './constants.ts';
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
const BASIC_NODES = new Uint16Array(128);
for (const [letter, word] of Object.entries(BASIC_TYPES)) {
  BASIC_NODES[letter.charCodeAt(0)] = constant(Kind.Builtin, word);
}
/** Longer identifiers in Punycode are an attack: decoding takes quadratic time. */
const MAX_PUNYCODE = 512;
const MAX_BINDER = 256;
/** Indices and offsets are small; only the hashes of crates need 64 bits. */
const MAX_NUMBER = 0x7fff_ffff;
/** More crates than one library has names of. */
const MAX_CRATES = 4096;
/** Eleven digits hold 64 bits. */
const MAX_DIGITS = 11;
const NO_DISAMBIGUATOR = constant(Kind.Name, '0');
const END_OF_NUMBER = 62;

/** The grammar of Rust symbol names, version 0 (RFC 2603). */
export class RustGrammar extends ConstantGrammar {
  /** Results of back references, by position and production. */
  private readonly known = new Map<number, NodeId>();
  /** Disambiguators of crates by their digits, kept from name to name. */
  private readonly crates = new Map<string, string>();
  /** Where the symbol goes on after its `_R`: back references count from here. */
  private start = 0;
  private backReferences = 0;

  /** A whole symbol, which ends at `end`, after its `_R`. */
  symbol(end: number): NodeId {
    this.start = nameStart + 2;
    this.pos = this.start;
    this.depth = 0;
    if (this.known.size > 0) this.known.clear();
    this.backReferences = 0;
    const dot = text.subarray(0, end).indexOf(46, this.start);
    this.end = dot < 0 ? end : dot;
    if (this.peek() >= 48 && this.peek() <= 57) this.fail('unknown version of the encoding');
    const path = this.path();
    const crate = this.pos < this.end ? this.path() : 0;
    if (this.pos < this.end) this.fail('trailing characters');
    return spelled(node(Kind.RustSymbol, path, crate), this.end, end);
  }

  protected override path(): NodeId {
    this.nest();
    const result = this.pathOf(this.next());
    this.depth--;
    return result;
  }

  private pathOf(code: number): NodeId {
    switch (code) {
      case 67: {
        // C
        const disambiguator = this.crateDisambiguator();
        return this.identified(node(Kind.Crate, 0, disambiguator));
      }
      case 77: // M
      case 88: {
        // X
        this.disambiguator();
        const place = this.path();
        const type = this.type();
        const trait = code === 88 ? this.path() : 0;
        const items = openList();
        addItem(place);
        return closeList(node(Kind.Implementation, type, trait), items);
      }
      case 89: {
        // Y
        const type = this.type();
        return node(Kind.Implementation, type, this.path());
      }
      case 78: {
        // N
        const at = this.pos;
        const space = this.next();
        if (!isLetter(space)) this.fail('namespace expected');
        const parent = this.path();
        const disambiguator = this.disambiguator();
        const letter = spelled(node(Kind.Name), at, at + 1);
        return this.identified(node(Kind.Item, parent, letter, disambiguator));
      }
      case 73: {
        // I
        const path = this.path();
        const items = openList();
        while (!this.take(69)) addItem(this.genericArgument());
        return closeList(node(Kind.Generic, path), items);
      }
      case 66: // B
        return this.backReference(PATH);
    }
    this.pos--;
    return this.fail('path expected');
  }

  private genericArgument(): NodeId {
    if (this.take(76)) return this.lifetime();
    return this.take(75) ? this.constant() : this.type();
  }

  private lifetime(): NodeId {
    return node(Kind.Lifetime, 0, 0, this.base62());
  }

  private type(): NodeId {
    this.nest();
    const result = this.typeOf();
    this.depth--;
    return result;
  }

  private typeOf(): NodeId {
    const code = this.next();
    const basic = BASIC_NODES[code] ?? 0;
    if (basic !== 0) return basic;
    const at = this.pos - 1;
    const letter = String.fromCharCode(code);
    switch (letter) {
      case 'R':
      case 'Q': {
        const lifetime = this.take(76) ? this.base62() : 0;
        return spelled(node(Kind.RustPointer, this.type(), 0, lifetime), at, at + 1);
      }
      case 'P':
      case 'O':
        return spelled(node(Kind.RustPointer, this.type()), at, at + 1);
      case 'A': {
        const element = this.type();
        return node(Kind.RustArray, element, this.constant());
      }
      case 'S':
        return node(Kind.RustArray, this.type());
      case 'T': {
        const items = openList();
        while (!this.take(69)) addItem(this.type());
        return closeList(node(Kind.Tuple), items);
      }
      case 'F':
        return this.functionType();
      case 'D':
        return this.dynType();
      case 'W': {
        const type = this.type();
        return node(Kind.RustPatternType, type, this.pattern());
      }
      case 'B':
        return this.backReference(TYPE);
    }
    this.pos--;
    return this.path();
  }

  private functionType(): NodeId {
    const bound = this.binder();
    const unsafe = this.take(85) ? 1 : 0;
    const abi = this.take(75) ? this.abi() : '';
    const items = openList();
    while (!this.take(69)) addItem(this.type());
    const result = this.take(117) ? 0 : this.type();
    return closeList(worded(node(Kind.RustFunction, result, 0, bound * 2 + unsafe), abi), items);
  }

  private abi(): string {
    return this.take(67) ? 'C' : textOf(this.identified(node(Kind.Name))).replaceAll('_', '-');
  }

  private dynType(): NodeId {
    const bound = this.binder();
    const items = openList();
    while (!this.take(69)) addItem(this.traitBound());
    this.expect(76);
    return closeList(node(Kind.DynTrait, this.lifetime(), 0, bound), items);
  }

  private traitBound(): NodeId {
    const path = this.path();
    const items = openList();
    while (this.take(112)) {
      const type = this.identified(node(Kind.AssociatedType));
      leftOf[type] = this.type();
      addItem(type);
    }
    return closeList(node(Kind.TraitBound, path), items);
  }

  /** B <base-62 number>: what stands at that offset, which comes before the reference. */
  protected override backReference(production: Production): NodeId {
    const at = this.pos - 1;
    const target = this.start + this.base62();
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
    const bound = this.base62() + 1;
    if (bound > MAX_BINDER) this.fail('too many bound lifetimes');
    return bound;
  }

  protected override disambiguator(): number {
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
  private crateDisambiguator(): NodeId {
    if (!this.take(115)) return NO_DISAMBIGUATOR;
    const start = this.pos;
    const stop = text.indexOf(95, start);
    if (stop < 0 || stop >= this.end || stop - start > MAX_DIGITS) this.fail('base-62 number expected');
    const digits = textBetween(start, stop);
    this.pos = stop + 1;
    const known = this.crates.get(digits);
    if (known !== undefined) return worded(node(Kind.Name), known);
    const value = fromBase62(digits) ?? this.fail('base-62 number expected');
    if (value >= 1n << 64n) this.fail('number too large');
    const disambiguator = BigInt.asUintN(64, value + 1n).toString(16);
    if (this.crates.size >= MAX_CRATES) this.crates.clear();
    this.crates.set(digits, disambiguator);
    return worded(node(Kind.Name), disambiguator);
  }

  /** Gives a node the name that is next: [u] <length> [_] <bytes>; with u it is Punycode, its delimiter _. */
  protected override identified(id: NodeId): NodeId {
    const punycode = this.take(117);
    const length = this.take(48) ? 0 : this.decimal();
    this.take(95);
    if (length > this.end - this.pos) this.fail('identifier runs past the end');
    const start = this.pos;
    this.pos += length;
    if (!punycode) return spelled(id, start, this.pos);
    if (length > MAX_PUNYCODE) this.fail('identifier too long');
    const bytes = textBetween(start, this.pos);
    const split = bytes.lastIndexOf('_');
    const decoded = decodePunycode(split < 0 ? '' : bytes.substring(0, split), bytes.substring(split + 1));
    return decoded === undefined ? this.fail('not Punycode') : worded(id, decoded);
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
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
