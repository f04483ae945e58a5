import {
  DF,
  DF_1,
  DT,
  type DynamicView,
  flagNames,
  NO_VERSIONS,
  VER_FLG,
  type Versions,
} from '../../elf/index.ts';
import { dynamicTag, STRING_TAGS } from './codes.ts';
import type {
  DynamicEntryFacts,
  DynamicFacts,
  RelocationFacts,
  VersionDefinitionFacts,
  VersionNeedFacts,
} from './facts.ts';
import { hex } from './hex.ts';
import { symbolList } from './symbols.ts';
import type { Attempt } from './views.ts';

/** The loader's view of a file; a table that cannot be read is empty. */
export function dynamicFacts(
  view: DynamicView,
  relocations: readonly RelocationFacts[],
  attempt: Attempt,
): DynamicFacts {
  const versions = attempt(() => view.versions, NO_VERSIONS);
  const text = <Key extends 'soname' | 'rpath' | 'runpath'>(key: Key): { readonly [K in Key]?: string } => {
    const value = attempt(() => view[key], undefined);
    return value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
  };
  return {
    ...text('soname'),
    needed: attempt(() => view.needed, []),
    auxiliary: attempt(() => texts(view, DT.AUXILIARY), []),
    filters: attempt(() => texts(view, DT.FILTER), []),
    ...text('rpath'),
    ...text('runpath'),
    symbolic: view.symbolic,
    flags: flagNames(DF, view.flags),
    flags1: flagNames(DF_1, view.flags1),
    entries: view.entries.list.map(({ tag, value }) => entryFacts(view, tag, value, attempt)),
    versionDefinitions: definitionFacts(versions),
    versionNeeds: needFacts(versions),
    relocations: relocations,
    symbols: symbolList(() => view.symbols, versions, attempt),
  };
}

function texts({ entries, strings }: DynamicView, wanted: number): string[] {
  return entries.list.filter(({ tag }) => tag === wanted).map(({ value }) => strings.at(Number(value)));
}

function entryFacts(view: DynamicView, tag: number, value: bigint, attempt: Attempt): DynamicEntryFacts {
  const entry = { tag: dynamicTag(tag, view.header.machine), value: hex(value) };
  if (!STRING_TAGS.has(tag)) return entry;
  const text = attempt(() => view.strings.at(Number(value)), undefined);
  return text === undefined ? entry : { ...entry, text };
}

function definitionFacts({ definitions }: Versions): VersionDefinitionFacts[] {
  return definitions.map(({ name, index, base, flags, parents }) => {
    return { name, index, base, weak: (flags & VER_FLG.WEAK) !== 0, parents };
  });
}

function needFacts({ needs }: Versions): VersionNeedFacts[] {
  return needs.map(({ file, versions }) => ({
    file,
    versions: versions.map(({ name, index, flags }) => ({ name, index, weak: (flags & VER_FLG.WEAK) !== 0 })),
  }));
}
