export { differing } from './alike.ts';
export * from './ast.ts';
export {
  LINKERS,
  type LinkerName,
  type PredictedLink,
  predictLink,
  predictOther,
  refusalsOf,
  refusalText,
} from './link.ts';
export type { Assigner, Refusal } from './linkers/linker.ts';
export { parseScript } from './parse.ts';
export { type Language, type NodePatterns, nodePatterns, type Pattern } from './patterns.ts';
export { printScript } from './print.ts';
export { type FileSymbols, type ReadSymbol, readSymbols } from './read-symbols.ts';
export { ScriptError } from './script-error.ts';
export type { Assignment, Reason, SymbolToAssign } from './symbols.ts';
