import { SHN, STB, STV, symbolBinding, symbolVisibility, VERSYM_HIDDEN, VERSYM_INDEX } from '../elf/index.ts';
import { type DynamicObject, LOOKUP_COPY, LOOKUP_PLT } from '../model/index.ts';
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
    const found = position === 0 && query.lookup === LOOKUP_COPY ? 0 : scope.findIn(position, query);
    for (let symbol = 1; symbol < object.symbols.count; symbol++) {
      if (names[symbol] !== query.name) continue;
      const accepted = symbol === found;
      const isDefinition =
        object.symbols.section[symbol] !== SHN.UNDEF || object.symbols.value[symbol] !== 0n;
      if (!isDefinition) continue;
      const version = versions[(object.versions.versym?.[symbol] ?? 0) & VERSYM_INDEX] ?? 0;
      const reason = accepted ? undefined : refusal(object, symbol, query, version);
      candidates.push({ position, symbol, accepted, reason });
    }
  });
  return candidates;
}

function refusal(object: DynamicObject, symbol: number, query: Query, version: number): string {
  const { symbols, versions, firstHashed } = object;
  if (symbolBinding(symbols.info[symbol]!) === STB.LOCAL) return 'local symbol';
  const visibility = symbolVisibility(symbols.other[symbol]!);
  if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) return 'hidden visibility';
  if (symbol < firstHashed) return 'not in the hash table';
  if (symbols.section[symbol] === SHN.UNDEF) {
    return query.lookup === LOOKUP_PLT
      ? 'PLT entry of the program, which calls do not take'
      : 'undefined here';
  }
  if (query.version !== 0 && version !== query.version) return 'another version';
  const hidden = ((versions.versym?.[symbol] ?? 0) & VERSYM_HIDDEN) !== 0;
  if (query.version === 0 && hidden) return 'not the default version';
  if (query.lookup === LOOKUP_COPY) return 'the program, which a copy relocation passes over';
  return 'an earlier symbol of this object is taken';
}
