import { DeclarationError, type Token, tokensOf } from './c-scanner.ts';
import type { CType, FunctionType, Parameter, TypeLike } from './c-type.ts';
import { INTEGERS } from './c-type.ts';
import { canonicalWord, combinedType, isCombined, TAGGED, wholeType } from './type-specifiers.ts';

/** A declaration: what is declared, and its name where the text gives one. */
export interface Declaration {
  readonly name: string | undefined;
  readonly type: CType;
}

/** Types by the names that a text may use: `struct point`, or a typedef's. */
export type NamedTypes = Readonly<Record<string, TypeLike>>;

/** The type that is meant. Throws `DeclarationError`. */
export const typeOf = (type: TypeLike, types?: NamedTypes): CType =>
  typeof type === 'string' ? parseDeclaration(type, types).type : type;

/**
 * Reads a type as C writes it, with or without a name (C11 6.7.6 and 6.7.7): `unsigned long`, `char name[16]`,
 * `void (*)(int)`. Qualifiers are read and forgotten: no call depends on them. A name that nobody knows is taken
 * for a type of which there can only be pointers, so that a prototype can be copied from a header. Throws
 * `DeclarationError`.
 */
export function parseDeclaration(text: string, types: NamedTypes = {}): Declaration {
  const parser = new DeclarationParser(text, types);
  const { name, type, start } = parser.declaration();
  parser.finish();
  parser.checkElement(type, start);
  return { name, type };
}

/** Reads a prototype: `int(int, const char *)`, `char *getenv(const char *name);`. Throws `DeclarationError`. */
export function parsePrototype(text: string, types?: NamedTypes): FunctionType {
  const { type } = parseDeclaration(text, types);
  if (type.kind === 'function') return type;
  throw new DeclarationError(text, text.trimEnd().length, "expected '(' and the parameters");
}

/** A declarator seen from the inside out: makes the declared type of what the specifiers at `start` name. */
type Wrap = (type: CType, start: number) => CType;
interface Declarator {
  readonly name: string | undefined;
  readonly wrap: Wrap;
}

