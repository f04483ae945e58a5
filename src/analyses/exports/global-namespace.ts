import { type Description, describe, parse, type SymbolRole } from '../../demangle/index.ts';
import type { Finding } from '../../model/index.ts';
import { type ExportedSymbol, isMangled } from './exported-symbols.ts';
import { counted, nameEvidence, namesOf, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

interface Described {
  readonly symbol: ExportedSymbol;
  readonly description: Description;
}

/** Replacements of operator new and delete have to be global (C++, [replacement.functions]). */
const ALLOCATION = /^_Z(nw|na|dl|da)/;

/**
 * C++ entities with an owner (no inline functions, no template instances) that stand in no namespace. A
 * mangled name does not tell a class from a namespace: a class is what has a constructor, typeinfo and so on.
 */
export function globalNamespaceFindings(
  { own, name, path, isProgram }: ExportingObject,
  stated: readonly string[],
): Finding[] {
  if (isProgram) return [];
  const described = own.flatMap((symbol) => {
    const description = isMangled(symbol.name) ? cxxDescription(symbol.name) : undefined;
    return description === undefined ? [] : [{ symbol, description }];
  });
  const classes = globalClasses(described);
  const strays = described.filter(({ symbol, description }) => {
    const first = description.scope[0];
    // The typeinfo of `int` and of a pointer belongs to nobody, or to the C++ runtime.
    if (OF_CLASS.has(description.role) && (!description.class || !IDENTIFIER.test(description.name)))
      return false;
    if (symbol.weak || ALLOCATION.test(symbol.name) || (first !== undefined && !classes.has(first)))
      return false;
    return !stated.some((prefix) => (first ?? description.name).startsWith(prefix));
  });
  if (strays.length === 0) return [];
  const symbols = namesOf(strays.map((stray) => stray.symbol));
  const entities = new Set(strays.map(({ description: { scope, name } }) => scope[0] ?? name));
  const total = counted(symbols.length, 'C++ name');
  return [
    {
      kind: 'exports.global-namespace',
      severity: 'note',
      message: `${name} exports ${total} in the global namespace: ${shortList([...entities].sort())}`,
      subject: name,
      object: path,
      evidence: nameEvidence(symbols),
      fix: "put them into the library's namespace, or hide them",
    },
  ];
}

function cxxDescription(name: string): Description | undefined {
  const parsed = parse(name);
  if (!('ast' in parsed)) return undefined;
  const description = describe(parsed.ast);
  return description.language === 'c++' ? description : undefined;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Of these the name is the class, and the scope what it stands in. */
const OF_CLASS: ReadonlySet<SymbolRole> = new Set([
  'vtable',
  'vtt',
  'construction-vtable',
  'typeinfo',
  'typeinfo-name',
]);

function globalClasses(described: readonly Described[]): Set<string> {
  const classes = new Set<string>();
  for (const { description } of described) {
    const { role, scope, name } = description;
    if (OF_CLASS.has(role)) {
      if (scope.length === 0) classes.add(name);
    } else if (scope.length === 1 && description.class !== undefined) classes.add(scope[0]!);
  }
  return classes;
}
