import { Kind, type MutableNode, type Node, node, Qualifier } from '../ast.ts';
import { Scanner } from '../scanner.ts';

/** One level of template arguments that `T_` may refer to. */
type TemplateScope = readonly Node[] | undefined;

/** What a speculative read has to put back. */
interface Checkpoint {
  readonly pos: number;
  readonly depth: number;
  readonly substitutions: number;
  readonly lastName: string;
}

/** A place to remember: more substitutions than this only serve an attack. */
const MAX_SUBSTITUTIONS = 65_536;
const NON_ASCII = /[\u0080-\uffff]/;
/** A table larger than any compiler needs is not kept for the next name. */
const KEPT_SUBSTITUTIONS = 1024;

/**
 * The state that the productions of the Itanium C++ ABI share: the substitutions seen so far (section
 * 5.1.10), the template arguments in scope, and the productions that are defined further down the chain of
 * grammar classes, so that each of them can stand in a file of its own.
 */
export abstract class Context extends Scanner {
  /** Kept from name to name; the first `known` are those of the name at hand. */
  private substitutions: Node[] = [];
  private known = 0;
  /** Template arguments by level; level 0 belongs to the function that is being read. */
  scopes: TemplateScope[] = [];
  /** Template parameters of a conversion operator, which precede the arguments that they refer to. */
  forward: MutableNode[] = [];
  permitForward = false;
  inConversion = false;
  /** Level of the closure whose parameters are being read, -1 outside: there T_ stands for `auto`. */
  closureLevel = -1;
  /** Synthetic template parameters declared so far, by kind: type, value, template. */
  declared: [number, number, number] = [0, 0, 0];
  /** The name has characters that are more than one byte of UTF-8. */
  private wide = false;
  /** The source identifier read last: c++filt names constructors after it. */
  lastName = '';

  abstract encoding(nested: boolean): Node;
  abstract name(tag: boolean): Node;
  abstract type(): Node;
  abstract expression(): Node;
  abstract templateArguments(tag: boolean): Node;
  abstract templateParameter(): Node;
  abstract closure(): Node;

  begin(text: string): void {
    this.s = text;
    this.pos = 0;
    this.end = text.length;
    this.depth = 0;
    this.wide = NON_ASCII.test(text);
    this.known = 0;
    if (this.substitutions.length > KEPT_SUBSTITUTIONS) this.substitutions = [];
    if (this.scopes.length > 0) this.scopes = [];
    if (this.forward.length > 0) this.forward = [];
    this.permitForward = false;
    this.inConversion = false;
    this.closureLevel = -1;
    this.declared[0] = this.declared[1] = this.declared[2] = 0;
    this.lastName = '';
  }

  checkpoint(): Checkpoint {
    const { pos, depth, lastName } = this;
    return { pos, depth, lastName, substitutions: this.known };
  }

  backtrack(to: Checkpoint): void {
    this.pos = to.pos;
    this.depth = to.depth;
    this.lastName = to.lastName;
    this.known = to.substitutions;
  }

  remember(candidate: Node): Node {
    if (this.known >= MAX_SUBSTITUTIONS) this.fail('too many substitutions');
    this.substitutions[this.known++] = candidate;
    return candidate;
  }

  /** `_` is 0, `0_` is 1, `Z_` is 36: the sequence numbers of substitutions. */
  sequenceId(): number {
    if (this.take(95)) return 0;
    let value = 0;
    for (;;) {
      const code = this.peek();
      this.pos++;
      if (code >= 48 && code <= 57) value = value * 36 + (code - 48);
      else if (code >= 65 && code <= 90) value = value * 36 + (code - 55);
      else if (code === 95) return value + 1;
      else this.fail('substitution number expected');
      if (value > MAX_SUBSTITUTIONS) this.fail('substitution number too large');
    }
  }

  /** `_` is 0, `0_` is 1, `1_` is 2: the numbers of parameters, closures and the like. */
  compactNumber(): number {
    if (this.take(95)) return 0;
    const value = this.decimal() + 1;
    this.expect(95);
    return value;
  }

  /** An optionally negative number (`n` for minus) as it is spelled. */
  numberText(): string {
    const start = this.pos;
    this.take(110);
    const digits = this.pos;
    this.pos = this.digitsEnd(digits);
    if (this.pos === digits) this.fail('number expected');
    return this.s.substring(start, this.pos);
  }

  /** S_ S0_ St Sa Sb Ss Si So Sd, without what may follow. `prefixed`: it is a prefix of a nested name. */
  substitution(): Node {
    this.expect(83);
    const code = this.peek();
    switch (code) {
      case 116: // t
        this.pos++;
        return STD;
      case 97: // a
        return this.abbreviation('a', 'allocator');
      case 98: // b
        return this.abbreviation('b', 'basic_string');
      case 115: // s
        return this.abbreviation('s', 'basic_string');
      case 105: // i
        return this.abbreviation('i', 'basic_istream');
      case 111: // o
        return this.abbreviation('o', 'basic_ostream');
      case 100: // d
        return this.abbreviation('d', 'basic_iostream');
    }
    const at = this.pos;
    const id = this.sequenceId();
    const found = this.substitutions[id];
    if (found === undefined || id >= this.known) {
      this.pos = at;
      this.fail('substitution refers to nothing');
    }
    return found;
  }

  private abbreviation(letter: string, last: string): Node {
    this.pos++;
    this.lastName = last;
    return node(Kind.StdAbbreviation, letter);
  }

  /** Where `length` bytes of UTF-8 end: the ABI counts the bytes of an identifier, not its characters. */
  private byteEnd(start: number, length: number): number {
    let at = start;
    for (let bytes = 0; bytes < length && at < this.end; at++) {
      const code = this.s.charCodeAt(at);
      // Each half of a surrogate pair counts for two of the four bytes.
      const surrogate = code >= 0xd800 && code <= 0xdfff;
      bytes += code < 0x80 ? 1 : code < 0x800 || surrogate ? 2 : 3;
      if (bytes >= length) return at + 1;
    }
    return length === 0 ? start : this.end + 1;
  }

  /** A source name: its length, then its characters. */
  identifier(): string {
    // Written out, as most characters of most names are read here.
    const { s } = this;
    let start = this.pos;
    let length = 0;
    for (;;) {
      const digit = s.charCodeAt(start) - 48;
      if (!(digit >= 0 && digit <= 9) || length > this.end) break;
      length = length * 10 + digit;
      start++;
    }
    if (length === 0) this.fail('identifier expected');
    const stop = this.wide ? this.byteEnd(start, length) : start + length;
    if (stop > this.end) this.fail('identifier runs past the end');
    this.pos = stop;
    return s.substring(start, stop);
  }

  /** r V K in any number, as Qualifier bits. */
  cvQualifiers(): number {
    let bits = 0;
    if (this.take(114)) bits |= Qualifier.Restrict;
    if (this.take(86)) bits |= Qualifier.Volatile;
    if (this.take(75)) bits |= Qualifier.Const;
    return bits;
  }
}

export const STD: Node = node(Kind.Name, 'std');
