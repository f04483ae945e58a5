import { SHN, STB, STT, STV, symbolBinding, symbolType, symbolVisibility, sysvHash } from '../elf/index.ts';
import type { DynamicObject } from '../model/index.ts';
import { NameTable } from './names.ts';

/** An object whose names are interned: what look-ups need, beside the object's own columns. */
export interface IndexedObject {
  readonly id: number;
  readonly object: DynamicObject;
  /** Interned name by symbol index. */
  readonly names: Uint32Array;
  /** Interned version by versym index; 0 for none and for the base definition. */
  readonly versions: Uint32Array;
  /** A program's definitions, which are kept out of the common lists; symbol indexes by interned name. */
  readonly own: ReadonlyMap<number, readonly number[]> | undefined;
}

/** Symbol types that can satisfy a reference (glibc elf/dl-lookup.c, check_match). */
const ALLOWED_TYPES =
  (1 << STT.NOTYPE) |
  (1 << STT.OBJECT) |
  (1 << STT.FUNC) |
  (1 << STT.COMMON) |
  (1 << STT.TLS) |
  (1 << STT.GNU_IFUNC);

/**
 * Whether a look-up could ever stop at a symbol: it has a value (absolute and thread-local ones may be 0) and
 * a type that counts. An undefined symbol of a program with a value is its canonical PLT entry.
 */
export function isCandidate({ symbols }: DynamicObject, index: number): boolean {
  const type = symbolType(symbols.info[index]!);
  if (((1 << type) & ALLOWED_TYPES) === 0) return false;
  return symbols.value[index] !== 0n || symbols.section[index] === SHN.ABS || type === STT.TLS;
}

/** Whether a look-up that stopped at a symbol may take it; otherwise it goes on to the next object. */
export function isVisible({ symbols }: DynamicObject, index: number): boolean {
  const visibility = symbolVisibility(symbols.other[index]!);
  if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) return false;
  const binding = symbolBinding(symbols.info[index]!);
  return binding === STB.GLOBAL || binding === STB.WEAK || binding === STB.GNU_UNIQUE;
}

/**
 * All definitions of all libraries of a run, by interned name. One look-up then costs the handful of objects
 * that define the name, not the length of the scope. A program's own definitions stay in a map of their own:
 * a thousand programs that each hold a copy of `stdout` must not slow each other down.
 */
export class DefinitionIndex {
  readonly names = new NameTable();
  private readonly versionIds = new Map<string, number>();
  private readonly indexed = new Map<DynamicObject, IndexedObject>();
  private heads = new Int32Array(1 << 16).fill(-1);
  private next = new Int32Array(1 << 16);
  private owners = new Int32Array(1 << 16);
  private symbols = new Int32Array(1 << 16);
  private count = 0;
  private objectCount = 0;

  /** The number of objects so far: one more than the largest id. */
  get objects(): number {
    return this.objectCount;
  }

  /** The index's view of an object, made on first use. `apart` keeps its definitions out of the common lists. */
  add(object: DynamicObject, apart: boolean): IndexedObject {
    const known = this.indexed.get(object);
    if (known && (apart || known.own === undefined)) return known;
    if (known) {
      // A program that is somebody's library after all.
      const shared = { ...known, own: undefined };
      this.addDefinitions(shared);
      this.indexed.set(object, shared);
      return shared;
    }
    const { symbols, versions } = object;
    const names = new Uint32Array(symbols.count);
    for (let index = 0; index < symbols.count; index++) {
      names[index] = this.names.intern(symbols.names.bytes, symbols.nameOffset[index]!);
    }
    const highest = Math.max(1, ...versions.byIndex.keys());
    const versionColumn = new Uint32Array(highest + 1);
    for (const [index, { name, hash }] of versions.byIndex) {
      if (hash !== 0) versionColumn[index] = this.versionId(name, hash);
    }
    const own = apart ? ownDefinitions(object, names) : undefined;
    const entry: IndexedObject = { id: this.objectCount++, object, names, versions: versionColumn, own };
    if (!apart) this.addDefinitions(entry);
    this.indexed.set(object, entry);
    return entry;
  }

  /** The number of a name that no object need have. */
  nameNumber(name: string): number {
    return this.names.intern(new TextEncoder().encode(name), 0);
  }

  /** The number of a version that no object need have. */
  versionNumber(name: string): number {
    return this.versionId(name, sysvHash(name));
  }

  /** Forgets a program that was kept apart: no later process can contain it. */
  forget(object: DynamicObject): void {
    if (this.indexed.get(object)?.own !== undefined) this.indexed.delete(object);
  }

  /** Versions are compared by hash and name (glibc elf/dl-lookup.c, check_match). */
  private versionId(name: string, hash: number): number {
    const key = `${hash}:${name}`;
    let id = this.versionIds.get(key);
    if (id === undefined) {
      id = this.versionIds.size + 1;
      this.versionIds.set(key, id);
    }
    return id;
  }

  private addDefinitions({ id, object, names }: IndexedObject): void {
    if (this.names.size > this.heads.length) {
      const heads = new Int32Array(Math.max(this.heads.length * 2, this.names.size)).fill(-1);
      heads.set(this.heads);
      this.heads = heads;
    }
    // From the last to the first, so that an object's symbols of one name stand in the table's order.
    for (let index = object.symbols.count - 1; index >= Math.max(1, object.firstHashed); index--) {
      if (!isCandidate(object, index)) continue;
      if (this.count === this.next.length) this.grow();
      const at = this.count++;
      const name = names[index]!;
      this.owners[at] = id;
      this.symbols[at] = index;
      this.next[at] = this.heads[name]!;
      this.heads[name] = at;
    }
  }

  private grow(): void {
    const enlarge = (column: Int32Array<ArrayBuffer>) => {
      const larger = new Int32Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.next = enlarge(this.next);
    this.owners = enlarge(this.owners);
    this.symbols = enlarge(this.symbols);
  }

  /** The first definition of a name, -1 for none; `following` leads on. One object's stand side by side. */
  first(name: number): number {
    return name < this.heads.length ? this.heads[name]! : -1;
  }

  following(definition: number): number {
    return this.next[definition]!;
  }

  owner(definition: number): number {
    return this.owners[definition]!;
  }

  symbol(definition: number): number {
    return this.symbols[definition]!;
  }
}

function ownDefinitions(object: DynamicObject, names: Uint32Array): Map<number, number[]> {
  const own = new Map<number, number[]>();
  for (let index = Math.max(1, object.firstHashed); index < object.symbols.count; index++) {
    if (!isCandidate(object, index)) continue;
    const list = own.get(names[index]!);
    if (list) list.push(index);
    else own.set(names[index]!, [index]);
  }
  return own;
}
