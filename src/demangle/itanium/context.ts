import { Kind, Qualifier } from '../kinds.ts';
import { Scanner } from '../scanner.ts';
import {
  constant,
  itemOf,
  type NodeId,
  node,
  numberOf,
  openItem,
  rightOf,
  spelled,
  spelledAs,
  text,
  textOf,
} from '../tree.ts';
import { undeclared } from './declared-arguments.ts';
import { Rebinding } from './rebinding.ts';

/**
 * One level of template arguments that `T_` may refer to: the node that has them, or the parameters that a
 * closure has declared so far; undefined for a closure with `auto` only.
 */
export type TemplateScope = NodeId | readonly NodeId[] | undefined;

/** What a speculative read has to put back. */
interface Checkpoint {
  readonly pos: number;
  readonly depth: number;
  readonly substitutions: number;
  readonly lastName: NodeId;
}

/** A place to remember: more substitutions than this only serve an attack. */
const MAX_SUBSTITUTIONS = 16_384;

/** What is remembered are nodes of the name at hand, of which there are no more. */
const substitutions = new Uint16Array(MAX_SUBSTITUTIONS);

const ABBREVIATED: Readonly<Record<string, string>> = {
  a: 'allocator',
  b: 'basic_string',
  s: 'basic_string',
  i: 'basic_istream',
  o: 'basic_ostream',
  d: 'basic_iostream',
};

/** The nodes of S_ with a letter, and those of the names that they end with, by the letter's code. */
const ABBREVIATIONS = new Uint16Array(128);
const LAST_NAMES = new Uint16Array(128);
for (const [letter, last] of Object.entries(ABBREVIATED)) {
  ABBREVIATIONS[letter.charCodeAt(0)] = constant(Kind.StdAbbreviation, letter);
  LAST_NAMES[letter.charCodeAt(0)] = constant(Kind.Name, last);
}

/**
 * The state that the productions of the Itanium C++ ABI share: the substitutions seen so far (section
 * 5.1.10), the template arguments in scope, and the productions that are defined further down the chain of
 * grammar classes, so that each of them can stand in a file of its own.
 */
export abstract class Context extends Scanner {
  /** So many substitutions belong to the name at hand. */
  private known = 0;
  /** Template arguments by level; level 0 belongs to the function that is being read. */
  scopes: TemplateScope[] = [];
  /** The template arguments of the entity that is being read, the outermost first: what its constraints count. */
  enclosing: NodeId[] = [];
  /** The list of the entity's template arguments that is not yet complete. */
  earlier = 0;
  /** So many of them. */
  earlierCount = 0;
  /** A constraint is being read: there `T_` belongs to the outermost template, not to the function. */
  inConstraint = false;
  /** A constraint was met in the name. */
  protected hasConstraint = false;
  private readonly rebinding = new Rebinding((parameter) => this.inLevel(parameter));
  /** The template parameters that constraints mentioned. */
  protected readonly inConstraints = new Set<NodeId>();
  /** Template parameters of a conversion operator, which precede the arguments that they refer to. */
  forward: NodeId[] = [];
  permitForward = false;
  inConversion = false;
  /** Level of the closure whose parameters are being read, -1 outside: there T_ stands for `auto`. */
  closureLevel = -1;
  /** Synthetic template parameters declared so far, by kind: type, value, template. */
  declared: [number, number, number] = [0, 0, 0];
  /** The node with the source identifier read last, 0 before: c++filt names constructors after it. */
  lastName: NodeId = 0;

  /**
   * Two productions are ambiguous. By today's ABI `srN` starts qualifier levels, and a concept with arguments
   * counts as a substitution (`Tk`); GCC writes a nested name after `sr`, and does not count the concept.
   */
  followsAbi = false;
  /** The variable or member whose initializer has a closure (M) is a substitution; not so in GCC before version 13. */
  countsMembers = true;
  /** Concepts, variables and members that are substitutions, but no types. */
  protected readonly noTypes: NodeId[] = [];
  /** A concept had arguments and was not counted, as Clang would have counted it. */
  protected leftConceptOut = false;
  /** The template arguments around the local entity that is being read, the outermost first. */
  around: readonly NodeId[] = NONE;

  abstract encoding(nested: boolean): NodeId;
  abstract name(tag: boolean): NodeId;
  abstract type(): NodeId;
  abstract expression(): NodeId;
  abstract templateArguments(tag: boolean): NodeId;
  abstract templateParameter(): NodeId;
  abstract closure(tag: boolean): NodeId;
  abstract constraintOfParameter(): NodeId;

