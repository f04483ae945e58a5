import { type ElfHeader, fdoNoteName, gnuNoteName, type Note, noteContent } from '../../elf/index.ts';
import type { NoteContentFacts, NoteFacts } from './facts.ts';
import { hex } from './hex.ts';
import type { Attempt, Views } from './views.ts';

/**
 * The notes that segments cover, then those that only section headers show: such as `.note.stapsdt`, which no
 * process needs. In the order in which they stand in the file.
 */
export function allNotes({ file, sections, debugOnly }: Views, attempt: Attempt): Note[] {
  const inSegments = debugOnly ? [] : attempt(() => file.notes, []);
  const inSections = sections.length === 0 ? [] : attempt(() => file.sectionNotes, []);
  const byOffset = new Map<number, Note>();
  for (const note of [...inSections, ...inSegments]) byOffset.set(note.offset, note);
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset);
}

export function noteFacts({ owner, type, descriptor }: Note): NoteFacts {
  return { owner, type: noteType(owner, type), size: descriptor.length };
}

/** The owner decides what a type means; solder names those of `GNU` and `FDO`. */
function noteType(owner: string, type: number): string {
  switch (owner) {
    case 'GNU':
      return gnuNoteName(type);
    case 'FDO':
      return fdoNoteName(type);
    default:
      return hex(type);
  }
}

export function noteContents(notes: readonly Note[], header: ElfHeader): NoteContentFacts {
  const facts: { -readonly [Key in keyof NoteContentFacts]: NoteContentFacts[Key] } = {
    properties: [],
    dlopen: [],
  };
  for (const note of notes) {
    const content = noteContent(note, header, header.machine);
    switch (content.kind) {
      case 'build-id':
        facts.buildId ??= content.id;
        break;
      case 'abi-tag':
        facts.abiTag ??= { os: content.os, version: content.version };
        break;
      case 'properties':
        facts.properties = [...facts.properties, ...content.properties];
        break;
      case 'package':
        facts.package ??= content.metadata;
        break;
      case 'dlopen':
        facts.dlopen = [...facts.dlopen, ...content.dependencies];
        break;
      case 'text':
        facts.linker ??= content.text;
        break;
      case 'other':
        break;
    }
  }
  return facts;
}
