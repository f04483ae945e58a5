import { SHN, VERSYM_HIDDEN, VERSYM_INDEX } from '../elf/index.ts';
import { LOOKUP_COPY, LOOKUP_PLT } from '../model/index.ts';
import { type DefinitionIndex, type IndexedObject, isVisible } from './definitions.ts';

/** What is looked up: interned name, required version (0: none), and how the look-up is narrowed. */
export interface Query {
  readonly name: number;
  readonly version: number;
  /** The reference names a version that must match exactly (the hidden bit of vna_other). */
  readonly versionHidden: boolean;
  /** LOOKUP_ANY, LOOKUP_PLT or LOOKUP_COPY. */
  readonly lookup: number;
  /** Without a version, the default definition is wanted and not the oldest: dlsym(3). */
  readonly isNewest?: boolean;
}

/** A definition: which object of the scope, and which of its symbols. */
export interface Match {
  /** Position in the scope. */
  readonly position: number;
  readonly symbol: number;
}

/**
 * A lookup scope made ready for look-ups: for each indexed object, where it stands in the scope (-1: nowhere).
 * One instance serves all processes of a run in turn.
 */
export class Scope {
  readonly index: DefinitionIndex;
  /** ≥ 2.42: a base definition is only taken when no exact version follows in the same object. */
  private readonly exactFirst: boolean;
  private positions = new Int32Array(0);
  /** The objects of the scope, in lookup order. */
  members: readonly IndexedObject[] = [];

  constructor(index: DefinitionIndex, glibcVersion: number) {
    this.index = index;
    this.exactFirst = glibcVersion >= 2042;
  }

  /** Makes these objects the scope, in this order. */
  enter(members: readonly IndexedObject[]): void {
    for (const { id } of this.members) this.positions[id] = -1;
    if (this.index.objects > this.positions.length) {
      const larger = new Int32Array(Math.max(1024, this.index.objects * 2)).fill(-1);
      larger.set(this.positions);
      this.positions = larger;
    }
    this.members = members;
    members.forEach(({ id }, position) => {
      // A file may stand in a process twice: the first copy is met first.
      if (this.positions[id] === -1) this.positions[id] = position;
    });
  }

  /** The definition that a look-up through the whole scope finds (glibc elf/dl-lookup.c, do_lookup_x). */
  find(query: Query): Match | undefined {
    let best = Number.POSITIVE_INFINITY;
    let bestSymbol = 0;
    const root = this.members[0]!;
    if (root.own !== undefined && query.lookup !== LOOKUP_COPY) {
      const symbol = this.matchOwn(root, query);
      if (symbol > 0) return { position: 0, symbol };
    }
    for (let at = this.index.first(query.name); at >= 0; ) {
      const owner = this.index.owner(at);
      const position = this.positions[owner]!;
      // The program keeps the copies; a search on behalf of one skips it.
      const skip = position < 0 || position >= best || (position === 0 && query.lookup === LOOKUP_COPY);
      if (!skip) {
        const symbol = this.matchGroup(this.members[position]!, at, query);
        if (symbol > 0) {
          best = position;
          bestSymbol = symbol;
        }
      }
      do at = this.index.following(at);
      while (at >= 0 && this.index.owner(at) === owner);
    }
    return bestSymbol === 0 ? undefined : { position: best, symbol: bestSymbol };
  }

  /** Every definition that would do, in lookup order: the winner and those that lose to it. */
  findAll(query: Query): Match[] {
    const matches: Match[] = [];
    const offer = (position: number, symbol: number) => {
      if (symbol > 0) matches.push({ position, symbol });
    };
    const root = this.members[0]!;
    if (root.own !== undefined && query.lookup !== LOOKUP_COPY) offer(0, this.matchOwn(root, query));
    for (let at = this.index.first(query.name); at >= 0; ) {
      const owner = this.index.owner(at);
      const position = this.positions[owner]!;
      if (position > 0 || (position === 0 && query.lookup !== LOOKUP_COPY)) {
        offer(position, this.matchGroup(this.members[position]!, at, query));
      }
      do at = this.index.following(at);
      while (at >= 0 && this.index.owner(at) === owner);
    }
    return matches.sort((a, b) => a.position - b.position);
  }

