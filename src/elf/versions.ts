import type { Cursor } from '../bytes/index.ts';
import { VER_FLG } from './constants/index.ts';
import type { StringTable } from './strings.ts';

/** One version that this file needs of another (vernaux; Linux Standard Base, Symbol Versioning). */
export interface NeededVersion {
  readonly name: string;
  readonly hash: number;
  readonly flags: number;
  /** The index by which versym refers to it, hidden bit removed. */
  readonly index: number;
  readonly hidden: boolean;
}

/** All versions needed of one file (verneed); `file` is the DT_NEEDED name. */
export interface VersionNeed {
  readonly file: string;
  readonly versions: readonly NeededVersion[];
}

/** One version that this file defines (verdef), with the versions it inherits from. */
export interface VersionDefinition {
  readonly name: string;
  readonly hash: number;
  readonly flags: number;
  readonly index: number;
  /** The base definition names the file itself and takes no part in matching. */
  readonly base: boolean;
  readonly parents: readonly string[];
}

/** What a versym index means to the loader: the entry of its l_versions table. */
export interface VersionEntry {
  readonly name: string;
  readonly hash: number;
  readonly hidden: boolean;
  /** The file that the version is needed of; undefined for a version defined here. */
  readonly file?: string;
}

export interface Versions {
  readonly needs: readonly VersionNeed[];
  readonly definitions: readonly VersionDefinition[];
  /** By versym index; no entry for 0 (local) and 1 (global) nor for the base definition. */
  readonly byIndex: ReadonlyMap<number, VersionEntry>;
  /** DT_VERSYM, one entry a symbol; undefined for a file without versions. */
  readonly versym: Uint16Array | undefined;
}

export const NO_VERSIONS: Versions = { needs: [], definitions: [], byIndex: new Map(), versym: undefined };

/** Highest bit of a versym entry: the symbol is not the default version (`@`, not `@@`). */
export const VERSYM_HIDDEN = 0x8000;
export const VERSYM_INDEX = 0x7fff;

const VERNEED_SIZE = 16;
const VERNAUX_SIZE = 16;
const VERDEF_SIZE = 20;
const VERDAUX_SIZE = 8;

/** Records that may still be read: linkers share some (gold one name record between definitions), not many. */
interface Budget {
  records: number;
}

const recordBudget = (cursor: Cursor): Budget => ({ records: cursor.remaining });

/**
 * Follows a chain of records linked by relative offsets. A chain that claims more records than fit into the
 * bytes, or that leads over the same ones again and again, is an error.
 */
function* chain(
  cursor: Cursor,
  start: number,
  count: number,
  recordSize: number,
  budget: Budget,
): Generator<number> {
  if (count * recordSize > cursor.end - start) cursor.fail('truncated', `${count} version records`, start);
  for (let at = start, index = 0; index < count; index++) {
    if (--budget.records < 0) cursor.fail('bad-value', 'version records overlap', at);
    cursor.seek(at);
    yield at;
    const next = cursor.seek(at + recordSize - 4).u32();
    if (next === 0) return;
    at += next;
  }
}

/** DT_VERNEED: `count` is DT_VERNEEDNUM. */
export function readVersionNeeds(cursor: Cursor, names: StringTable, count: number): VersionNeed[] {
  const needs: VersionNeed[] = [];
  const budget = recordBudget(cursor);
  for (const at of chain(cursor, cursor.pos, count, VERNEED_SIZE, budget)) {
    cursor.u16(); // vn_version
    const auxCount = cursor.u16();
    const file = names.at(cursor.u32());
    const aux = at + cursor.u32();
    const versions: NeededVersion[] = [];
    for (const _ of chain(cursor, aux, auxCount, VERNAUX_SIZE, budget)) {
      const hash = cursor.u32();
      const flags = cursor.u16();
      const other = cursor.u16();
      const name = names.at(cursor.u32());
      versions.push({
        name,
        hash,
        flags,
        index: other & VERSYM_INDEX,
        hidden: (other & VERSYM_HIDDEN) !== 0,
      });
    }
    needs.push({ file, versions });
  }
  return needs;
}

/** DT_VERDEF: `count` is DT_VERDEFNUM. */
export function readVersionDefinitions(
  cursor: Cursor,
  names: StringTable,
  count: number,
): VersionDefinition[] {
  const definitions: VersionDefinition[] = [];
  const budget = recordBudget(cursor);
  for (const at of chain(cursor, cursor.pos, count, VERDEF_SIZE, budget)) {
    cursor.u16(); // vd_version
    const flags = cursor.u16();
    const index = cursor.u16() & VERSYM_INDEX;
    const auxCount = cursor.u16();
    const hash = cursor.u32();
    const aux = at + cursor.u32();
    const auxNames: string[] = [];
    for (const _ of chain(cursor, aux, auxCount, VERDAUX_SIZE, budget)) auxNames.push(names.at(cursor.u32()));
    const [name = '', ...parents] = auxNames;
    definitions.push({ name, hash, flags, index, base: (flags & VER_FLG.BASE) !== 0, parents });
  }
  return definitions;
}

/** The loader's table (glibc elf/dl-version.c, _dl_check_map_versions): needs first, then definitions. */
export function versionsByIndex(
  needs: readonly VersionNeed[],
  definitions: readonly VersionDefinition[],
): Map<number, VersionEntry> {
  const byIndex = new Map<number, VersionEntry>();
  for (const { file, versions } of needs) {
    for (const { index, name, hash, hidden } of versions) byIndex.set(index, { name, hash, hidden, file });
  }
  for (const { index, name, hash, base } of definitions) {
    if (!base) byIndex.set(index, { name, hash, hidden: false });
  }
  return byIndex;
}
