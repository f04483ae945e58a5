export { type Archive, type ArchiveMember, isArchive, readArchive, type SymbolIndex } from './archive.ts';
