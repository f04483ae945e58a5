import { SHN, STB, STV, symbolBinding, symbolVisibility, VERSYM_HIDDEN, VERSYM_INDEX } from '../elf/index.ts';
import { type DynamicObject, LOOKUP_COPY, LOOKUP_PLT } from '../model/index.ts';
import { isCandidate } from './definitions.ts';
import type { Query, Scope } from './lookup.ts';

/** One symbol of the name that was asked for, and what the look-up makes of it. */
export interface Candidate {
  /** Position in the lookup scope. */
  readonly position: number;
  readonly symbol: number;
  /** Whether this object satisfies the look-up with this symbol. */
  readonly accepted: boolean;
  /** Why not. */
  readonly reason: string | undefined;
}

/** Every definition of a name in lookup order: the first accepted one wins, the accepted after it lose. */
export function explainLookup(scope: Scope, query: Query): Candidate[] {
  const candidates: Candidate[] = [];
  scope.members.forEach(({ object, names, versions }, position) => {
    const isPassedOver = position === 0 && query.lookup === LOOKUP_COPY;
    const found = isPassedOver ? 0 : scope.findIn(position, query);
    for (let symbol = 1; symbol < object.symbols.count; symbol++) {
      if (names[symbol] !== query.name) continue;
      const accepted = symbol === found;
      const isDefinition =
        object.symbols.section[symbol] !== SHN.UNDEF || object.symbols.value[symbol] !== 0n;
      if (!isDefinition) continue;
      const version = versions[(object.versions.versym?.[symbol] ?? 0) & VERSYM_INDEX] ?? 0;
      const reason = accepted ? undefined : refusal({ object, symbol, version, found, isPassedOver }, query);
      candidates.push({ position, symbol, accepted, reason });
    }
  });
  return candidates;
}

/** A symbol that a look-up did not take, its interned version, and the one that it took of this object (0: none). */
interface Refused {
  readonly object: DynamicObject;
  readonly symbol: number;
  readonly version: number;
  readonly found: number;
  /** The object is the program, on whose behalf a definition to copy is looked for. */
  readonly isPassedOver: boolean;
}

function refusal({ object, symbol, version, found, isPassedOver }: Refused, query: Query): string {
  if (isPassedOver) return 'the program, which a copy relocation passes over';
  const { symbols, versions, firstHashed } = object;
  const [info, section] = [symbols.info[symbol]!, symbols.section[symbol]!];
  if (symbolBinding(info) === STB.LOCAL) return 'local symbol';
  const visibility = symbolVisibility(symbols.other[symbol]!);
  if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) return 'hidden visibility';
  if (symbol < firstHashed) return 'not in the hash table';
  if (!isCandidate(object, symbol)) {
    return symbols.value[symbol] === 0n ? 'without a value' : 'of a type that nothing binds to';
  }
  if (section === SHN.UNDEF && query.lookup === LOOKUP_PLT) {
    return 'PLT entry of the program, which calls do not take';
  }
  if (query.version !== 0 && version !== query.version) return 'another version';
  if (found > 0) return 'an earlier symbol of this object is taken';
  const hidden = ((versions.versym?.[symbol] ?? 0) & VERSYM_HIDDEN) !== 0;
  return hidden ? 'not the default version' : 'one of several versions, none of them the oldest';
}
