import fc from 'fast-check';

/** Names, operators and types that the generator picks from. */
const IDENTIFIERS = ['a', 'foo', 'Bar', 'value', '_x1', 'operator_', 'std', 'type'];
const BUILTINS = [...'ivbcahstjlmxynofdewz', 'Dn', 'Di', 'Ds', 'Du'];
const OPERATORS = ['pl', 'mi', 'eq', 'lt', 'cl', 'ix', 'aS', 'nw', 'da', 'pt', 'ss', 'rS', 'co'];
const BINARY = ['pl', 'mi', 'ml', 'dv', 'eq', 'lt', 'gt', 'aa', 'oo', 'ls', 'rs', 'cm'];
const UNARY = ['nt', 'ng', 'co', 'ad', 'de', 'ps'];
const ABBREVIATIONS = ['Ss', 'Si', 'So', 'Sd'];
const SPECIAL = ['TV', 'TI', 'TS', 'TT'];

/** What the candidates for substitution that were written so far may stand for. */
type Candidate = 'type' | 'template' | 'prefix';

const MAX_DEPTH = 6;

/**
 * Writes one valid mangled name along the grammar of the Itanium C++ ABI. Every choice is taken from a tape
 * of numbers, so that fast-check can shrink a name by shrinking its tape; past its end the first, simplest
 * choice is taken.
 */
class Mangler {
  private readonly tape: readonly number[];
  private at = 0;
  private depth = 0;
  private candidates: Candidate[] = [];
  /** Number of template arguments that T_ may refer to, with the packs among them. */
  private scope: boolean[] = [];
  private parameters = 0;

  constructor(tape: readonly number[]) {
    this.tape = tape;
  }

