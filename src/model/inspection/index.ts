export { SYMBOL_BINDINGS, SYMBOL_TYPES } from './codes.ts';
export type * from './facts.ts';
export { inspectMembers } from './inspect-archive.ts';
export { type Inspection, type InspectOptions, inspectElf } from './inspect-elf.ts';
export { allOf, exportsOf, importsOf, type SymbolOrder, type SymbolSelection } from './selection.ts';
export type * from './symbol-facts.ts';
export { SymbolList, versionedName } from './symbols.ts';
