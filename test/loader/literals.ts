import {
  EM,
  ET,
  NO_VERSIONS,
  STB,
  STT,
  STV,
  type SymbolTable,
  stringTable,
  type Versions,
} from '../../src/elf/index.ts';
import type {
  LibraryCache,
  LoadContext,
  LoaderSettings,
  LoadOptions,
  OpenOutcome,
} from '../../src/loader/index.ts';
import { type Architecture, type DynamicObject, LOOKUP_ANY, LOOKUP_CLASSES } from '../../src/model/index.ts';

/** Objects and surroundings of a loader written down instead of read from files. */

export const X86_64: Architecture = { machine: EM.X86_64, is64: true, littleEndian: true };

export interface LiteralSymbol {
  readonly name: string;
  /** 0 for a symbol that is defined elsewhere. */
  readonly value?: bigint;
  readonly section?: number;
  readonly binding?: number;
  readonly type?: number;
  readonly visibility?: number;
  /** Entry of DT_VERSYM. */
  readonly versym?: number;
}

/** A symbol table; entry 0 is the null symbol. */
function symbolTable(symbols: readonly LiteralSymbol[]): SymbolTable {
  const all: readonly LiteralSymbol[] = [{ name: '', value: 0n, section: 0, binding: STB.LOCAL }, ...symbols];
  const offsets: number[] = [];
  let text = '';
  for (const { name } of all) {
    offsets.push(text.length);
    text += `${name}\0`;
  }
  return {
    count: all.length,
    names: stringTable(new TextEncoder().encode(text), 'literal', 0),
    nameOffset: Uint32Array.from(offsets),
    info: Uint8Array.from(all, ({ binding = STB.GLOBAL, type = STT.FUNC }) => (binding << 4) | type),
    other: Uint8Array.from(all, ({ visibility = STV.DEFAULT }) => visibility),
    section: Uint32Array.from(all, ({ section, value }) => section ?? (value === 0n ? 0 : 1)),
    value: BigUint64Array.from(all, ({ value = 4096n }) => value),
    size: new BigUint64Array(all.length),
  };
}

export interface Literal extends Partial<Omit<DynamicObject, 'symbols' | 'versions' | 'references'>> {
  readonly symbols?: readonly LiteralSymbol[];
  readonly versions?: Omit<Versions, 'versym'>;
  /** Symbol indexes, with the kind of look-up where it is not `any`. */
  readonly references?: readonly (number | readonly [number, (typeof LOOKUP_CLASSES)[number]])[];
}

export function literalObject({
  symbols = [],
  versions,
  references = [],
  ...rest
}: Literal = {}): DynamicObject {
  const versym = symbols.some((symbol) => symbol.versym !== undefined)
    ? Uint16Array.from([0, ...symbols.map((symbol) => symbol.versym ?? 1)])
    : undefined;
  const pairs = references.map((entry) =>
    typeof entry === 'number'
      ? ([entry, LOOKUP_ANY] as const)
      : ([entry[0], LOOKUP_CLASSES.indexOf(entry[1])] as const),
  );
  const needed = rest.needed ?? [];
  return {
    path: '/literal',
    identity: undefined,
    architecture: X86_64,
    type: ET.DYN,
    interpreter: undefined,
    soname: undefined,
    needed,
    dependencies: needed.map((name) => ({ tag: 1, name })),
    rpath: undefined,
    runpath: undefined,
    flags1: 0,
    symbolic: false,
    bindNow: false,
    textRelocations: false,
    staticTls: false,
    executableStack: false,
    hasConstructors: false,
    hasDestructors: false,
    hasGnuHash: true,
    threadLocals: undefined,
    firstHashed: 1,
    ...rest,
    symbols: symbolTable(symbols),
    versions: { ...(versions ?? NO_VERSIONS), versym },
    references: {
      symbol: Uint32Array.from(pairs, ([symbol]) => symbol),
      lookup: Uint8Array.from(pairs, ([, lookup]) => lookup),
      traits: new Uint8Array(pairs.length),
    },
  };
}

export function literalSettings(rest: Partial<LoaderSettings> = {}): LoaderSettings {
  return {
    version: 2036,
    systemDirectories: ['/lib/', '/usr/lib/'],
    platform: 'x86_64',
    lib: 'lib',
    hwcaps: [],
    hwcapMask: 0n,
    cache: new Map() as LibraryCache,
    preloads: [],
    loaderPath: '/lib64/ld-linux-x86-64.so.2',
    ...rest,
  };
}

/** A file system of a few objects; every other path leads nowhere. */
export function literalContext(
  files: Readonly<Record<string, DynamicObject | OpenOutcome>>,
  options: LoadOptions = {},
  settings: LoaderSettings = literalSettings(),
): LoadContext {
  const ABSENT = 'No such file or directory';
  return {
    files: {
      open(path) {
        const file = files[path];
        if (file === undefined) return { kind: 'absent', reason: ABSENT, words: ABSENT, isOdd: false };
        return 'kind' in file ? file : { kind: 'object', object: file };
      },
      realPath: (path) => path,
      workingDirectory: '/work',
    },
    options,
    settingsFor: () => settings,
  };
}
