import { describe, parse, type SymbolRole } from '../../demangle/index.ts';
import { SHN, STT, symbolType } from '../../elf/index.ts';
import type { DynamicObject, FindingKind } from '../../model/index.ts';

export type ConflictKind = Extract<FindingKind, `conflict.${string}`>;

/** The C++ ABI's special objects (Itanium C++ ABI, Special Names). */
const SPECIAL: ReadonlyMap<SymbolRole, ConflictKind> = new Map([
  ['vtable', 'conflict.vtable'],
  ['vtt', 'conflict.vtable'],
  ['construction-vtable', 'conflict.vtable'],
  ['typeinfo', 'conflict.typeinfo'],
  ['typeinfo-name', 'conflict.typeinfo'],
  ['guard', 'conflict.guard'],
]);

/**
 * What kind of thing a definition is. A nested C++ name of data is a static data member, or a variable of a
 * namespace: the mangled name does not tell them apart, and what follows from a clash is the same.
 */
export function conflictKind(object: DynamicObject, symbol: number, name: string): ConflictKind {
  const parsed = parse(name);
  const description = 'ast' in parsed ? describe(parsed.ast) : undefined;
  const special = description && SPECIAL.get(description.role);
  if (special) return special;
  switch (symbolType(object.symbols.info[symbol]!)) {
    case STT.TLS:
      return 'conflict.tls';
    case STT.FUNC:
    case STT.GNU_IFUNC:
      return 'conflict.function';
    case STT.OBJECT:
    case STT.COMMON:
      return description?.nestedVariable ? 'conflict.class-static' : 'conflict.variable';
    default:
      return object.symbols.section[symbol] === SHN.ABS ? 'conflict.variable' : 'conflict.function';
  }
}
