export {
  type CodeFunction,
  type CodeMap,
  type ImportCall,
  readableSymbolTable,
  readCodeMap,
} from './code-map.ts';
