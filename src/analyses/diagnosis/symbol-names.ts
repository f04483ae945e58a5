import { demangle, describe, parse } from '../../demangle/index.ts';
import { type SymbolTable, symbolName } from '../../elf/index.ts';
import { closest } from '../../model/index.ts';

const latin1 = new TextDecoder('latin1');
const encoder = new TextEncoder();

/** Indexes of a table's symbols of one name. A table that does not even hold the text is not walked. */
export function symbolsNamed(table: SymbolTable, name: string): number[] {
  const bytes = latin1.decode(encoder.encode(name));
  if (!latin1.decode(table.names.bytes).includes(`${bytes}\0`)) return [];
  const found: number[] = [];
  for (let index = 1; index < table.count; index++) {
    if (symbolName(table, index) === name) found.push(index);
  }
  return found;
}

/** Every name of a table that `take` takes, once. */
export function namesOf(table: SymbolTable, take: (index: number) => boolean): string[] {
  const names = new Set<string>();
  for (let index = 1; index < table.count; index++) {
    if (take(index)) names.add(symbolName(table, index));
  }
  names.delete('');
  return [...names];
}

const isMangled = (name: string): boolean => demangle(name) !== name;

/** `ns::f` of `_Z…` and of `ns::f(int)`. */
function withoutParameters(name: string): string {
  if (isMangled(name)) return demangle(name, { params: false });
  return name.replace(/\(.*\)( const)?$/s, '');
}

/** The entity's own name: `f` of `ns::f(int)`. */
function ownName(name: string): string {
  const parsed = parse(name);
  if ('ast' in parsed) return describe(parsed.ast).name;
  return /(?:^|::)([^:]+)$/.exec(withoutParameters(name))?.[1] ?? name;
}

/** A name that is another one to the loader, and the same or nearly so to a person. */
export interface AlikeName {
  readonly name: string;
  /**
   * `parameters`: the same C++ function with other parameters; `c++`: a C++ function where a C one is wanted; `c`:
   * the reverse; `scope`: the same own name in another class or namespace; `spelling`.
   */
  readonly how: 'parameters' | 'c++' | 'c' | 'scope' | 'spelling';
}

const ORDER: readonly AlikeName['how'][] = ['parameters', 'c++', 'c', 'scope', 'spelling'];
/** No more of them help. */
const SHOWN = 5;

/** The names that may have been meant, the likeliest sort first; misspelt ones only where there is no other. */
export function alikeNames(wanted: string, names: readonly string[]): AlikeName[] {
  const own = ownName(wanted);
  const readable = withoutParameters(wanted);
  const isCxx = wanted !== own;
  const found: AlikeName[] = [];
  for (const name of names) {
    if (name === wanted || !name.includes(own)) continue;
    const how = relation(name, { own, readable, isCxx });
    if (how !== undefined) found.push({ name, how });
  }
  found.sort((a, b) => ORDER.indexOf(a.how) - ORDER.indexOf(b.how));
  if (found.length > 0) return found.filter(({ how }) => how === found[0]!.how).slice(0, SHOWN);
  return closest(wanted, names).map((name) => ({ name, how: 'spelling' }));
}

function relation(
  name: string,
  { own, readable, isCxx }: { own: string; readable: string; isCxx: boolean },
): AlikeName['how'] | undefined {
  if (!isMangled(name)) return isCxx && name === own ? 'c' : undefined;
  if (withoutParameters(name) === readable) return isCxx ? 'parameters' : 'c++';
  const parsed = parse(name);
  if (!('ast' in parsed)) return undefined;
  const { name: other, role } = describe(parsed.ast);
  return other === own && (role === 'function' || role === 'variable') ? 'scope' : undefined;
}

/** `foo(int)` behind its symbol, where the two differ. */
export function readableName(name: string): string {
  const readable = demangle(name);
  return readable === name ? name : `${name} (${readable})`;
}
