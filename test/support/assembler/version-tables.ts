import { VER_FLG } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import { elfHash } from './hash-tables.ts';
import type { ElfSpec, SymbolSpec, VersionDefinitionSpec } from './spec.ts';
import { type Block, Writer } from './writer.ts';

interface PlannedDefinition extends VersionDefinitionSpec {
  readonly flags: number;
  readonly index: number;
}

interface PlannedNeed {
  readonly file: string;
  readonly versions: { readonly name: string; readonly flags: number; readonly other: number }[];
}

export interface VersionPlan {
  readonly definitions: readonly PlannedDefinition[];
  readonly needs: readonly PlannedNeed[];
}

const isUndefined = ({ section }: SymbolSpec) => section === 'UND';
const HIDDEN = 0x8000;

/** What the specification lists, and what its symbols name besides. Index 1 is the base, needs come last. */
export function planVersions(spec: ElfSpec): VersionPlan {
  const symbols = spec.symbols ?? [];
  const definitions: VersionDefinitionSpec[] = [...(spec.versionDefinitions ?? [])];
  for (const symbol of symbols) {
    const { version } = symbol;
    if (version === undefined || isUndefined(symbol) || definitions.some(({ name }) => name === version))
      continue;
    definitions.push({ name: version });
  }
  if (definitions.length > 0 && !definitions.some(({ flags = 0 }) => flags & VER_FLG.BASE)) {
    definitions.unshift({ name: spec.soname ?? 'base', flags: VER_FLG.BASE });
  }
  const planned = definitions.map((definition, position) => ({
    ...definition,
    flags: definition.flags ?? 0,
    index: definition.index ?? position + 1,
  }));
  return {
    definitions: planned,
    needs: planNeeds(spec, Math.max(1, ...planned.map(({ index }) => index)) + 1),
  };
}

function planNeeds(spec: ElfSpec, firstIndex: number): PlannedNeed[] {
  const needs: PlannedNeed[] = [];
  let index = firstIndex;
  const add = (file: string, name: string, flags: number, other?: number) => {
    let need = needs.find((known) => known.file === file);
    if (need === undefined) needs.push((need = { file, versions: [] }));
    if (!need.versions.some((version) => version.name === name)) {
      need.versions.push({ name, flags, other: other ?? index++ });
    }
  };
  for (const { file, versions } of spec.versionNeeds ?? []) {
    for (const { name, flags = 0, other } of versions) add(file, name, flags, other);
  }
  for (const symbol of spec.symbols ?? []) {
    if (!isUndefined(symbol) || symbol.version === undefined) continue;
    if (symbol.from === undefined)
      throw new Error(`${symbol.name}: of which file is ${symbol.version} needed?`);
    add(symbol.from, symbol.version, 0);
  }
  return needs;
}

/** DT_VERSYM: 0 for the null symbol and local ones, 1 for those without a version. */
export function versymTable({ symbols, versions, encoding }: Context): Block {
  const writer = new Writer(encoding).u16(0);
  for (const symbol of symbols) writer.u16(versionIndex(symbol, versions), `versym.${symbol.name}`);
  return writer.block();
}

function versionIndex(symbol: SymbolSpec, { definitions, needs }: VersionPlan): number {
  if (symbol.binding === 0) return 0;
  if (symbol.version === undefined) return 1;
  if (isUndefined(symbol)) {
    const need = needs.find(({ file }) => file === symbol.from);
    return need!.versions.find(({ name }) => name === symbol.version)!.other & ~HIDDEN;
  }
  const { index } = definitions.find(({ name }) => name === symbol.version)!;
  return symbol.hidden ? index | HIDDEN : index;
}

const VERNEED_SIZE = 16;
const VERDEF_SIZE = 20;
const VERDAUX_SIZE = 8;

/** DT_VERNEED: each record followed by its auxiliary records. */
export function verneedTable({ versions: { needs }, encoding, dynstr }: Context): Block {
  const writer = new Writer(encoding);
  for (const [position, { file, versions }] of needs.entries()) {
    const label = `verneed.${file}`;
    const size = VERNEED_SIZE * (1 + versions.length);
    writer.u16(1, `${label}.vn_version`).u16(versions.length, `${label}.vn_cnt`);
    writer.u32(dynstr.offset(file), `${label}.vn_file`).u32(VERNEED_SIZE, `${label}.vn_aux`);
    writer.u32(position + 1 < needs.length ? size : 0, `${label}.vn_next`);
    for (const [index, { name, flags, other }] of versions.entries()) {
      const aux = `vernaux.${file}.${name}`;
      writer
        .u32(elfHash(name), `${aux}.vna_hash`)
        .u16(flags, `${aux}.vna_flags`)
        .u16(other, `${aux}.vna_other`);
      writer.u32(dynstr.offset(name), `${aux}.vna_name`);
      writer.u32(index + 1 < versions.length ? VERNEED_SIZE : 0, `${aux}.vna_next`);
    }
  }
  return writer.block();
}

/** DT_VERDEF: each record followed by its name and its parents' names. */
export function verdefTable({ versions: { definitions }, encoding, dynstr }: Context): Block {
  const writer = new Writer(encoding);
  for (const [position, { name, parents = [], flags, index }] of definitions.entries()) {
    const label = `verdef.${name}`;
    const names = [name, ...parents];
    const size = VERDEF_SIZE + VERDAUX_SIZE * names.length;
    writer.u16(1, `${label}.vd_version`).u16(flags, `${label}.vd_flags`).u16(index, `${label}.vd_ndx`);
    writer.u16(names.length, `${label}.vd_cnt`).u32(elfHash(name), `${label}.vd_hash`);
    writer.u32(VERDEF_SIZE, `${label}.vd_aux`);
    writer.u32(position + 1 < definitions.length ? size : 0, `${label}.vd_next`);
    for (const [at, text] of names.entries()) {
      const aux = `verdaux.${name}.${text}`;
      writer.u32(dynstr.offset(text), `${aux}.vda_name`);
      writer.u32(at + 1 < names.length ? VERDAUX_SIZE : 0, `${aux}.vda_next`);
    }
  }
  return writer.block();
}
