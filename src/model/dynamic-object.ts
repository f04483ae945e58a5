import {
  DF,
  DT,
  type DynamicView,
  type ElfFile,
  ET,
  type LookupClass,
  lookupClass,
  NO_RANGE,
  NO_SYMBOLS,
  NO_VERSIONS,
  PF,
  PT,
  relocationClass,
  type Segment,
  type SymbolTable,
  threadStorage,
  type Versions,
} from '../elf/index.ts';

/** What a loader compares before it maps a file: two objects of different architecture never share a process. */
export interface Architecture {
  readonly machine: number;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

/**
 * The look-ups that relocation asks for, in the loader's order, as columns: index into `symbols`, how the
 * look-up is narrowed (an index into `LOOKUP_CLASSES`), and `REFERENCE_` bits.
 */
export interface References {
  readonly symbol: Uint32Array;
  readonly lookup: Uint8Array;
  readonly traits: Uint8Array;
}

/** A jump slot of DT_JMPREL: it may wait until the function is first called. */
export const REFERENCE_LAZY = 1;
/** The definition's object must have its thread-local storage in the static TLS block. */
export const REFERENCE_STATIC_TLS = 2;
/** It would be better off there. */
export const REFERENCE_TLS_DESCRIPTOR = 4;

/** PT_TLS: the thread-local storage that every thread gets of an object; bytes. */
export interface ThreadLocals {
  readonly size: number;
  readonly alignment: number;
  /** Where it starts, modulo the alignment. */
  readonly misalignment: number;
  /** What the object's relocations of its own unnamed storage ask for: `REFERENCE_` bits. */
  readonly ownTraits: number;
}

export const LOOKUP_CLASSES: readonly LookupClass[] = ['any', 'plt', 'copy'];
export const LOOKUP_ANY = 0;
export const LOOKUP_PLT = 1;
export const LOOKUP_COPY = 2;

/** An entry of the dynamic section that makes the loader load another object. */
export interface Dependency {
  readonly tag: typeof DT.NEEDED | typeof DT.AUXILIARY | typeof DT.FILTER;
  readonly name: string;
}

/** Where a file stands on its file system: two paths to one inode are one object. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/**
 * All that the dynamic linker knows of one executable or shared object, read from its program headers alone.
 * Symbols and references are columns; nothing refers to the file any more.
 */
export interface DynamicObject {
  /** The path as the loader would name it (`l_name`), which need not be the canonical one. */
  readonly path: string;
  readonly identity: FileIdentity | undefined;
  readonly architecture: Architecture;
  /** ET_EXEC or ET_DYN. */
  readonly type: number;
  readonly interpreter: string | undefined;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** DT_NEEDED, DT_AUXILIARY and DT_FILTER entries in the file's order. */
  readonly dependencies: readonly Dependency[];
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
  /** DT_FLAGS_1. */
  readonly flags1: number;
  readonly symbolic: boolean;
  readonly bindNow: boolean;
  readonly textRelocations: boolean;
  readonly staticTls: boolean;
  readonly executableStack: boolean;
  /** DT_INIT or DT_INIT_ARRAY: it has code to run when it has been loaded. */
  readonly hasConstructors: boolean;
  /** DT_FINI or DT_FINI_ARRAY. */
  readonly hasDestructors: boolean;
  readonly threadLocals: ThreadLocals | undefined;
  readonly symbols: SymbolTable;
  /** First symbol that the loader can find through the hash table; `symbols.count` when it can find none. */
  readonly firstHashed: number;
  /** The loader looks into DT_GNU_HASH, not into DT_HASH. */
  readonly hasGnuHash: boolean;
  readonly versions: Versions;
  readonly references: References;
}

/** How much of an object is read: what decides which files are loaded, or its symbols and references too. */
export type ObjectDetail = 'dependencies' | 'all';

/**
 * The loader's facts of a file; undefined for a file without a dynamic section. For `dependencies` alone the
 * tables are empty, and the file's symbols are not even read. Throws `FormatError`.
 */
export function dynamicObject(
  file: ElfFile,
  path: string,
  identity?: FileIdentity,
  detail: ObjectDetail = 'all',
): DynamicObject | undefined {
  const { dynamic, header, segments } = file;
  if (dynamic === undefined) return undefined;
  const stack = segments.find(({ type }) => type === PT.GNU_STACK);
  const { rpath, runpath } = dynamic;
  return {
    path,
    identity,
    architecture: { machine: header.machine, is64: header.is64, littleEndian: header.littleEndian },
    type: header.type,
    interpreter: file.interpreter,
    soname: dynamic.soname,
    needed: dynamic.needed,
    dependencies: readDependencies(dynamic),
    rpath,
    runpath,
    flags1: dynamic.flags1,
    symbolic: dynamic.symbolic,
    bindNow: dynamic.bindNow,
    textRelocations: dynamic.textRelocations,
    staticTls: (dynamic.flags & DF.STATIC_TLS) !== 0,
    // Without PT_GNU_STACK the architecture's default counts, which is an executable stack on most.
    executableStack: stack === undefined || (stack.flags & PF.X) !== 0,
    hasConstructors: hasFunctions(dynamic, DT.INIT, DT.INIT_ARRAYSZ),
    hasDestructors: hasFunctions(dynamic, DT.FINI, DT.FINI_ARRAYSZ),
    hasGnuHash: dynamic.entries.get(DT.GNU_HASH) !== undefined,
    ...(detail === 'all' ? readTables(file, dynamic) : NO_TABLES),
  };
}

const hasFunctions = ({ entries }: DynamicView, one: number, arraySize: number): boolean =>
  entries.get(one) !== undefined || (entries.get(arraySize) ?? 0n) > 0n;

type Tables = Pick<DynamicObject, 'symbols' | 'firstHashed' | 'versions' | 'references' | 'threadLocals'>;

const NO_TABLES: Tables = {
  symbols: NO_SYMBOLS,
  firstHashed: 0,
  versions: NO_VERSIONS,
  references: { symbol: new Uint32Array(0), lookup: new Uint8Array(0), traits: new Uint8Array(0) },
  threadLocals: undefined,
};

function readTables(file: ElfFile, dynamic: DynamicView): Tables {
  return {
    symbols: dynamic.symbols,
    firstHashed: dynamic.firstHashedSymbol,
    versions: dynamic.versions,
    references: readReferences(file, dynamic),
    threadLocals: readThreadLocals(file, dynamic),
  };
}

/**
 * A program, as opposed to a library. Position-independent programs are ET_DYN like libraries but name an
 * interpreter; so do libraries that can be run, such as libc.so.6, which have a soname.
 */
export const isProgram = (object: DynamicObject): boolean =>
  object.type === ET.EXEC || (object.interpreter !== undefined && object.soname === undefined);

function readDependencies(dynamic: DynamicView): Dependency[] {
  const found: Dependency[] = [];
  for (const { tag, value } of dynamic.entries.list) {
    if (tag === DT.NEEDED || tag === DT.AUXILIARY || tag === DT.FILTER) {
      found.push({ tag, name: dynamic.string(Number(value)) });
    }
  }
  return found;
}

function readReferences({ header }: ElfFile, dynamic: DynamicView): References {
  const tables = dynamic.relocationTables.map((table) => ({
    isPlt: table.tag === DT.JMPREL,
    ...dynamic.references(table),
  }));
  const total = tables.reduce((sum, { symbol }) => sum + symbol.length, 0);
  const symbols = new Uint32Array(total);
  const lookups = new Uint8Array(total);
  const traits = new Uint8Array(total);
  const kinds = new Map<number, ReferenceKind | undefined>();
  let count = 0;
  for (const { symbol, type, isPlt } of tables) {
    for (let index = 0; index < symbol.length; index++) {
      const relocation = type[index]!;
      let kind = kinds.get(relocation);
      if (kind === undefined && !kinds.has(relocation)) {
        kind = referenceKind(header.machine, relocation, header.flags);
        kinds.set(relocation, kind);
      }
      if (kind === undefined) continue;
      symbols[count] = symbol[index]!;
      lookups[count] = kind.lookup;
      traits[count++] = isPlt ? kind.traits : kind.traits & ~REFERENCE_LAZY;
    }
  }
  return {
    symbol: symbols.subarray(0, count),
    lookup: lookups.subarray(0, count),
    traits: traits.subarray(0, count),
  };
}

/** What the relocations of one type have in common. */
interface ReferenceKind {
  readonly lookup: number;
  readonly traits: number;
}

/** undefined: these may name a symbol for the static linker's sake, the loader never looks it up. */
function referenceKind(machine: number, type: number, flags: number): ReferenceKind | undefined {
  const relocation = relocationClass(machine, type);
  if (relocation === 'none' || relocation === 'relative') return undefined;
  const lookup = LOOKUP_CLASSES.indexOf(lookupClass(machine, type, flags));
  return { lookup, traits: (relocation === 'jump-slot' ? REFERENCE_LAZY : 0) | storageTraits(machine, type) };
}

function storageTraits(machine: number, type: number): number {
  const storage = threadStorage(machine, type);
  if (storage === undefined) return 0;
  return storage === 'static' ? REFERENCE_STATIC_TLS : REFERENCE_TLS_DESCRIPTOR;
}

function readThreadLocals({ header, segments }: ElfFile, dynamic: DynamicView): ThreadLocals | undefined {
  const segment = segments.find(({ type }) => type === PT.TLS);
  if (segment === undefined || segment.memorySize === 0) return undefined;
  let ownTraits = 0;
  for (const table of dynamic.relocationTables) {
    for (const [type, count] of dynamic.survey(table, NO_RANGE).types) {
      const traits = storageTraits(header.machine, type);
      if (traits === 0) continue;
      const named = dynamic.references(table).type.reduce((sum, one) => sum + Number(one === type), 0);
      if (named < count) ownTraits |= traits;
    }
  }
  return { ...extentOf(segment), ownTraits };
}

function extentOf({ memorySize, align, vaddr }: Segment) {
  const alignment = Math.max(1, align);
  return { size: memorySize, alignment, misalignment: Number(vaddr % BigInt(alignment)) };
}
