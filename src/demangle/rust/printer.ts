import { Kind } from '../kinds.ts';
import type { PrintOptions } from '../options.ts';
import { Output } from '../output.ts';
import {
  countOf,
  hasText,
  itemOf,
  itemsOf,
  kindOf,
  leftOf,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { BASIC_TYPES } from './v0.ts';

/** Prints the tree of a Rust symbol the way c++filt or llvm-cxxfilt does. */
export class RustPrinter extends Output {
  private gnu = true;
  private verbose = true;
  /** Lifetimes bound by the types around. */
  private bound = 0;
  /** Inside of a constant that is made of others. */
  private inValue = false;

  protected override printSymbol(symbol: NodeId, options: PrintOptions): void {
    this.gnu = options.style === 'gnu';
    // llvm-cxxfilt never shows hashes.
    this.verbose = this.gnu && options.verbose;
    this.bound = 0;
    this.inValue = false;
    if (kindOf[symbol] === Kind.LegacyPath) this.printLegacy(symbol);
    else {
      this.printPath(leftOf[symbol]!, true);
      if (!hasText(symbol, '') && !this.gnu) this.write(` (${textOf(symbol)})`);
    }
  }

  private printLegacy(path: NodeId): void {
    for (let at = 0; at < countOf[path]!; at++) {
      if (at > 0) this.write('::');
      this.writeText(itemOf(path, at));
    }
    if (this.verbose) this.write(`::${textOf(path)}`);
  }

  /** `inValue`: in an expression, where generic arguments follow `::`. */
  private printPath(path: NodeId, inValue: boolean): void {
    this.enter();
    switch (kindOf[path]) {
      case Kind.Crate:
        this.writeText(path);
        if (this.verbose) this.write(`[${textOf(rightOf[path]!)}]`);
        break;
      case Kind.Item:
        this.printItem(path, inValue);
        break;
      case Kind.Implementation:
        this.write('<');
        this.print(leftOf[path]!);
        if (rightOf[path]! !== 0) {
          this.write(' as ');
          this.printPath(rightOf[path]!, false);
        }
        this.write('>');
        break;
      case Kind.Generic:
        this.openGeneric(path, inValue);
        this.write('>');
        break;
      default:
        this.fail('path expected');
    }
    this.leave();
  }

  /** Names in upper-case namespaces are made by the compiler: closures, shims. */
  private printItem(item: NodeId, inValue: boolean): void {
    this.printPath(leftOf[item]!, inValue);
    const space = textOf(rightOf[item]!);
    if (space >= 'a') {
      if (!hasText(item, '')) this.write(`::${textOf(item)}`);
      return;
    }
    const kind = space === 'C' ? 'closure' : space === 'S' ? 'shim' : space;
    this.write(`::{${kind}${hasText(item, '') ? '' : `:${textOf(item)}`}#${numberOf[item]!}}`);
  }

  private openGeneric(path: NodeId, inValue: boolean): void {
    this.printPath(leftOf[path]!, inValue);
    this.write(inValue ? '::<' : '<');
    this.printList(path);
  }

  private printList(node: NodeId): void {
    for (let at = 0; at < countOf[node]!; at++) {
      if (at > 0) this.write(', ');
      this.print(itemOf(node, at));
    }
  }

  /** A type, constant or lifetime. */
  protected override print(node: NodeId): void {
    this.enter();
    switch (kindOf[node]) {
      case Kind.Builtin:
        this.writeText(node);
        break;
      case Kind.Lifetime:
        this.printLifetime(numberOf[node]!);
        break;
      case Kind.RustPointer:
        this.printPointer(node);
        break;
      case Kind.RustArray:
        this.write('[');
        this.print(leftOf[node]!);
        if (rightOf[node]! !== 0) {
          this.write('; ');
          this.print(rightOf[node]!);
        }
        this.write(']');
        break;
      case Kind.Tuple:
        this.write('(');
        this.printList(node);
        this.write(countOf[node]! === 1 ? ',)' : ')');
        break;
      case Kind.RustFunction:
        this.printFunction(node);
        break;
      case Kind.DynTrait:
        this.printDyn(node);
        break;
      case Kind.RustConstant:
        this.printConstant(node);
        if (this.verbose && !this.inValue) this.write(`: ${BASIC_TYPES[textOf(leftOf[node]!)]}`);
        break;
      case Kind.RustString:
        this.printString(node);
        break;
      case Kind.RustAggregate:
      case Kind.RustVariant:
        this.printValue(node);
        break;
      case Kind.RustPatternType:
        this.print(leftOf[node]!);
        this.write(' is ');
        this.printPattern(rightOf[node]!);
        break;
      default:
        this.printPath(node, false);
    }
    this.leave();
  }

  /** Index 0 is the erased lifetime; the others count from the innermost binder outwards. */
  private printLifetime(index: number): void {
    if (index === 0) {
      this.write("'_");
      return;
    }
    const depth = this.bound - index;
    if (depth < 0) this.fail('lifetime without a binder');
    if (depth < 26) this.write(`'${String.fromCharCode(97 + depth)}`);
    else this.write(this.gnu ? `'_${depth}` : `'z${depth - 25}`);
  }

  private printPointer(node: NodeId): void {
    switch (textOf(node)) {
      case 'P':
        this.write('*const ');
        break;
      case 'O':
        this.write('*mut ');
        break;
      default:
        this.write('&');
        if (numberOf[node]! !== 0) {
          this.printLifetime(numberOf[node]!);
          this.write(' ');
        }
        if (hasText(node, 'Q')) this.write('mut ');
    }
    this.print(leftOf[node]!);
  }

  private bind(count: number): void {
    if (count === 0) return;
    this.write('for<');
    for (let at = 0; at < count; at++) {
      if (at > 0) this.write(', ');
      this.bound++;
      this.printLifetime(1);
    }
    this.write('> ');
  }

  private printFunction(node: NodeId): void {
    const outer = this.bound;
    this.bind(numberOf[node]! >> 1);
    if (numberOf[node]! & 1) this.write('unsafe ');
    if (!hasText(node, '')) this.write(`extern "${textOf(node)}" `);
    this.write('fn(');
    this.printList(node);
    this.write(')');
    if (leftOf[node]! !== 0) {
      this.write(' -> ');
      this.print(leftOf[node]!);
    }
    this.bound = outer;
  }

  private printDyn(node: NodeId): void {
    const outer = this.bound;
    this.write('dyn ');
    this.bind(numberOf[node]!);
    for (let at = 0; at < countOf[node]!; at++) {
      if (at > 0) this.write(' + ');
      this.printBound(itemOf(node, at));
    }
    this.bound = outer;
    if (numberOf[leftOf[node]!]! !== 0) {
      this.write(' + ');
      this.print(leftOf[node]!);
    }
  }

  /** Associated types join the generic arguments of their trait. */
  private printBound(node: NodeId): void {
    const path = leftOf[node]!;
    let open = kindOf[path] === Kind.Generic;
    if (open) this.openGeneric(path, false);
    else this.printPath(path, false);
    for (const item of itemsOf(node)) {
      this.write(open ? ', ' : '<');
      open = true;
      this.write(`${textOf(item)} = `);
      this.print(leftOf[item]!);
    }
    if (open) this.write('>');
  }

  private printConstant(node: NodeId): void {
    const letter = textOf(leftOf[node]!);
    const text = textOf(node);
    if (letter === 'b') {
      if (text !== '0' && text !== '1') this.fail('not a boolean');
      this.write(text === '1' ? 'true' : 'false');
    } else if (letter === 'c') this.write(`'${this.character(text)}'`);
    else {
      if (numberOf[node]! === 1) this.write('-');
      this.write(text.length > 16 ? `0x${text}` : BigInt(`0x${text === '' ? '0' : text}`).toString());
    }
  }

  /** A string constant: one by itself is of type `str`, which only `*` makes of a literal. */
  private printString(node: NodeId): void {
    this.write(this.inValue ? `*${this.literal(node)}` : `{*${this.literal(node)}}`);
  }

  private literal(string: NodeId): string {
    const bytes = Buffer.from(textOf(string), 'hex');
    const content = bytes.toString('utf8');
    if (!Buffer.from(content).equals(bytes)) this.fail('not UTF-8');
    return `"${Array.from(content, escaped).join('')}"`;
  }

  /** Everything but a literal needs braces in the place of a generic argument. */
  private printValue(node: NodeId): void {
    const outer = this.inValue;
    const referred = hasText(node, 'R') ? itemOf(node, 0) : 0;
    if (kindOf[referred] === Kind.RustString) {
      this.write(this.literal(referred));
      return;
    }
    this.inValue = true;
    if (!outer) this.write('{');
    if (kindOf[node] === Kind.RustVariant) this.printVariant(node);
    else this.printAggregate(node);
    if (!outer) this.write('}');
    this.inValue = outer;
  }

  private printAggregate(node: NodeId): void {
    const code = textOf(node);
    if (code === 'R' || code === 'Q') {
      this.write(code === 'R' ? '&' : '&mut ');
      this.print(itemOf(node, 0));
      return;
    }
    this.write(code === 'A' ? '[' : '(');
    this.printList(node);
    this.write(code === 'A' ? ']' : countOf[node] === 1 ? ',)' : ')');
  }

  /** `1..=5`, `1..=2 | 8..=9`, `!null`. */
  private printPattern(node: NodeId): void {
    this.enter();
    if (hasText(node, 'N')) this.write('!null');
    for (let at = 0; at < countOf[node]!; at++) {
      if (at > 0) this.write(hasText(node, 'R') ? '..=' : ' | ');
      if (hasText(node, 'R')) this.printBoundary(itemOf(node, at));
      else this.printPattern(itemOf(node, at));
    }
    this.leave();
  }

  private printBoundary(value: NodeId): void {
    const outer = this.inValue;
    this.inValue = true;
    this.print(value);
    this.inValue = outer;
  }

  private printVariant(node: NodeId): void {
    this.printPath(leftOf[node]!, true);
    if (hasText(node, 'U')) return;
    if (hasText(node, 'T')) {
      this.write('(');
      this.printList(node);
      this.write(')');
      return;
    }
    this.write(' { ');
    for (let at = 0; at < countOf[node]!; at++) {
      if (at > 0) this.write(', ');
      this.writeText(itemOf(node, at));
      this.write(': ');
      this.print(leftOf[itemOf(node, at)]!);
    }
    this.write(' }');
  }

  private character(digits: string): string {
    const code = Number.parseInt(digits === '' ? '0' : digits, 16);
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) this.fail('not a character');
    if (this.inValue) return code === 39 ? "\\'" : code === 34 ? '"' : escaped(String.fromCodePoint(code));
    switch (code) {
      case 9:
        return '\\t';
      case 10:
        return '\\n';
      case 13:
        return '\\r';
    }
    // c++filt escapes blank and tilde, and does not escape quotes and backslashes.
    if (!this.gnu && (code === 39 || code === 92)) return `\\${String.fromCharCode(code)}`;
    const printable = this.gnu ? code > 32 && code < 126 : code >= 32 && code < 127;
    return printable ? String.fromCharCode(code) : `\\u{${code.toString(16)}}`;
  }
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** A character as Rust's library shows it in a string. */
function escaped(character: string): string {
  const known = ESCAPED[character];
  if (known !== undefined) return known;
  if (character === ' ' || !/[\p{C}\p{Z}\p{Grapheme_Extend}]/u.test(character)) return character;
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
