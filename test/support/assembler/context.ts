import type { Encoding } from '../../../src/bytes/index.ts';
import { EM, ET, STB } from '../../../src/elf/index.ts';
import { gnuHash } from './hash-tables.ts';
import type { ElfSpec, SymbolSpec } from './spec.ts';
import { type Places, planPlaces } from './symbol-tables.ts';
import { planVersions, type VersionPlan } from './version-tables.ts';
import { StringPool } from './writer.ts';

/** A specification with its defaults filled in, and the names that its tables share. */
export interface Context {
  readonly spec: ElfSpec;
  readonly encoding: Encoding;
  readonly machine: number;
  readonly type: number;
  readonly dynstr: StringPool;
  readonly strtab: StringPool;
  readonly shstrtab: StringPool;
  /** Dynamic symbols in the table's order, the null symbol left out. */
  readonly symbols: readonly SymbolSpec[];
  /** Index of the first symbol that DT_GNU_HASH lists, the null symbol counted. */
  readonly firstHashed: number;
  readonly gnuBuckets: number;
  readonly versions: VersionPlan;
  readonly places: Places;
}

export function contextOf(spec: ElfSpec): Context {
  const given = spec.symbols ?? [];
  const hashed = given.filter(isHashed);
  const gnuBuckets = spec.gnuBuckets ?? Math.max(1, Math.floor(hashed.length / 4));
  const bucket = ({ name }: SymbolSpec) => gnuHash(name) % gnuBuckets;
  const locals = given.filter(({ binding }) => binding === STB.LOCAL);
  const others = given.filter((symbol) => symbol.binding !== STB.LOCAL && !isHashed(symbol));
  return {
    spec,
    encoding: { littleEndian: spec.littleEndian ?? true, is64: (spec.class ?? 64) === 64 },
    machine: spec.machine ?? EM.X86_64,
    type: spec.type ?? ET.DYN,
    dynstr: new StringPool(),
    strtab: new StringPool(),
    shstrtab: new StringPool(),
    symbols: [...locals, ...others, ...hashed.toSorted((a, b) => bucket(a) - bucket(b))],
    firstHashed: 1 + locals.length + others.length,
    gnuBuckets,
    versions: planVersions(spec),
    places: planPlaces(spec),
  };
}

/** Index of a symbol in a table that starts with the null symbol. */
export function symbolIndex(symbols: readonly SymbolSpec[], symbol: string | number | undefined): number {
  if (typeof symbol !== 'string') return symbol ?? 0;
  const found = symbols.findIndex(({ name, version }) => symbol === name || symbol === `${name}@${version}`);
  if (found < 0) throw new Error(`no symbol ${symbol} in the specification`);
  return found + 1;
}

const isHashed = ({ section, binding }: SymbolSpec) => section !== 'UND' && binding !== STB.LOCAL;
