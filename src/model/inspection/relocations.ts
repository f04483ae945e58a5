import {
  countRelocationTypes,
  DT,
  type DynamicView,
  dynamicTagName,
  type ElfFile,
  relocationEntrySize,
  relocationTypeName,
  type Section,
  SHT,
  sectionBytes,
} from '../../elf/index.ts';
import type { RelocationFacts } from './facts.ts';
import { hex } from './hex.ts';
import type { Views } from './views.ts';

/** The tables that the dynamic section names, in the order in which they are applied, then DT_RELR. */
export function dynamicRelocations(view: DynamicView): RelocationFacts[] {
  const { machine } = view.header;
  const facts = view.relocationTables.map((table) => {
    const counts = view.countTypes(table);
    const entries = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return {
      table: dynamicTagName(table.tag),
      offset: hex(table.offset),
      entries,
      types: byName(counts, machine),
    };
  });
  const { relr } = view;
  if (relr === undefined) return facts;
  const { words, relocations, offset } = relr;
  return [
    ...facts,
    { table: dynamicTagName(DT.RELR), offset: hex(offset), entries: words, types: { relative: relocations } },
  ];
}

/** SHT_REL and SHT_RELA sections that are no part of a table of the dynamic section. */
export function sectionRelocations({ file, sections, dynamic }: Views): RelocationFacts[] {
  const tables = dynamic?.relocationTables ?? [];
  const isDynamic = ({ offset, size }: Section) =>
    tables.some((table) => offset >= table.offset && offset + size <= table.offset + table.bytes.length);
  return sections
    .filter(({ type }) => type === SHT.REL || type === SHT.RELA)
    .filter((section) => !isDynamic(section))
    .map((section) => countSection(file, section));
}

function countSection({ source, header }: ElfFile, section: Section): RelocationFacts {
  const { littleEndian, is64, machine } = header;
  const layout = { littleEndian, is64, machine, hasAddend: section.type === SHT.RELA };
  const bytes = sectionBytes(source, section);
  const entries = Math.floor(bytes.length / relocationEntrySize(layout));
  const types = byName(countRelocationTypes(bytes, layout), machine);
  return { table: section.name, offset: hex(section.offset), entries, types };
}

function byName(counts: ReadonlyMap<number, number>, machine: number): Record<string, number> {
  return Object.fromEntries([...counts].map(([type, count]) => [relocationTypeName(machine, type), count]));
}