  /** Whether more than one object of the scope has a definition of the name, of whatever version. */
  isContended(name: number): boolean {
    let seen = this.members[0]?.own?.has(name) ? 0 : -1;
    for (let at = this.index.first(name); at >= 0; at = this.index.following(at)) {
      const position = this.positions[this.index.owner(at)]!;
      if (position < 0 || position === seen) continue;
      if (seen >= 0) return true;
      seen = position;
    }
    return false;
  }

  /** The symbol that one object of the scope offers, 0 for none. */
  findIn(position: number, query: Query): number {
    const member = this.members[position]!;
    if (member.own !== undefined) return this.matchOwn(member, query);
    for (let at = this.index.first(query.name); at >= 0; at = this.index.following(at)) {
      if (this.index.owner(at) === member.id) return this.matchGroup(member, at, query);
    }
    return 0;
  }

  private matchOwn(member: IndexedObject, query: Query): number {
    const symbols = member.own!.get(query.name);
    if (symbols === undefined) return 0;
    const match = new VersionMatch(member, query, this.exactFirst);
    for (const symbol of symbols) if (match.offer(symbol)) break;
    return match.result();
  }

  /** Offers the symbols of one object and name, which stand side by side, to the version rule. */
  private matchGroup(member: IndexedObject, first: number, query: Query): number {
    const match = new VersionMatch(member, query, this.exactFirst);
    for (let at = first; at >= 0 && this.index.owner(at) === member.id; at = this.index.following(at)) {
      if (match.offer(this.index.symbol(at))) break;
    }
    return match.result();
  }
}

/**
 * Which of one object's symbols of one name a reference takes (glibc elf/dl-lookup.c, check_match and the end
 * of do_lookup_x). Symbols are offered in the table's order.
 */
class VersionMatch {
  private readonly member: IndexedObject;
  private readonly query: Query;
  private readonly exactFirst: boolean;
  private accepted = 0;
  /** A base definition seen before an exact one (only where exact ones go first). */
  private base = 0;
  /** The first non-hidden versioned definition that an unversioned reference met, and how many there were. */
  private versioned = 0;
  private versionedCount = 0;

  constructor(member: IndexedObject, query: Query, exactFirst: boolean) {
    this.member = member;
    this.query = query;
    this.exactFirst = exactFirst;
  }

  /** Returns true when the search in this object is over. */
  offer(symbol: number): boolean {
    const { object, versions } = this.member;
    if (this.query.lookup === LOOKUP_PLT && object.symbols.section[symbol] === SHN.UNDEF) return false;
    const versym = object.versions.versym;
    if (versym === undefined) return this.accept(symbol);
    const entry = versym[symbol]!;
    const index = entry & VERSYM_INDEX;
    const hidden = (entry & VERSYM_HIDDEN) !== 0;
    if (this.query.version === 0) {
      // Unversioned reference: the base or oldest version at once, otherwise the only default one.
      if (index < (this.query.isNewest ? FIRST_VERSION : FIRST_NEWER_VERSION)) return this.accept(symbol);
      if (!hidden && this.versionedCount++ === 0) this.versioned = symbol;
      return false;
    }
    const version = versions[index] ?? 0;
    if (version === this.query.version) return this.accept(symbol);
    if (this.query.versionHidden || version !== 0 || hidden) return false;
    if (!this.exactFirst) return this.accept(symbol);
    if (this.base === 0) this.base = symbol;
    return false;
  }

  result(): number {
    const symbol = this.accepted || this.base || (this.versionedCount === 1 ? this.versioned : 0);
    return symbol > 0 && isVisible(this.member.object, symbol) ? symbol : 0;
  }

  private accept(symbol: number): true {
    this.accepted = symbol;
    return true;
  }
}

/** The first version that an object defines, after 0 (local) and 1 (global, or the base version). */
const FIRST_VERSION = 2;
/** versym indexes 0 (local), 1 (global) and 2 (the first version defined) satisfy an unversioned reference. */
const FIRST_NEWER_VERSION = 3;