  private choose(count: number): number {
    const value = this.tape[this.at++];
    return value === undefined ? 0 : value % count;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.choose(items.length)]!;
  }

  private many(max: number, write: () => string): string {
    let text = '';
    for (let count = this.choose(max + 1); count > 0; count--) text += write();
    return text;
  }

  private get deep(): boolean {
    return this.depth > MAX_DEPTH;
  }

  symbol(): string {
    switch (this.choose(12)) {
      case 10:
        return `_Z${this.pick(SPECIAL)}${this.className()}`;
      case 11:
        return `_ZGV${this.nested(false).text}`;
      default:
        return `_Z${this.encoding(true)}`;
    }
  }

  private identifier(): string {
    const name = this.pick(IDENTIFIERS);
    const tag = this.choose(12) === 11 ? 'B3tag' : '';
    return `${name.length}${name}${tag}`;
  }

  private encoding(top: boolean): string {
    const outer = { scope: this.scope, parameters: this.parameters };
    this.scope = [];
    const name = this.entity();
    let text = name.text;
    if (name.returns) text += this.type();
    this.parameters = this.choose(4);
    if (this.parameters === 0) text += 'v';
    for (let count = 0; count < this.parameters; count++) text += this.parameter();
    if (top && this.choose(10) === 9) text += this.pick(['.isra.0', '.cold', '.part.1.cold', '.constprop.2']);
    Object.assign(this, outer);
    return text;
  }

  private parameter(): string {
    const pack = this.scope.indexOf(true);
    if (pack >= 0 && this.choose(4) === 3) {
      const reference = this.pick(['', 'R', 'O', 'P']);
      const parameter = pack === 0 ? 'T_' : `T${pack - 1}_`;
      for (let count = 0; count < (reference === '' ? 2 : 3); count++) this.candidates.push('prefix');
      return `Dp${reference}${parameter}`;
    }
    const type = this.type();
    return type === 'v' ? 'i' : type;
  }

  private entity(): { text: string; returns: boolean } {
    switch (this.choose(6)) {
      case 3:
      case 4:
        return this.nested(true);
      case 5: {
        const text = `Z${this.encoding(false)}E${this.identifier()}`;
        return { text, returns: false };
      }
      default: {
        const std = this.choose(5) === 4 ? 'St' : '';
        const name = this.choose(5) === 4 ? this.pick(OPERATORS) : this.identifier();
        if (this.choose(3) !== 2) return { text: std + name, returns: false };
        this.candidates.push('prefix');
        return { text: std + name + this.templateArguments(true), returns: true };
      }
    }
  }

  /** A nested name; `member`: a function, which may be a constructor, an operator or a template. */
  private nested(member: boolean): { text: string; returns: boolean } {
    const qualifiers = member ? this.pick(['', '', '', 'K', 'V', 'KR', 'O', 'VK']) : '';
    let text = '';
    const levels = 1 + this.choose(3);
    for (let level = 0; level < levels; level++) {
      text += this.identifier();
      this.candidates.push('prefix');
      if (this.choose(4) === 3) {
        text += this.templateArguments(false);
        this.candidates.push('prefix');
      }
    }
    if (!member) return { text: `N${text}${this.identifier()}E`, returns: false };
    switch (this.choose(8)) {
      case 4:
        return { text: `N${text}${this.pick(['C1', 'C2', 'D0', 'D1', 'D2'])}E`, returns: false };
      case 5:
        return { text: `N${qualifiers}${text}${this.pick(OPERATORS)}E`, returns: false };
      case 6:
        return { text: `N${qualifiers}${text}cv${this.simpleType()}E`, returns: false };
      case 7: {
        text += this.identifier();
        this.candidates.push('prefix');
        return { text: `N${qualifiers}${text}${this.templateArguments(true)}E`, returns: true };
      }
      default:
        return { text: `N${qualifiers}${text}${this.identifier()}E`, returns: false };
    }
  }

  private simpleType(): string {
    return this.pick(['i', 'b', 'j', 'd', 'c']);
  }

  /** `own`: of the function itself, so that its signature may refer to them. */
  private templateArguments(own: boolean): string {
    this.depth++;
    const outer = this.scope;
    this.scope = [];
    const packs: boolean[] = [];
    let text = 'I';
    const count = 1 + this.choose(3);
    for (let at = 0; at < count; at++) {
      const pack = !this.deep && at === count - 1 && this.choose(5) === 4;
      packs.push(pack);
      text += pack ? `J${this.many(3, () => this.templateArgument())}E` : this.templateArgument();
    }
    this.scope = own ? packs : outer;
    this.depth--;
    return `${text}E`;
  }

  private templateArgument(): string {
    switch (this.choose(8)) {
      case 5:
        return this.literal();
      case 6:
        return this.deep ? 'i' : `X${this.expression()}E`;
      default:
        return this.type();
    }
  }

  private literal(): string {
    switch (this.choose(6)) {
      case 1:
        return this.pick(['Lb0E', 'Lb1E']);
      case 2:
        return `L${this.pick([...'cahst'])}65E`;
      case 3:
        return `Lin${this.choose(100)}E`;
      case 4: {
        const text = this.pick(['LDnE', 'L_Z3fooE', 'L3Bar7E']);
        if (text === 'L3Bar7E') this.candidates.push('type');
        return text;
      }
      default:
        return `L${this.pick([...'ijlmxy'])}${this.choose(100)}E`;
    }
  }

  private className(): string {
    const usable = this.candidates.flatMap((kind, index) => (kind === 'type' ? [index] : []));
    if (usable.length > 0 && this.choose(4) === 3) return substitution(this.pick(usable));
    switch (this.choose(7)) {
      case 2:
        return this.pick(ABBREVIATIONS);
      case 3: {
        const { text } = this.nested(false);
        this.candidates.push('type');
        return text;
      }
      case 4: {
        if (this.deep) return 'Ss';
        const name = this.identifier();
        this.candidates.push('template');
        const text = name + this.templateArguments(false);
        this.candidates.push('type');
        return text;
      }
      case 5: {
        const text = `St${this.identifier()}`;
        this.candidates.push('type');
        return text;
      }
      case 6: {
        if (this.deep) return 'So';
        const text = `Z${this.encoding(false)}EUl${this.closureParameters()}E_`;
        this.candidates.push('type');
        return text;
      }
      default: {
        const text = this.identifier();
        this.candidates.push('type');
        return text;
      }
    }
  }

  private closureParameters(): string {
    const outer = this.scope;
    this.scope = [];
    const text = this.choose(2) === 0 ? 'v' : this.closureParameter();
    this.scope = outer;
    return text;
  }

  private closureParameter(): string {
    const type = this.type();
    return type === 'v' ? 'i' : type;
  }

  private type(): string {
    if (this.deep) return 'i';
    this.depth++;
    const text = this.anyType();
    this.depth--;
    return text;
  }

  private anyType(): string {
    const choice = this.choose(22);
    switch (choice) {
      case 3:
      case 4:
        return this.wrap('P');
      case 5:
        return this.wrap('R');
      case 6:
        return this.wrap('O');
      case 7:
      case 8:
        return this.qualified();
      case 9:
      case 10:
      case 11:
      case 12:
        return this.className();
      case 13:
        return this.substituted();
      case 14:
        return this.functionType('');
      case 15:
        return this.wrap(`A${this.choose(9) + 1}_`, this.elementType());
      case 16: {
        const scope = this.className();
        const text = `M${scope}${this.choose(2) === 0 ? this.elementType() : this.functionType('K')}`;
        this.candidates.push('type');
        return text;
      }
      case 17:
      case 18:
        return this.templateParameter();
      case 19: {
        if (this.scope.length === 0) return 'i';
        const text = `DT${this.expression()}E`;
        this.candidates.push('type');
        return text;
      }
      case 20:
        return this.wrap('C', this.pick(['d', 'f']));
      case 21:
        return this.wrap('Dv4_', this.pick(['f', 'i']));
      default:
        return this.pick(BUILTINS);
    }
  }

  private wrap(code: string, inner: string = this.notVariadic()): string {
    this.candidates.push('type');
    return code + inner;
  }

  private notVariadic(): string {
    const type = this.type();
    return type === 'z' ? 'i' : type;
  }

  private elementType(): string {
    const type = this.notVariadic();
    return type === 'v' ? 'c' : type;
  }

  private qualified(): string {
    const inner = this.notVariadic();
    if (/^([KVrF]|Do)/.test(inner)) return inner;
    return this.wrap(this.pick(['K', 'V', 'VK']), inner);
  }

  private functionType(qualifiers: string): string {
    const noexcept = this.choose(6) === 5 ? 'Do' : '';
    const result = this.notVariadic();
    const parameters = this.choose(3) === 0 ? 'v' : this.parameter() + this.many(2, () => this.parameter());
    this.candidates.push('type');
    return `${qualifiers}${noexcept}F${result}${parameters}E`;
  }

  private substituted(): string {
    const usable = this.candidates.flatMap((kind, index) => (kind === 'type' ? [index] : []));
    return usable.length === 0 ? 'i' : substitution(this.pick(usable));
  }

  private templateParameter(): string {
    const single = this.scope.flatMap((pack, index) => (pack ? [] : [index]));
    if (single.length === 0) return 'i';
    const index = this.pick(single);
    this.candidates.push('prefix');
    return index === 0 ? 'T_' : `T${index - 1}_`;
  }

  private expression(): string {
    if (this.deep) return 'Li1E';
    this.depth++;
    const text = this.anyExpression();
    this.depth--;
    return text;
  }

  private anyExpression(): string {
    switch (this.choose(14)) {
      case 1:
        return this.pick(BINARY) + this.expression() + this.expression();
      case 2:
        return this.pick(UNARY) + this.expression();
      case 3:
        return `cl${this.pick(['1f', '3foo'])}${this.many(2, () => this.expression())}E`;
      case 4:
        return `cv${this.simpleType()}${this.expression()}`;
      case 5:
        return `st${this.type()}`;
      case 6:
        return `sz${this.expression()}`;
      case 7:
        return `qu${this.expression()}${this.expression()}${this.expression()}`;
      case 8:
        return `dt${this.expression()}${this.pick(['1a', '3foo'])}`;
      case 9:
        return `sc${this.type()}${this.expression()}`;
      case 10:
        return `tl${this.className()}${this.many(2, () => this.expression())}E`;
      case 11:
        return `ix${this.expression()}${this.expression()}`;
      case 12:
        return this.parameters > 0 ? this.pick(['fp_', 'fp0_']) : this.literal();
      case 13:
        return `${this.pick(['pp', 'mm'])}${this.pick(['_', ''])}${this.expression()}`;
      default:
        return this.literal();
    }
  }
}

function substitution(index: number): string {
  return index === 0 ? 'S_' : `S${(index - 1).toString(36).toUpperCase()}_`;
}

/** Random valid C++ names. */
export const mangledName: fc.Arbitrary<string> = fc
  .array(fc.nat(0xffff), { minLength: 10, maxLength: 150, size: 'max' })
  .map((tape) => new Mangler(tape).symbol());
