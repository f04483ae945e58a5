import { Kind, type Node } from '../ast.ts';
import type { PrintOptions } from '../options.ts';
import { Output } from '../output.ts';
import { BASIC_TYPES } from './v0.ts';

/** Prints the tree of a Rust symbol the way c++filt or llvm-cxxfilt does. */
export class RustPrinter extends Output {
  private gnu = true;
  private verbose = true;
  /** Lifetimes bound by the types around. */
  private bound = 0;

  run(symbol: Node, options: PrintOptions): string {
    this.beginOutput();
    this.gnu = options.style === 'gnu';
    // llvm-cxxfilt never shows hashes.
    this.verbose = this.gnu && options.verbose;
    this.bound = 0;
    if (symbol.kind === Kind.LegacyPath) this.printLegacy(symbol);
    else {
      this.printPath(symbol.left!, true);
      if (symbol.text !== '' && !this.gnu) this.write(` (${symbol.text})`);
    }
    return this.finished();
  }

  private printLegacy(path: Node): void {
    for (let at = 0; at < path.items.length; at++) {
      if (at > 0) this.write('::');
      this.write(path.items[at]!.text);
    }
    if (this.verbose) this.write(`::${path.text}`);
  }

  /** `inValue`: in an expression, where generic arguments follow `::`. */
  private printPath(path: Node, inValue: boolean): void {
    this.enter();
    switch (path.kind) {
      case Kind.Crate:
        this.write(path.text);
        if (this.verbose) this.write(`[${path.right!.text}]`);
        break;
      case Kind.Item:
        this.printItem(path, inValue);
        break;
      case Kind.Implementation:
        this.write('<');
        this.print(path.left!);
        if (path.right !== undefined) {
          this.write(' as ');
          this.printPath(path.right, false);
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
  private printItem(item: Node, inValue: boolean): void {
    this.printPath(item.left!, inValue);
    const space = item.right!.text;
    if (space >= 'a') {
      if (item.text !== '') this.write(`::${item.text}`);
      return;
    }
    const kind = space === 'C' ? 'closure' : space === 'S' ? 'shim' : space;
    this.write(`::{${kind}${item.text === '' ? '' : `:${item.text}`}#${item.value}}`);
  }

  private openGeneric(path: Node, inValue: boolean): void {
    this.printPath(path.left!, inValue);
    this.write(inValue ? '::<' : '<');
    this.printList(path.items);
  }

  private printList(items: readonly Node[]): void {
    for (let at = 0; at < items.length; at++) {
      if (at > 0) this.write(', ');
      this.print(items[at]!);
    }
  }

  /** A type, constant or lifetime. */
  protected override print(node: Node): void {
    this.enter();
    switch (node.kind) {
      case Kind.Builtin:
        this.write(node.text);
        break;
      case Kind.Lifetime:
        this.printLifetime(node.value);
        break;
      case Kind.RustPointer:
        this.printPointer(node);
        break;
      case Kind.RustArray:
        this.write('[');
        this.print(node.left!);
        if (node.right !== undefined) {
          this.write('; ');
          this.print(node.right);
        }
        this.write(']');
        break;
      case Kind.Tuple:
        this.write('(');
        this.printList(node.items);
        this.write(node.items.length === 1 ? ',)' : ')');
        break;
      case Kind.RustFunction:
        this.printFunction(node);
        break;
      case Kind.DynTrait:
        this.printDyn(node);
        break;
      case Kind.RustConstant:
        this.printConstant(node);
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

  private printPointer(node: Node): void {
    switch (node.text) {
      case 'P':
        this.write('*const ');
        break;
      case 'O':
        this.write('*mut ');
        break;
      default:
        this.write('&');
        if (node.value !== 0) {
          this.printLifetime(node.value);
          this.write(' ');
        }
        if (node.text === 'Q') this.write('mut ');
    }
    this.print(node.left!);
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

  private printFunction(node: Node): void {
    const outer = this.bound;
    this.bind(node.value >> 1);
    if (node.value & 1) this.write('unsafe ');
    if (node.text !== '') this.write(`extern "${node.text}" `);
    this.write('fn(');
    this.printList(node.items);
    this.write(')');
    if (node.left !== undefined) {
      this.write(' -> ');
      this.print(node.left);
    }
    this.bound = outer;
  }

  private printDyn(node: Node): void {
    const outer = this.bound;
    this.write('dyn ');
    this.bind(node.value);
    for (let at = 0; at < node.items.length; at++) {
      if (at > 0) this.write(' + ');
      this.printBound(node.items[at]!);
    }
    this.bound = outer;
    if (node.left!.value !== 0) {
      this.write(' + ');
      this.print(node.left!);
    }
  }

  /** Associated types join the generic arguments of their trait. */
  private printBound(node: Node): void {
    const path = node.left!;
    let open = path.kind === Kind.Generic;
    if (open) this.openGeneric(path, false);
    else this.printPath(path, false);
    for (const item of node.items) {
      this.write(open ? ', ' : '<');
      open = true;
      this.write(`${item.text} = `);
      this.print(item.left!);
    }
    if (open) this.write('>');
  }

  private printConstant(node: Node): void {
    const letter = node.left!.text;
    const { text } = node;
    if (letter === 'b') {
      if (text !== '0' && text !== '1') this.fail('not a boolean');
      this.write(text === '1' ? 'true' : 'false');
    } else if (letter === 'c') this.write(`'${this.character(text)}'`);
    else {
      if (node.value === 1) this.write('-');
      this.write(text.length > 16 ? `0x${text}` : BigInt(`0x${text === '' ? '0' : text}`).toString());
    }
    if (this.verbose) this.write(`: ${BASIC_TYPES[letter]}`);
  }

  private character(digits: string): string {
    const code = Number.parseInt(digits === '' ? '0' : digits, 16);
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) this.fail('not a character');
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