  /** Starts to read at `pos` of a name that ends at `end`. */
  begin(pos: number, end: number): void {
    this.pos = pos;
    this.end = end;
    this.depth = 0;
    this.known = 0;
    if (this.scopes.length > 0) this.scopes = [];
    if (this.forward.length > 0) this.forward = [];
    if (this.enclosing.length > 0) this.enclosing.length = 0;
    this.earlierCount = 0;
    this.around = NONE;
    if (this.noTypes.length > 0) this.noTypes.length = 0;
    this.leftConceptOut = false;
    this.inConstraint = false;
    if (this.hasConstraint) this.forgetConstraints();
    this.permitForward = false;
    this.inConversion = false;
    this.closureLevel = -1;
    this.declared[0] = this.declared[1] = this.declared[2] = 0;
    this.lastName = 0;
  }

  private forgetConstraints(): void {
    this.hasConstraint = false;
    this.inConstraints.clear();
    this.rebinding.begin();
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

  /** The template argument or declared parameter that `T_` stands for, 0 when there is none in scope. */
  protected inScope(level: number, index: number): NodeId {
    // An entity has fewer levels than its constraint counts where a friend or a local function leaves some out.
    const scope = this.scopes[this.inConstraint ? Math.min(level, this.scopes.length - 1) : level];
    if (scope === undefined) return 0;
    if (scope === EARLIER) return this.amongEarlier(index);
    return typeof scope === 'number' ? undeclared(itemOf(scope, index)) : (scope[index] ?? 0);
  }

  /** An argument that was read of those that are being read. */
  protected amongEarlier(index: number): NodeId {
    return index < this.earlierCount ? undeclared(openItem(this.earlier, index)) : 0;
  }

  remember(candidate: NodeId): NodeId {
    if (this.known >= MAX_SUBSTITUTIONS) this.fail('too many substitutions');
    substitutions[this.known++] = candidate;
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

  /** Goes over an optionally negative number (`n` for minus) and returns where it starts. */
  numberText(): number {
    const start = this.pos;
    this.take(110);
    const digits = this.pos;
    this.pos = this.digitsEnd(digits);
    if (this.pos === digits) this.fail('number expected');
    return start;
  }

  /** S_ S0_ St Sa Sb Ss Si So Sd, without what may follow. `prefixed`: it is a prefix of a nested name. */
  substitution(): NodeId {
    this.expect(83);
    const code = this.peek();
    if (code >= 97) {
      if (code === 116) {
        this.pos++;
        return STD;
      }
      const abbreviation = code < 128 ? ABBREVIATIONS[code]! : 0;
      if (abbreviation === 0) this.fail('substitution number expected');
      this.pos++;
      this.lastName = LAST_NAMES[code]!;
      return abbreviation;
    }
    const at = this.pos;
    const id = this.sequenceId();
    if (id >= this.known) {
      this.pos = at;
      this.fail('substitution refers to nothing');
    }
    const found = substitutions[id]!;
    return this.hasConstraint ? this.rebinding.rebound(found) : found;
  }

  /** A template parameter that the signature mentioned, as its level counts in a constraint, or the reverse. */
  private inLevel(parameter: NodeId): NodeId {
    if (!this.inConstraint && !this.inConstraints.has(parameter)) return parameter;
    const argument = this.inScope(Number(textOf(parameter)), numberOf[parameter]!);
    if (argument === 0 && !this.inConstraint) return parameter;
    const result = node(Kind.TemplateParameter, argument, rightOf[parameter], numberOf[parameter]);
    if (this.inConstraint) this.inConstraints.add(result);
    return spelledAs(result, parameter);
  }

  /** Goes over a source name, which is its length and its bytes, and returns where these start. */
  identifier(): number {
    // Written out, as most characters of most names are read here.
    const { end } = this;
    let start = this.pos;
    let length = 0;
    while (start < end) {
      const digit = text[start]! - 48;
      if (!(digit >= 0 && digit <= 9) || length > end) break;
      length = length * 10 + digit;
      start++;
    }
    if (length === 0) this.fail('identifier expected');
    const stop = start + length;
    if (stop > end) this.fail('identifier runs past the end');
    this.pos = stop;
    return start;
  }

  /** A node with the text from `start` to the position. */
  protected named(kind: Kind, start: number, left: NodeId = 0, right: NodeId = 0, value = 0): NodeId {
    return spelled(node(kind, left, right, value), start, this.pos);
  }

  /** [r] [V] [K], as Qualifier bits. */
  cvQualifiers(): number {
    let bits = 0;
    let before = Qualifier.Restrict + 1;
    for (;;) {
      const bit = CV_QUALIFIERS[this.peek()] ?? 0;
      // In this order each has a lower bit than the one before.
      if (bit === 0 || bit >= before) return bits;
      bits |= bit;
      before = bit;
      this.pos++;
    }
  }
}

/** The Qualifier bits of r V K, by character code. */
const CV_QUALIFIERS = new Uint8Array(128);
CV_QUALIFIERS[114] = Qualifier.Restrict;
CV_QUALIFIERS[86] = Qualifier.Volatile;
CV_QUALIFIERS[75] = Qualifier.Const;

const NONE: readonly NodeId[] = [];

/** In `scopes`: the template arguments that are being read. */
export const EARLIER: NodeId = -1;

export const STD: NodeId = constant(Kind.Name, 'std');
