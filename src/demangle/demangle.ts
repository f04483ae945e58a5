import { ParseFailure, PrintFailure } from './failures.ts';
import { GnuPrinter } from './gnu/printer.ts';
import { ItaniumGrammar } from './itanium/grammar.ts';
import { Kind } from './kinds.ts';
import { LlvmPrinter } from './llvm/printer.ts';
import { Node } from './node.ts';
import { DEFAULTS, type DemangleOptions, type PrintOptions } from './options.ts';
import type { Output } from './output.ts';
import { parseLegacy } from './rust/legacy.ts';
import { RustPrinter } from './rust/printer.ts';
import { RustGrammar } from './rust/v0.ts';
import {
  begin,
  beginInput,
  fromOf,
  kindOf,
  type NodeId,
  nameStart,
  node,
  spelled,
  text,
  textBetween,
  worded,
} from './tree.ts';

/** Why a name has no tree: in words, and the offset in the name where its reading stopped. */
export interface Unparsed {
  readonly reason: string;
  readonly offset: number;
}

export type ParseResult = { readonly ast: Node } | Unparsed;

const itanium = new ItaniumGrammar();
const rust = new RustGrammar();
const gnuPrinter = new GnuPrinter();
const llvmPrinter = new LlvmPrinter();
const rustPrinter = new RustPrinter();

/**
 * The name of a symbol as a person would write it: as c++filt prints it, or llvm-cxxfilt when
 * `options.style` is `llvm`. A name that is not mangled, or not validly, comes back unchanged. Takes no
 * version suffix (`@VERSION`): that is no part of the name. Never throws, and takes bounded time and memory.
 */
export function demangle(name: string, options: DemangleOptions = DEFAULTS): string {
  if (name.charCodeAt(0) !== 95) return name;
  const settings = settingsOf(options);
  try {
    return run(tree(begin(name), settings.style), settings);
  } catch (failure) {
    if (isFailure(failure)) return name;
    throw failure;
  }
}

/**
 * `demangle` for whoever has bytes and wants bytes: reads the name that is `INPUT` from `from` to `to`, writes
 * the text, at most `MAX_DEMANGLED` bytes, into `OUTPUT` from `at`, and returns where it ends; 0 for a name
 * that is not mangled, or not validly.
 */
export function demangleInput(from: number, to: number, at: number, options: PrintOptions): number {
  try {
    const ast = tree(beginInput(from, to), options.style);
    return printerOf(ast, options).printAt(at, ast, options);
  } catch (failure) {
    if (isFailure(failure)) return 0;
    throw failure;
  }
}

/** The tree of a mangled name, or why it has none. `style` decides between two readings of `srN` in C++. */
export function parse(name: string, style: 'gnu' | 'llvm' = 'gnu'): ParseResult {
  try {
    return { ast: Node.view(tree(begin(name), style)) };
  } catch (failure) {
    if (failure instanceof ParseFailure) return { reason: failure.reason, offset: failure.offset };
    throw failure;
  }
}

/** The text of a tree, or undefined when it has none: a parameter without argument, or too long a text. */
export function print(ast: Node, options: DemangleOptions = DEFAULTS): string | undefined {
  try {
    return run(Node.load(ast), settingsOf(options));
  } catch (failure) {
    if (isFailure(failure)) return undefined;
    throw failure;
  }
}

/** Complete options, which whoever has many names to demangle hands in, are taken as they are. */
function settingsOf(options: DemangleOptions): PrintOptions {
  const { style, params, returnTypes, verbose } = options;
  const isComplete =
    style !== undefined && params !== undefined && returnTypes !== undefined && verbose !== undefined;
  return isComplete ? (options as PrintOptions) : { ...DEFAULTS, ...options };
}

function isFailure(failure: unknown): boolean {
  return failure instanceof ParseFailure || failure instanceof PrintFailure;
}

function run(ast: NodeId, options: PrintOptions): string {
  return printerOf(ast, options).text(ast, options);
}

function printerOf(ast: NodeId, options: PrintOptions): Output {
  const kind = kindOf[ast];
  if (kind === Kind.RustSymbol || kind === Kind.LegacyPath) return rustPrinter;
  return options.style === 'gnu' ? gnuPrinter : llvmPrinter;
}

/** `_R` is Rust, `_Z` is C++ or legacy Rust, `___Z` a block of Clang, `_GLOBAL_` a group of initializers. */
function tree(end: number, style: 'gnu' | 'llvm'): NodeId {
  const second = text[nameStart + 1];
  if (end > nameStart + 1 && text[nameStart] === 95) {
    if (second === 90) return cxx(end, style);
    if (second === 82) return rust.symbol(end);
    if (second === 95 && startOf(4, end) === '___Z') return itanium.symbol(end, 4, style);
    // llvm-cxxfilt does not know these.
    if (second === 71 && style === 'gnu' && startOf(8, end) === '_GLOBAL_') return initializers(end);
  }
  throw new ParseFailure('not a mangled name', 0);
}

/** The first characters of the name. */
function startOf(length: number, end: number): string {
  return textBetween(nameStart, Math.min(nameStart + length, end));
}

function cxx(end: number, style: 'gnu' | 'llvm'): NodeId {
  // llvm-cxxfilt does not know the legacy names of Rust: to it they are nested names of C++.
  const mayBeRust = style === 'gnu' && text[nameStart + 2] === 78;
  if (mayBeRust && endsInHash(end)) {
    const legacy = parseLegacy(textBetween(nameStart, end), 3);
    if (legacy !== 0) return legacy;
  }
  const symbol = itanium.symbol(end, 2, style);
  // Only now is it known without a search where a suffix begins.
  if (mayBeRust && kindOf[symbol] === Kind.Clone && endsInHash(fromOf[symbol]!)) {
    const legacy = parseLegacy(textBetween(nameStart, end), 3);
    if (legacy !== 0) return legacy;
  }
  return symbol;
}

/** Whether the last name is of 17 characters and starts with h. */
function endsInHash(end: number): boolean {
  const at = end - 20;
  return (
    at > nameStart && text[at] === 49 && text[at + 1] === 55 && text[at + 2] === 104 && text[end - 1] === 69
  );
}

/** _GLOBAL_ [._$] [ID] _ <name>: the initializers or destructors that run together with an entity. */
function initializers(end: number): NodeId {
  const name = startOf(13, end);
  const kind = name.charAt(9);
  const known = '._$'.includes(name.charAt(8)) && (kind === 'I' || kind === 'D') && name.charAt(10) === '_';
  if (!known || name.length < 12) throw new ParseFailure('not a mangled name', 8);
  const mangled = name.startsWith('_Z', 11);
  const entity = mangled ? itanium.symbol(end, 13, 'gnu') : spelled(node(Kind.Name), nameStart + 11, end);
  return worded(node(Kind.Special, entity), `G${kind}_`);
}
