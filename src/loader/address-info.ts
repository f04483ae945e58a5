import { SHN, STB, STT, STV, symbolBinding, symbolType, symbolVisibility } from '../elf/index.ts';
import type { DynamicObject } from '../model/index.ts';

/**
 * The symbol that dladdr(3) names for an address in an object, as an index into its symbols; undefined for none.
 * `address` is one of the file: the process's address less the object's load base.
 *
 * Of the symbols in the hash table, the one with the highest value that reaches the address: the address lies
 * below value + size, or is the value itself where the symbol has no size or is a program's reference to a
 * function elsewhere. Of several with that value the first one counts (glibc elf/dl-addr.c, determine_info;
 * sysdeps/generic/ldsodefs.h, DL_ADDR_SYM_MATCH).
 */
export function nearestSymbol(object: DynamicObject, address: bigint): number | undefined {
  const { symbols, firstHashed } = object;
  let nearest: number | undefined;
  for (let index = firstHashed; index < symbols.count; index++) {
    const value = symbols.value[index]!;
    if (value > address || (nearest !== undefined && value <= symbols.value[nearest]!)) continue;
    if (!isPlace(object, index)) continue;
    const size = symbols.size[index]!;
    const standsAlone = size === 0n || symbols.section[index] === SHN.UNDEF;
    if (address < value + size || (standsAlone && address === value)) nearest = index;
  }
  return nearest;
}

/**
 * Neither an absolute value, nor an offset in thread-local storage, nor a reference without a value. Of DT_HASH,
 * which lists every symbol, global and weak ones count that others may see, and no unique ones.
 */
function isPlace({ symbols, hasGnuHash }: DynamicObject, index: number): boolean {
  const section = symbols.section[index]!;
  const info = symbols.info[index]!;
  if (section === SHN.ABS || (section === SHN.UNDEF && symbols.value[index] === 0n)) return false;
  if (symbolType(info) === STT.TLS) return false;
  const binding = symbolBinding(info);
  const visibility = symbolVisibility(symbols.other[index]!);
  return (
    hasGnuHash ||
    ((binding === STB.GLOBAL || binding === STB.WEAK) &&
      visibility !== STV.HIDDEN &&
      visibility !== STV.INTERNAL)
  );
}
