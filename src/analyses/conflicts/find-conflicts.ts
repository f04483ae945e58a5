import { SHN, STB, symbolBinding, symbolName } from '../../elf/index.ts';
import type { Binding, Scope } from '../../loader/index.ts';
import { LOOKUP_COPY, type LoadedObject, type Process } from '../../model/index.ts';
import { referenceVersion } from '../symbol-text.ts';
import { type ConflictKind, conflictKind } from './conflict-kind.ts';

/** One definition of a contended name. */
export interface Definer {
  readonly object: LoadedObject;
  readonly symbol: number;
  /** st_size, in bytes. */
  readonly size: number;
  /** STB_GLOBAL, STB_WEAK or STB_GNU_UNIQUE. */
  readonly binding: number;
  readonly version: string | undefined;
}

/** One name that a reference of the process could have found in more than one object. */
export interface Conflict {
  readonly name: string;
  readonly kind: ConflictKind;
  readonly winner: Definer;
  /** In lookup order. */
  readonly losers: readonly Definer[];
  /** Objects that refer to the name, with what each one got. */
  readonly references: readonly { readonly from: LoadedObject; readonly to: LoadedObject }[];
}

/** What is known of one name while look-ups are watched. */
interface Contended {
  readonly name: string;
  readonly definers: Map<LoadedObject, number>;
  readonly references: Map<LoadedObject, LoadedObject>;
}

/**
 * Watches a process's look-ups and collects the names for which one of them had a choice. Only definitions
 * that would have satisfied a reference count: another symbol version, or a hidden one, is no rival.
 */
export class ConflictCollector {
  private readonly process: Process;
  private readonly contended = new Map<number, Contended>();
  /** Where the program holds copies of libraries' variables: under whatever name, each is one variable. */
  private readonly copies = new Set<bigint>();

  constructor(process: Process) {
    this.process = process;
  }

  visit({ from, reference, to, query, kind }: Binding, scope: Scope): void {
    if (query.lookup === LOOKUP_COPY) {
      this.copies.add(from.object.symbols.value[reference]!);
      return;
    }
    // A reference to an own protected symbol has no choice: it stays at home.
    if (to === undefined || kind === 'protected' || !scope.isContended(query.name)) return;
    // A canonical PLT entry is an address for a function, not another function.
    const rivals = scope
      .findAll(query)
      .filter(({ position, symbol }) => this.symbolSection(position, symbol) !== SHN.UNDEF);
    if (rivals.length < 2) return;
    let entry = this.contended.get(query.name);
    if (entry === undefined) {
      const name = symbolName(from.object.symbols, reference);
      entry = { name, definers: new Map(), references: new Map() };
      this.contended.set(query.name, entry);
    }
    entry.references.set(from, to);
    for (const { position, symbol } of rivals) entry.definers.set(this.process.scope[position]!, symbol);
  }

  private isCopy(symbol: number | undefined): boolean {
    return symbol !== undefined && this.copies.has(this.process.root.object.symbols.value[symbol]!);
  }

  private symbolSection(position: number, symbol: number): number {
    return this.process.scope[position]!.object.symbols.section[symbol]!;
  }

  /** The conflicts, by name. */
  finish(): Conflict[] {
    const conflicts: Conflict[] = [];
    for (const entry of this.contended.values()) {
      if (this.isCopy(entry.definers.get(this.process.root))) entry.definers.delete(this.process.root);
      if (entry.definers.size > 1) conflicts.push(makeConflict(entry));
    }
    return conflicts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }
}

function makeConflict({ name, definers, references }: Contended): Conflict {
  const all = [...definers]
    .sort(([a], [b]) => a.order - b.order)
    .map(([object, symbol]): Definer => {
      const { symbols } = object.object;
      return {
        object,
        symbol,
        size: Number(symbols.size[symbol]!),
        binding: symbolBinding(symbols.info[symbol]!),
        version: referenceVersion(object.object, symbol),
      };
    });
  const [winner, ...losers] = all as [Definer, ...Definer[]];
  return {
    name,
    kind: conflictKind(winner.object.object, winner.symbol, name),
    winner,
    losers,
    references: [...references].map(([from, to]) => ({ from, to })),
  };
}

/** An inline function, template instance or inline variable: every object may bring one, all mean the same. */
export const isVague = ({ binding }: Definer): boolean => binding === STB.WEAK || binding === STB.GNU_UNIQUE;
