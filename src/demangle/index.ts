export { demangle, demangleInput, type ParseResult, parse, print, type Unparsed } from './demangle.ts';
export { type Description, describe, type SymbolRole } from './describe.ts';
export { Kind, Qualifier } from './kinds.ts';
export type { Node } from './node.ts';
export { DEFAULTS, type DemangleOptions, type PrintOptions } from './options.ts';
export { MAX_DEMANGLED, OUTPUT } from './output.ts';
export { type JsonNode, toJson } from './to-json.ts';
export { INPUT } from './tree.ts';
