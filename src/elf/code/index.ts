export {
  type CodeFunction,
  type CodeMap,
  type ImportCall,
  type IsWanted,
  type OwnCall,
  readableSymbolTable,
  readCodeMap,
} from './code-map.ts';
export type { LocalPlace, Value } from './registers.ts';
