import fc from 'fast-check';

const IDENTIFIERS = ['a', 'core', 'vec', 'Item', '_private', 'u8', '9lives'];
const BASIC = [...'abcdefhijlmnostuxyz'];
const UNSIGNED = [...'hjmty'];
const SIGNED = [...'ailsx'];
const MAX_DEPTH = 5;

/** Writes one valid Rust symbol along the grammar of RFC 2603, each choice taken from a tape of numbers. */
class RustMangler {
  private readonly tape: readonly number[];
  private at = 0;
  private depth = 0;
  /** Lifetimes bound at this place. */
  private bound = 0;
  private text = '';
  /** Offsets of types and paths that are written out, for back references. */
  private readonly types: number[] = [];
  private readonly paths: number[] = [];

  constructor(tape: readonly number[]) {
    this.tape = tape;
  }

  symbol(): string {
    this.path();
    if (this.choose(4) === 3) this.crate();
    return `_R${this.text}${this.pick(['', '', '', '.llvm.42', '.cold'])}`;
  }

  private choose(count: number): number {
    const value = this.tape[this.at++];
    return value === undefined ? 0 : value % count;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.choose(items.length)]!;
  }

  private many(max: number, write: () => void): void {
    for (let count = this.choose(max + 1); count > 0; count--) write();
  }

  private identifier(): void {
    const name = this.pick(IDENTIFIERS);
    const separator = /^[\d_]/.test(name) ? '_' : '';
    this.text += `${name.length}${separator}${name}`;
  }

  private disambiguator(): void {
    this.text += this.pick(['', '', 's_', 's0_', 'sK3_']);
  }

  private crate(): void {
    this.text += 'C';
    this.disambiguator();
    this.identifier();
  }

  private path(): void {
    const start = this.text.length;
    const deep = ++this.depth > MAX_DEPTH;
    switch (deep ? 0 : this.choose(8)) {
      case 1:
      case 2:
        this.text += this.pick(['Nt', 'Nv', 'NC', 'NS']);
        this.path();
        this.disambiguator();
        this.identifier();
        break;
      case 3:
        this.text += 'M';
        this.disambiguator();
        this.path();
        this.type();
        break;
      case 4:
        this.text += 'X';
        this.disambiguator();
        this.path();
        this.type();
        this.path();
        break;
      case 5:
        this.text += 'Y';
        this.type();
        this.path();
        break;
      case 6:
        this.text += 'I';
        this.path();
        this.many(3, () => this.genericArgument());
        this.text += 'E';
        break;
      case 7:
        if (this.paths.length > 0) {
          this.text += `B${base62(this.pick(this.paths))}`;
          this.depth--;
          return;
        }
        this.crate();
        break;
      default:
        this.crate();
    }
    this.depth--;
    if (this.bound === 0) this.paths.push(start);
  }

  private genericArgument(): void {
    switch (this.choose(6)) {
      case 4:
        this.text += 'L';
        this.lifetime();
        return;
      case 5:
        this.text += 'K';
        this.constant();
        return;
      default:
        this.type();
    }
  }

  private lifetime(): void {
    this.text += base62(this.choose(this.bound + 1));
  }

  private constant(): void {
    switch (this.choose(5)) {
      case 1:
        this.text += `${this.pick(SIGNED)}n${(this.choose(200) + 1).toString(16)}_`;
        return;
      case 2:
        this.text += this.pick(['b0_', 'b1_', 'p']);
        return;
      case 3:
        this.text += `c${this.pick(['41', 'a', '1f600', '7a', '27'])}_`;
        return;
      default:
        this.text += `${this.pick(UNSIGNED)}${this.choose(0xffff).toString(16)}_`;
    }
  }

  private type(): void {
    const start = this.text.length;
    const deep = ++this.depth > MAX_DEPTH;
    switch (deep ? 0 : this.choose(13)) {
      case 1:
        this.text += this.pick(['R', 'Q']);
        if (this.choose(2) === 1) {
          this.text += 'L';
          this.lifetime();
        }
        this.type();
        break;
      case 2:
        this.text += this.pick(['P', 'O', 'S']);
        this.type();
        break;
      case 3:
        this.text += 'A';
        this.type();
        this.constant();
        break;
      case 4:
        this.text += 'T';
        this.many(3, () => this.type());
        this.text += 'E';
        break;
      case 5:
      case 6:
        this.functionType();
        break;
      case 7:
        this.dynType();
        break;
      case 8:
      case 9:
        this.path();
        break;
      case 10:
        if (this.types.length > 0) {
          this.text += `B${base62(this.pick(this.types))}`;
          this.depth--;
          return;
        }
        this.text += 'u';
        break;
      default:
        this.text += this.pick(BASIC);
    }
    this.depth--;
    if (this.bound === 0) this.types.push(start);
  }

  private binder(): number {
    const count = this.choose(3);
    if (count > 0) this.text += `G${base62(count - 1)}`;
    this.bound += count;
    return count;
  }

  private functionType(): void {
    this.text += 'F';
    const count = this.binder();
    this.text += this.pick(['', 'U', 'KC', 'UKC', 'K10thiscall_x']);
    this.many(3, () => this.type());
    this.text += 'E';
    this.type();
    this.bound -= count;
  }

  private dynType(): void {
    this.text += 'D';
    const count = this.binder();
    this.many(2, () => {
      this.path();
      this.many(2, () => {
        this.text += 'p';
        this.identifier();
        this.type();
      });
    });
    this.text += 'E';
    this.bound -= count;
    this.text += 'L';
    this.lifetime();
  }
}

function base62(value: number): string {
  if (value === 0) return '_';
  const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let rest = value - 1;
  let text = '';
  do {
    text = digits[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return `${text}_`;
}

/** Random valid Rust names. */
export const rustName: fc.Arbitrary<string> = fc
  .array(fc.nat(0xffff), { minLength: 10, maxLength: 120, size: 'max' })
  .map((tape) => new RustMangler(tape).symbol());
