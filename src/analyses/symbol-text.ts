import { VERSYM_HIDDEN, VERSYM_INDEX } from '../elf/index.ts';
import type { DynamicObject } from '../model/index.ts';

/** The version that a reference names, undefined for an unversioned one. */
export function referenceVersion({ versions }: DynamicObject, symbol: number): string | undefined {
  const index = (versions.versym?.[symbol] ?? 0) & VERSYM_INDEX;
  const entry = versions.byIndex.get(index);
  return entry !== undefined && entry.hash !== 0 ? entry.name : undefined;
}

/** The version of a definition as linkers write it: `@@V` for the default, `@V` for a hidden one, or nothing. */
export function definitionVersion(object: DynamicObject, symbol: number): string {
  const name = referenceVersion(object, symbol);
  if (name === undefined) return '';
  const hidden = (object.versions.versym![symbol]! & VERSYM_HIDDEN) !== 0;
  return `${hidden ? '@' : '@@'}${name}`;
}
