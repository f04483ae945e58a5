export type { CodeFunction, CodeMap, ImportCall, IsWanted, KeptWord, OwnCall } from './code-facts.ts';
export { readCodeMap } from './code-map.ts';
export type { LocalPlace, Value } from './registers.ts';
export { readableSymbolTable } from './symbol-tables.ts';
