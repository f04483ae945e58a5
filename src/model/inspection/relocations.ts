import {
  type AddressRange,
  DT,
  type DynamicView,
  dynamicTagName,
  EM,
  NO_RANGE,
  type RelocationTable,
  relocationTypeName,
  type Section,
  SHT,
  sectionBytes,
  surveyRelocations,
} from '../../elf/index.ts';
import type { RelocationFacts } from './facts.ts';
import { hex } from './hex.ts';
import type { Views } from './views.ts';

/** What one pass over the relocation tables of the dynamic section gives. */
export interface DynamicRelocationSurvey {
  /** In the order in which the tables are applied, then DT_RELR. */
  readonly facts: readonly RelocationFacts[];
  /** The relocations of the arrays of functions that run at start and end, table by table. */
  readonly arrays: readonly RelocationTable[];
}

export const NO_RELOCATIONS: DynamicRelocationSurvey = { facts: [], arrays: [] };

export function surveyDynamicRelocations(view: DynamicView): DynamicRelocationSurvey {
  const { machine } = view.header;
  const range = rangeOfArrays(view);
  const facts: RelocationFacts[] = [];
  const arrays: RelocationTable[] = [];
  for (const table of view.relocationTables) {
    const { types, within } = view.survey(table, range);
    facts.push(relocationFacts(dynamicTagName(table.tag), table.offset, types, machine));
    arrays.push(within);
  }
  const { relr } = view;
  if (relr !== undefined) {
    const { words, relocations, offset } = relr;
    const types = { relative: relocations };
    facts.push({ table: dynamicTagName(DT.RELR), offset: hex(offset), entries: words, types });
  }
  return { facts, arrays };
}

const ARRAYS = [
  [DT.PREINIT_ARRAY, DT.PREINIT_ARRAYSZ],
  [DT.INIT_ARRAY, DT.INIT_ARRAYSZ],
  [DT.FINI_ARRAY, DT.FINI_ARRAYSZ],
] as const;

/** From the first of the arrays to the end of the last: link editors put them beside each other. */
function rangeOfArrays({ entries }: DynamicView): AddressRange {
  let range: AddressRange | undefined;
  for (const [tag, sizeTag] of ARRAYS) {
    const start = entries.get(tag);
    const size = entries.get(sizeTag);
    if (start === undefined || !size) continue;
    const end = start + size;
    range = {
      start: range !== undefined && range.start < start ? range.start : start,
      end: range !== undefined && range.end > end ? range.end : end,
    };
  }
  return range ?? NO_RANGE;
}

/** SHT_REL and SHT_RELA sections that are no part of a table of the dynamic section. */
export function sectionRelocations({ file, sections, dynamic }: Views): RelocationFacts[] {
  const tables = dynamic?.relocationTables ?? [];
  const isDynamic = ({ offset, size }: Section) =>
    tables.some((table) => offset >= table.offset && offset + size <= table.offset + table.bytes.length);
  const { source, header } = file;
  const { littleEndian, is64, machine } = header;
  return sections
    .filter(({ type }) => type === SHT.REL || type === SHT.RELA)
    .filter((section) => !isDynamic(section))
    .map((section) => {
      const layout = { littleEndian, is64, machine, hasAddend: section.type === SHT.RELA };
      const { types } = surveyRelocations(sectionBytes(source, section), layout);
      return relocationFacts(section.name, section.offset, types, machine);
    });
}

function relocationFacts(
  table: string,
  offset: number,
  types: ReadonlyMap<number, number>,
  machine: number,
): RelocationFacts {
  const entries = [...types.values()].reduce((sum, count) => sum + count, 0);
  const byName = [...types].map(([type, count]) => [typeName(type, machine), count]);
  return { table, offset: hex(offset), entries, types: Object.fromEntries(byName) };
}

/** A 64-bit MIPS relocation is up to three operations, one after the other (MIPS N64 ABI, Relocation). */
function typeName(type: number, machine: number): string {
  if (machine !== EM.MIPS || type <= 0xff) return relocationTypeName(machine, type);
  const operations = [type & 0xff, (type >>> 8) & 0xff, (type >>> 16) & 0xff];
  const last = operations.findLastIndex((operation) => operation !== 0);
  return operations
    .slice(0, last + 1)
    .map((operation) => relocationTypeName(machine, operation))
    .join('/');
}