class DeclarationParser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  /** Open parentheses: bounded, so that a hostile text ends in an error and not in a full stack. */
  private depth = 0;

  private readonly types: NamedTypes;

  constructor(text: string, types: NamedTypes) {
    this.text = text;
    this.types = types;
    this.tokens = tokensOf(text);
  }

  declaration(isParameter = false): Declaration & { readonly start: number } {
    const { type: base, at: start } = this.specifiers();
    const { name, wrap } = this.declarator(isParameter);
    return { name, type: wrap(base, start), start };
  }

  finish(): void {
    this.accept(';');
    if (this.token.kind !== 'end') this.fail(`'${this.token.text}' is not expected`);
  }

  /** Refuses a type that no register holds. */
  refuseValue(name: string, at: number, what: string): never {
    const words = name.split(' ');
    const isRecord = words[0] === 'struct' || words[0] === 'union';
    const isReal = words.includes('_Complex') || name === 'long double';
    const title = isRecord || isReal ? `'${name}' by value` : `unknown type '${name}'`;
    throw new DeclarationError(this.text, at, title, `${what} only a pointer to it`);
  }

  /** Refuses what has no size: it can only be pointed to. */
  checkElement(whole: CType, at: number): void {
    let type = whole;
    while (type.kind === 'array') {
      if (type.length === undefined) throw new DeclarationError(this.text, at, 'an array without a length');
      type = type.of;
    }
    if (type.kind === 'opaque') this.refuseValue(type.name, at, 'there is');
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private fail(what: string, at = this.token.at): never {
    throw new DeclarationError(this.text, at, what);
  }

  private accept(mark: string): boolean {
    const { kind, text } = this.token;
    if (kind !== 'mark' || text !== mark) return false;
    this.next++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.accept(mark)) this.fail(`expected '${mark}'`);
  }

  private word(offset = 0): string | undefined {
    const token = this.tokens[this.next + offset];
    return token?.kind === 'word' ? canonicalWord(token.text) : undefined;
  }

  /** `const`, `unsigned`, `long`, `struct node`… in any order. */
  private specifiers(): { type: CType; at: number } {
    const words: string[] = [];
    let whole: CType | undefined;
    let at = this.token.at;
    if (this.word() === 'extern') this.next++;
    for (let word = this.word(); word !== undefined; word = this.word()) {
      const isFirst = words.length === 0 && whole === undefined;
      if (word === 'const' || word === 'volatile') {
        this.next++;
        continue;
      }
      const isType = isCombined(word) || wholeType(word) !== undefined || TAGGED.includes(word);
      if (word === 'restrict') this.fail("'restrict' stands after a '*' only");
      if (!isType && !isFirst) break;
      if (isFirst) at = this.token.at;
      if (isCombined(word) && whole === undefined) {
        words.push(word);
        if (!canBecomeType(words)) this.fail(`'${word}' does not go with what stands before it`);
      } else if (isFirst) {
        whole = TAGGED.includes(word) ? this.tagged(word) : this.whole(word);
      } else {
        this.fail(`'${word}' does not go with what stands before it`);
      }
      this.next++;
    }
    const type = whole ?? (words.length === 0 ? undefined : combinedType(words));
    if (words.length === 0 && type === undefined) this.fail('expected a type');
    return { type: type ?? this.fail(`'${words.join(' ')}' is no type`, at), at };
  }

  /** `struct node`; an enumeration is an int (the psABIs: unless a constant does not fit). */
  private tagged(keyword: string): CType {
    this.next++;
    const tag = this.word();
    if (tag === undefined) this.fail(`expected the name of a ${keyword}`);
    return keyword === 'enum' ? INTEGERS.get('int')! : this.named(`${keyword} ${tag}`);
  }

  /** A type of one word; who gives one of this name means that. */
  private whole(word: string): CType {
    const given = Object.hasOwn(this.types, word);
    return (given ? undefined : wholeType(word)) ?? this.named(word);
  }

  private named(name: string): CType {
    const known = Object.hasOwn(this.types, name) ? this.types[name] : undefined;
    return known === undefined ? { kind: 'opaque', name } : typeOf(known, this.types);
  }

  private declarator(isParameter: boolean): Declarator {
    let pointers = 0;
    while (this.accept('*')) {
      pointers++;
      while (['const', 'volatile', 'restrict'].includes(this.word() ?? '')) this.next++;
    }
    const { name, wrap } = this.direct(isParameter);
    return {
      name,
      wrap: (type, start) => {
        let pointer = type;
        for (let count = 0; count < pointers; count++) pointer = { kind: 'pointer', to: pointer };
        return wrap(pointer, start);
      },
    };
  }

  /** A name or a declarator in parentheses, then `[…]` and `(…)`, which apply before what stands around them. */
  private direct(isParameter: boolean): Declarator {
    let inner: Declarator = { name: undefined, wrap: (type) => type };
    let isInner = false;
    const word = this.word();
    if (word !== undefined) {
      if (isCombined(word) || wholeType(word) || TAGGED.includes(word))
        this.fail(`'${word}' is not expected`);
      inner = { name: this.token.text, wrap: (type) => type };
      this.next++;
    } else if (this.token.text === '(' && !this.startsParameters()) {
      this.enter();
      inner = this.declarator(isParameter);
      this.leave();
      isInner = true;
    }
    const suffixes: Wrap[] = [];
    for (;;) {
      const { at } = this.token;
      if (this.accept('[')) {
        suffixes.push(this.array(isParameter && !isInner && suffixes.length === 0, at));
      } else if (this.token.text === '(') {
        suffixes.push(this.function(at));
      } else {
        return {
          name: inner.name,
          wrap: (type, start) => {
            const inside = suffixes.reduceRight((made, make) => make(made, start), type);
            return inner.wrap(inside, start);
          },
        };
      }
    }
  }

  /** Whether a parenthesis holds parameters and not a declarator. */
  private startsParameters(): boolean {
    const { kind, text } = this.tokens[this.next + 1]!;
    if (kind !== 'word') return !['*', '(', '['].includes(text);
    const word = canonicalWord(text);
    if (['const', 'volatile', ...TAGGED].includes(word) || isCombined(word) || wholeType(word)) return true;
    const after = this.tokens[this.next + 2]!;
    return after.kind === 'word' || after.text === '*';
  }

  private enter(): void {
    this.expect('(');
    if (++this.depth > MAX_DEPTH) this.fail('too many parentheses');
  }

  private leave(): void {
    this.expect(')');
    this.depth--;
  }

  private array(mayBeOpen: boolean, at: number): Wrap {
    // In a parameter qualifiers, `static` and any length may stand here: it is a pointer all the same.
    while (mayBeOpen && ['const', 'volatile', 'restrict', 'static'].includes(this.word() ?? '')) this.next++;
    let length: number | undefined;
    const { kind, text } = this.token;
    if (kind === 'number') {
      length = Number(text.replace(/^0(?=\d)/, '0o'));
      if (!Number.isSafeInteger(length)) this.fail('this is no length');
      this.next++;
    } else if (mayBeOpen && (kind === 'word' || text === '*')) {
      this.next++;
    } else if (!mayBeOpen) {
      this.fail('expected the length of the array');
    }
    this.expect(']');
    return (of) => {
      if (of.kind === 'void' || of.kind === 'function') this.fail(`there is no array of ${of.kind}`, at);
      return { kind: 'array', of, length };
    };
  }

  private function(at: number): Wrap {
    this.enter();
    const parameters = this.parameters();
    this.leave();
    return (result, start) => {
      if (result.kind === 'function' || result.kind === 'array') {
        this.fail(`a function cannot return ${result.kind === 'array' ? 'an array' : 'a function'}`, at);
      }
      if ('fields' in result) this.refuseValue(result.kind, start, 'a function here can return');
      if (result.kind === 'opaque') this.refuseValue(result.name, start, 'a function here can return');
      return { kind: 'function', result, parameters };
    };
  }

  private parameters(): Parameter[] {
    if (this.token.text === ')') return [];
    const isVoid = this.word() === 'void' && this.tokens[this.next + 1]!.text === ')';
    if (isVoid) {
      this.next++;
      return [];
    }
    const parameters: Parameter[] = [];
    do {
      if (this.token.text === '...') {
        const advice = 'declare the parameters that the call will have';
        throw new DeclarationError(this.text, this.token.at, "'...' cannot be called", advice);
      }
      const { name, type, start } = this.declaration(true);
      parameters.push({ name, type: this.adjusted(type, start) });
    } while (this.accept(','));
    return parameters;
  }

  /** Arrays and functions are passed as pointers (C11 6.7.6.3). */
  private adjusted(type: CType, at: number): CType {
    switch (type.kind) {
      case 'array':
        if (type.of.kind === 'array') this.checkElement(type.of, at);
        return { kind: 'pointer', to: type.of };
      case 'function':
        return { kind: 'pointer', to: type };
      case 'void':
        return this.fail('there is no parameter of type void', at);
      case 'struct':
      case 'union':
        return this.refuseValue(type.kind, at, 'a call can pass');
      case 'opaque':
        return this.refuseValue(type.name, at, 'a call can pass');
      default:
        return type;
    }
  }
}

const MAX_DEPTH = 100;

/** Whether more words can still make a type of these; `_Complex` alone waits for its kind of number. */
const canBecomeType = (words: readonly string[]) =>
  combinedType(words) !== undefined || combinedType([...words, 'double']) !== undefined;
