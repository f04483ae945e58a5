export { SYMBOL_BINDINGS, SYMBOL_TYPES } from './codes.ts';
export type * from './facts.ts';
export { inspectMembers, type MemberInspection, type OpenMember } from './inspect-archive.ts';
export { type Inspection, type InspectOptions, inspectElf } from './inspect-elf.ts';
export { allOf, exportsOf, importsOf, type SymbolSelection } from './selection.ts';
export { SymbolList, versionedName } from './symbols.ts';
