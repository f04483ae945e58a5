import { resolve } from 'node:path';
import type { Creator } from '../../analyses/soak/observation.ts';
import { FormatError } from '../../bytes/index.ts';
import { findLines, lineSections, type SourceLine } from '../../dwarf/index.ts';
import { ElfFile } from '../../elf/index.ts';
import { decompressors } from '../../host/decompressors.ts';
import { openFile } from '../../host/file-source.ts';
import { coveringFunction } from '../native-host/code-files.ts';
import type { Survivor } from './recorder-file.ts';

/** What makes a call that looks like the host's own: a function whose last act it is to call another. */
export interface Entry {
  readonly object: string;
  readonly function: string | null;
}

interface Group {
  readonly resource: Creator['resource'];
  readonly object: string;
  /** Of the call itself: its last byte. */
  readonly address: bigint;
  count: number;
  bytes: number | null;
}

/**
 * What is left, by the place in the code that made it, the most first. `entry` stands for what the host would
 * have made: it calls nothing else, and a tail call leaves no trace of its function.
 */
export function creatorsOf(survivors: readonly Survivor[], entry: Entry): Creator[] {
  const groups = new Map<string, Group>();
  for (const { resource, bytes, ended, site } of survivors) {
    // What an ended thread holds on to is its stack.
    const counted = ended ? 'mappings' : resource;
    const key = `${counted}\0${site.object}\0${site.address}`;
    const group = groups.get(key);
    if (group === undefined) {
      const { object, address } = site;
      groups.set(key, { resource: counted, object, address: address - 1n, count: 1, bytes });
      continue;
    }
    group.count++;
    if (group.bytes !== null && bytes !== null) group.bytes += bytes;
  }
  const byObject = Map.groupBy(groups.values(), ({ object }) => object);
  return [...byObject]
    .flatMap(([object, sites]) =>
      object === '' ? sites.map((site) => atEntry(site, entry)) : named(object, sites),
    )
    .sort((a, b) => b.count - a.count);
}

const NOWHERE = { function: null, address: null, file: null, line: null };

const atEntry = ({ resource, count, bytes }: Group, entry: Entry): Creator => ({
  ...{ ...NOWHERE, resource, count, bytes },
  ...entry,
});

function named(path: string, groups: readonly Group[]): Creator[] {
  const { functions, lines } = placesIn(
    path,
    groups.map(({ address }) => address),
  );
  return groups.map(({ resource, object, address, count, bytes }) => {
    const { file = null, line = null } = lines.get(Number(address)) ?? {};
    return {
      ...{ resource, object, function: functions.get(address) ?? null },
      ...{ address: `0x${address.toString(16)}`, file, line, count, bytes },
    };
  });
}

interface Places {
  readonly functions: ReadonlyMap<bigint, string>;
  readonly lines: ReadonlyMap<number, SourceLine>;
}

/** What a file that is gone or damaged meanwhile does not tell is left out. */
function placesIn(path: string, addresses: readonly bigint[]): Places {
  const functions = new Map<bigint, string>();
  try {
    using source = openFile(resolve(path));
    const elf = new ElfFile(source);
    const table = elf.symbolTable ?? elf.dynamic?.symbols;
    for (const address of addresses) {
      const place = table && coveringFunction(table, address);
      if (place !== undefined) functions.set(address, place.symbol);
    }
    const sections = lineSections(elf, decompressors);
    return { functions, lines: sections ? findLines(sections, addresses.map(Number)) : new Map() };
  } catch (error) {
    const isExpected = error instanceof FormatError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isExpected) throw error;
    return { functions, lines: new Map() };
  }
}
