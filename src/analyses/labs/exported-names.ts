import { SHN, STB, STV, symbolBinding, symbolName, symbolVisibility } from '../../elf/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import { isLinkerMade } from '../conflicts/judge-conflict.ts';
import { definitionVersion } from '../symbol-text.ts';

/**
 * The names that an object offers to others, with their versions, sorted: `name`, `name@@V`, `name@V`. Without
 * those that the linker makes: its own marks, and one absolute symbol for each version that is defined.
 */
export function exportedNames(object: DynamicObject): string[] {
  const { symbols, versions } = object;
  const nodes = new Set(versions.definitions.map(({ name }) => name));
  const names: string[] = [];
  for (let symbol = 1; symbol < symbols.count; symbol++) {
    const section = symbols.section[symbol]!;
    if (section === SHN.UNDEF || symbolBinding(symbols.info[symbol]!) === STB.LOCAL) continue;
    const visibility = symbolVisibility(symbols.other[symbol]!);
    if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) continue;
    const name = symbolName(symbols, symbol);
    if (isLinkerMade(name) || (section === SHN.ABS && nodes.has(name))) continue;
    names.push(`${name}${definitionVersion(object, symbol)}`);
  }
  return names.sort();
}
