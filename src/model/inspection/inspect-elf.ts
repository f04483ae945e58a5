import {
  type Decompressors,
  DF,
  type ElfFile,
  ET,
  NO_VERSIONS,
  readSectionSymbols,
  SHT,
  symbolEntrySize,
} from '../../elf/index.ts';
import type { Diagnostic } from '../report.ts';
import { elfType, machine, osAbi } from './codes.ts';
import { dynamicFacts } from './dynamic.ts';
import type { DebugFacts, ElfFacts, HeaderFacts } from './facts.ts';
import { hardeningFacts } from './hardening.ts';
import { hex } from './hex.ts';
import { initFiniFacts } from './init-fini.ts';
import { elfKind } from './kind.ts';
import { sectionFacts, segmentFacts, tlsFacts } from './layout.ts';
import { allNotes, noteContents, noteFacts } from './notes.ts';
import { NO_RELOCATIONS, sectionRelocations, surveyDynamicRelocations } from './relocations.ts';
import { symbolList } from './symbols.ts';
import { type Attempt, attempts, type Views, viewsOf } from './views.ts';

export interface InspectOptions {
  /** List the symbols of `.symtab` also where it is not the file's only symbol table. */
  readonly symbolTable: boolean;
  /** Needed to read `.gnu_debugdata`, where it is the only source of function names. */
  readonly decompressors?: Decompressors;
}

export interface Inspection {
  readonly facts: ElfFacts;
  /** A warning for each part of the file that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** All that `inspect` states about one ELF file; `path` names it in the facts. */
export function inspectElf(file: ElfFile, path: string, options: InspectOptions): Inspection {
  const diagnostics: Diagnostic[] = [];
  const attempt = attempts(path, diagnostics);
  const views = viewsOf(file, attempt);
  const { sections, dynamic, debugOnly } = views;
  const relocations =
    dynamic === undefined ? NO_RELOCATIONS : attempt(() => surveyDynamicRelocations(dynamic), NO_RELOCATIONS);
  const notes = allNotes(views, attempt);
  const interpreter = debugOnly ? undefined : attempt(() => file.interpreter, undefined);
  const tls = debugOnly ? undefined : tlsFacts(file.segments, ((dynamic?.flags ?? 0) & DF.STATIC_TLS) !== 0);
  const hardening = hardeningFacts(views);
  const symbolTable = symbolTableFacts(views, attempt, options);
  const facts: ElfFacts = {
    path,
    format: 'elf',
    size: file.source.size,
    kind: elfKind(views),
    header: headerFacts(file),
    ...(interpreter === undefined ? {} : { interpreter }),
    content: noteContents(notes, file.header),
    comments: sections.length === 0 ? [] : attempt(() => file.comments, []),
    debug: debugFacts(views, attempt),
    notes: notes.map(noteFacts),
    ...(dynamic === undefined ? {} : { dynamic: dynamicFacts(dynamic, relocations.facts, attempt) }),
    initFini: initFiniFacts(views, relocations.arrays, attempt, options.decompressors),
    ...(tls === undefined ? {} : { tls }),
    ...(hardening === undefined ? {} : { hardening }),
    segments: file.segments.map((segment) => segmentFacts(segment, file.header.machine)),
    sections: sections.slice(1).map((section) => sectionFacts(section, file.header.machine)),
    groups: sections.length === 0 ? [] : attempt(() => file.groups, []),
    sectionRelocations: debugOnly ? [] : attempt(() => sectionRelocations(views), []),
    ...(symbolTable === undefined ? {} : { symbolTable }),
  };
  return { facts, diagnostics };
}

function headerFacts({ header }: ElfFile): HeaderFacts {
  return {
    class: header.is64 ? 64 : 32,
    byteOrder: header.littleEndian ? 'little' : 'big',
    type: elfType(header.type),
    machine: machine(header.machine),
    osAbi: osAbi(header.osabi),
    abiVersion: header.abiVersion,
    flags: hex(header.flags),
    entry: hex(header.entry),
  };
}

function debugFacts({ file, sections }: Views, attempt: Attempt): DebugFacts {
  const has = (...names: string[]) =>
    sections.some(({ name, type }) => names.includes(name) && type !== SHT.NOBITS);
  const link = sections.length === 0 ? undefined : attempt(() => file.debugLink, undefined);
  return {
    stripped: !sections.some(({ type }) => type === SHT.SYMTAB),
    dwarf: has('.debug_info', '.zdebug_info'),
    miniDebugInfo: has('.gnu_debugdata'),
    ...(link === undefined ? {} : { debugLink: { file: link.file, crc: hex(link.crc) } }),
  };
}

function symbolTableFacts(
  { file, sections }: Views,
  attempt: Attempt,
  options: InspectOptions,
): ElfFacts['symbolTable'] {
  const section = sections.find(({ type }) => type === SHT.SYMTAB);
  if (section === undefined) return undefined;
  const count = Math.floor(section.size / symbolEntrySize(file.header));
  if (!options.symbolTable && file.header.type !== ET.REL) return { count };
  const symbols = symbolList(() => readSectionSymbols(file, section), NO_VERSIONS, attempt);
  return { count, symbols };
}
