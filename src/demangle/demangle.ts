import { Kind, type Node, node } from './ast.ts';
import { GnuPrinter } from './gnu/printer.ts';
import { ItaniumGrammar } from './itanium/grammar.ts';
import { LlvmPrinter } from './llvm/printer.ts';
import { DEFAULTS, type DemangleOptions, type PrintOptions } from './options.ts';
import { PrintFailure } from './output.ts';
import { parseLegacy } from './rust/legacy.ts';
import { RustPrinter } from './rust/printer.ts';
import { RustGrammar } from './rust/v0.ts';
import { ParseFailure } from './scanner.ts';

/** Why a name has no tree: in words, and the offset in the name where its reading stopped. */
export interface Unparsed {
  readonly reason: string;
  readonly offset: number;
}

export type ParseResult = { readonly ast: Node } | Unparsed;

/** Longer names are not read: compilers shorten theirs long before. */
const MAX_NAME = 65_536;

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
    return run(tree(name, settings.style), settings);
  } catch (failure) {
    if (isFailure(failure)) return name;
    throw failure;
  }
}

/** The tree of a mangled name, or why it has none. `style` decides between two readings of `srN` in C++. */
export function parse(name: string, style: 'gnu' | 'llvm' = 'gnu'): ParseResult {
  try {
    return { ast: tree(name, style) };
  } catch (failure) {
    if (failure instanceof ParseFailure) return { reason: failure.reason, offset: failure.offset };
    throw failure;
  }
}

/** The text of a tree, or undefined when it has none: a parameter without argument, or too long a text. */
export function print(ast: Node, options: DemangleOptions = DEFAULTS): string | undefined {
  try {
    return run(ast, settingsOf(options));
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

function run(ast: Node, options: PrintOptions): string {
  if (ast.kind === Kind.RustSymbol || ast.kind === Kind.LegacyPath) return rustPrinter.run(ast, options);
  return options.style === 'gnu' ? gnuPrinter.run(ast, options) : llvmPrinter.run(ast, options);
}

/** `_R` is Rust, `_Z` is C++ or legacy Rust, `___Z` a block of Clang, `_GLOBAL_` a group of initializers. */
function tree(name: string, style: 'gnu' | 'llvm'): Node {
  if (name.length > MAX_NAME) throw new ParseFailure('name too long', MAX_NAME);
  const second = name.charCodeAt(1);
  if (name.charCodeAt(0) === 95) {
    if (second === 90) return cxx(name, 2, style);
    if (second === 82) return rust.symbol(name, 2);
    if (second === 95 && name.startsWith('___Z')) return itanium.symbol(name, 4, true, style);
    if (second === 71 && name.startsWith('_GLOBAL_')) return initializers(name, style);
  }
  throw new ParseFailure('not a mangled name', 0);
}

function cxx(name: string, prefix: number, style: 'gnu' | 'llvm'): Node {
  // llvm-cxxfilt does not know the legacy names of Rust: to it they are nested names of C++.
  if (style === 'gnu' && name.charCodeAt(prefix) === 78) {
    const legacy = endsInHash(name) ? parseLegacy(name, prefix + 1) : undefined;
    if (legacy !== undefined) return legacy;
  }
  return itanium.symbol(name, prefix, false, style);
}

/** Whether the last name is of 17 characters and starts with h; a suffix may follow. */
function endsInHash(name: string): boolean {
  const { length } = name;
  if (name.charCodeAt(length - 1) === 69) return name.startsWith('17h', length - 20);
  const suffix = name.includes('.') ? name.indexOf('E.') : -1;
  return suffix > 0 && name.startsWith('17h', suffix - 19);
}

/** _GLOBAL_ [._$] [ID] _ <name>: the initializers or destructors that run together with an entity. */
function initializers(name: string, style: 'gnu' | 'llvm'): Node {
  const separator = name.charAt(8);
  const kind = name.charAt(9);
  const known = '._$'.includes(separator) && (kind === 'I' || kind === 'D') && name.charAt(10) === '_';
  if (separator === '' || !known || name.length < 12) throw new ParseFailure('not a mangled name', 8);
  const mangled = name.startsWith('_Z', 11);
  const entity = mangled ? itanium.symbol(name, 13, false, style) : node(Kind.Name, name.substring(11));
  return node(Kind.Special, `G${kind}_`, entity);
}
