export { Kind, type Node, Qualifier } from './ast.ts';
export { demangle, type ParseResult, parse, print, type Unparsed } from './demangle.ts';
export { type Description, describe, type SymbolRole } from './describe.ts';
export type { DemangleOptions } from './options.ts';
export { type JsonNode, toJson } from './to-json.ts';
