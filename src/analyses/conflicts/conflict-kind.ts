import { SHN, STT, symbolType } from '../../elf/index.ts';
import type { DynamicObject, FindingKind } from '../../model/index.ts';

export type ConflictKind = Extract<FindingKind, `conflict.${string}`>;

/** Names of the C++ ABI's special objects (Itanium C++ ABI, Special Names). */
const SPECIAL: readonly (readonly [prefix: string, kind: ConflictKind])[] = [
  ['_ZTV', 'conflict.vtable'],
  ['_ZTT', 'conflict.vtable'],
  ['_ZTC', 'conflict.vtable'],
  ['_ZTI', 'conflict.typeinfo'],
  ['_ZTS', 'conflict.typeinfo'],
  ['_ZGV', 'conflict.guard'],
];

/**
 * What kind of thing a definition is. A nested C++ name of data is a static data member, or a variable of a
 * namespace: the mangled name does not tell them apart, and what follows from a clash is the same.
 */
export function conflictKind(object: DynamicObject, symbol: number, name: string): ConflictKind {
  const special = SPECIAL.find(([prefix]) => name.startsWith(prefix));
  if (special) return special[1];
  switch (symbolType(object.symbols.info[symbol]!)) {
    case STT.TLS:
      return 'conflict.tls';
    case STT.FUNC:
    case STT.GNU_IFUNC:
      return 'conflict.function';
    case STT.OBJECT:
    case STT.COMMON:
      return name.startsWith('_ZN') ? 'conflict.class-static' : 'conflict.variable';
    default:
      return object.symbols.section[symbol] === SHN.ABS ? 'conflict.variable' : 'conflict.function';
  }
}
