export { type CodeFunction, type CodeMap, type ImportCall, readCodeMap } from './code-map.ts';
