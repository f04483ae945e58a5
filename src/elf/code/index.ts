export {
  type CodeFunction,
  type CodeMap,
  type ImportCall,
  type IsWanted,
  type OwnCall,
  readCodeMap,
} from './code-map.ts';
export type { LocalPlace, Value } from './registers.ts';
export { readableSymbolTable } from './symbol-tables.ts';
