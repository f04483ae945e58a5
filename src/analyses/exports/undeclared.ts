import { describe, parse } from '../../demangle/index.ts';
import type { Finding } from '../../model/index.ts';
import { type DeclaredNames, isDeclared } from './declared-names.ts';
import { type ExportedSymbol, isMangled } from './exported-symbols.ts';
import { nameEvidence, namesOf, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/**
 * Exports that no public header declares. Inline functions and template instances of C++ are left out: they
 * come from a header by their nature, if not from one of the library's.
 */
export function undeclaredFindings(
  { own, name, path, isProgram }: ExportingObject,
  headers: DeclaredNames,
): Finding[] {
  if (isProgram) return [];
  const judged = own.filter((symbol) => !(symbol.weak && isMangled(symbol.name)));
  const total = namesOf(judged).length;
  const names = namesOf(judged.filter((symbol) => !isDeclaredSymbol(symbol, headers)));
  if (names.length === 0) return [];
  return [
    {
      kind: 'exports.undeclared',
      severity: 'warning',
      message: `${name}: ${names.length} of ${total} exports stand in no header of ${headers.places.join(' or ')}: ${shortList(names)}`,
      subject: name,
      object: path,
      evidence: nameEvidence(names),
      fix: "hide what is no part of the interface (static, -fvisibility=hidden, or 'local: *;' in a version script)",
    },
  ];
}

/** Of a C++ name its own name and all scopes have to occur; an operator is told by its scopes alone. */
function isDeclaredSymbol({ name }: ExportedSymbol, headers: DeclaredNames): boolean {
  if (!isMangled(name)) return isDeclared(headers, name);
  const parsed = parse(name);
  if (!('ast' in parsed)) return isDeclared(headers, name);
  const { scope, name: last } = describe(parsed.ast);
  return [...scope, last].every((part) => !/^[A-Za-z_]\w*$/.test(part) || isDeclared(headers, part));
}
