export { type Assembled, assemble, assembleWithLabels } from './assemble.ts';
export { abiTagNote, buildIdNote, fdoNote, propertyNote } from './notes.ts';
export type { ElfSpec, NoteSpec, RelocationSpec, SectionSpec, SymbolSpec } from './spec.ts';
export { type Field, setNumber, Writer } from './writer.ts';
