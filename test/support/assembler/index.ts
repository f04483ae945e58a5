export { assemble, assembleWithLabels } from './assemble.ts';
export { abiTagNote, buildIdNote, fdoNote, propertyNote } from './notes.ts';
export type { ElfSpec, NoteSpec, SectionSpec } from './spec.ts';
export { type Field, setNumber, Writer } from './writer.ts';
