import { basename } from 'node:path';
import type { Finding, FindingKind } from '../../src/model/index.ts';
import { filter } from '../demangle/tools.ts';
import { traceWithLdSo } from '../oracle/ld-so.ts';
import {
  type DynamicSymbol,
  dynamicEntries,
  dynamicSymbols,
  isStarted,
  unusedDependencies,
} from './tools.ts';

const isMangled = ({ name }: DynamicSymbol) => /^_[ZR]/.test(name);
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

/**
 * What solder finds in the exports and the link of one file, against readelf, c++filt, ldd and the real ld.so:
 * the lists of names have to be the same ones, not only true. Returns what differs.
 */
export function compareWithTools(path: string, findings: readonly Finding[]): string[] {
  const entries = dynamicEntries(path);
  const problems: string[] = [];
  const of = (kind: FindingKind) => findings.filter((finding) => finding.kind === kind);
  const texts = (kind: FindingKind) => of(kind).flatMap(({ evidence }) => evidence.map(({ text }) => text));
  const same = (what: string, found: Iterable<string>, expected: Iterable<string>) => {
    const [here, there] = [sorted(found), sorted(expected)];
    const extra = here.filter((name) => !there.includes(name));
    const lacking = there.filter((name) => !here.includes(name));
    if (extra.length > 0) problems.push(`${what}: not so: ${extra.slice(0, 5).join(', ')} (${extra.length})`);
    if (lacking.length > 0)
      problems.push(`${what}: not told: ${lacking.slice(0, 5).join(', ')} (${lacking.length})`);
  };
  const holds = (what: string, names: Iterable<string>, test: (name: string) => boolean) => {
    const wrong = [...names].filter((name) => !test(name));
    if (wrong.length > 0) problems.push(`${what}: not so: ${wrong.slice(0, 5).join(', ')} (${wrong.length})`);
  };

  same(
    'text relocations',
    of('hygiene.text-relocations').map(() => 'TEXTREL'),
    entries
      .filter(({ tag, value }) => tag === 'TEXTREL' || (tag === 'FLAGS' && value.includes('TEXTREL')))
      .map(() => 'TEXTREL'),
  );
  const searched = entries.filter(({ tag }) => tag === 'RUNPATH' || tag === 'RPATH');
  holds(
    'search path',
    texts('hygiene.search-path').map((text) => /^'(.*?)': /.exec(text)![1]!),
    (element) => searched.some(({ value }) => value.split(':').includes(element)),
  );
  const needed = entries.filter(({ tag }) => tag === 'NEEDED').map(({ value }) => value);
  same(
    'full versions',
    of('needed.full-version').map(({ subject }) => subject),
    needed.filter((name) => /\.so\.[0-9]+\.[0-9]/.test(name)),
  );
  same(
    'unused libraries',
    of('needed.unused').flatMap(({ evidence }) => evidence.map(({ object }) => basename(object!))),
    unusedDependencies(path).map((library) => basename(library)),
  );
  const borrowed = of('needed.missing').flatMap(({ subject, evidence }) =>
    evidence.map(({ text }) => `${text} ${subject}`),
  );
  if (borrowed.length > 0) {
    const bound = traceWithLdSo([path])
      .get(path)!
      .bindings.map((row) => row.split('\t'));
    const real = new Set(
      bound.filter(([from]) => from === path).map(([, name, , to]) => `${name} ${basename(to!)}`),
    );
    holds('missing libraries', borrowed, (pair) => real.has(pair) && !needed.includes(pair.split(' ')[1]!));
  }

  // A program exports for its plugins: the rules are those of libraries.
  if (!isStarted(path)) compareExports(path, of, texts, same, holds);
  return problems;
}

function compareExports(
  path: string,
  of: (kind: FindingKind) => readonly Finding[],
  texts: (kind: FindingKind) => string[],
  same: (what: string, found: Iterable<string>, expected: Iterable<string>) => void,
  holds: (what: string, names: Iterable<string>, test: (name: string) => boolean) => void,
): void {
  const exported = dynamicSymbols(path).filter(({ defined }) => defined);
  const byName = Map.groupBy(exported, ({ name }) => name);
  const bundled = new Set(texts('exports.bundled'));
  holds('bundled names', bundled, (name) => byName.has(name));
  const own = exported.filter(({ name }) => !bundled.has(name));
  const isSystem = exported.some(({ spelling }) => spelling.endsWith('@GLIBC_PRIVATE'));

  const anyVersion = own.some(({ spelling }) => spelling.includes('@'));
  same(
    'names without a version',
    texts('exports.unversioned'),
    anyVersion ? own.filter(({ spelling }) => !spelling.includes('@')).map(({ name }) => name) : [],
  );
  const hiddenOnly = [...byName.values()].filter((all) =>
    all.every(({ spelling }) => /[^@]@[^@]/.test(spelling)),
  );
  same(
    'hidden versions',
    texts('exports.no-default-version'),
    hiddenOnly.flat().map(({ spelling }) => spelling),
  );
  const isVariable = ({ type, weak, name }: DynamicSymbol) =>
    /^(OBJECT|COMMON|TLS)$/.test(type) && !/^_Z[TG]/.test(name) && !(weak && /^_[ZR]/.test(name));
  same(
    'variables',
    texts('exports.variable').map((text) => text.replace(/, one a thread/, '')),
    isSystem ? [] : own.filter(isVariable).map(({ name, size }) => `${name} (${size} bytes)`),
  );
  holds('implementation names', texts('exports.implementation-name'), (text) => {
    const [, name, spelling] = /^(\S+) is what (\S+) is bound to$/.exec(text)!;
    const bound = exported.find((symbol) => symbol.spelling === spelling);
    return byName.get(name!)!.some(({ value }) => value === bound?.value);
  });
  const cNames = new Set(own.filter((symbol) => !isMangled(symbol)).map(({ name }) => name));
  for (const { message } of of('exports.unprefixed')) {
    same('the number of C names', [/of (\d+) C names?/.exec(message)![1]!], [String(cNames.size)]);
  }
  holds('C names without the prefix', texts('exports.unprefixed'), (name) => cNames.has(name));
  compareGlobalNames(own, texts('exports.global-namespace'), same);
}

/** Replacements of operator new and delete. */
const ALLOCATION = /^_Z(nw|na|dl|da)/;
/** Types of the language, which no library defines: their typeinfo is the C++ runtime's. */
const TYPEINFO_OF_BUILTIN = /^_ZT[IS](K|P|[a-z]|D[a-z])/;
const SPECIAL =
  /^(vtable|VTT|typeinfo|typeinfo name|guard variable|TLS init function|TLS wrapper function) for /;

/** A global name as c++filt prints it has no `::` outside of brackets, or only after a class. */
function compareGlobalNames(
  own: readonly DynamicSymbol[],
  told: readonly string[],
  same: (what: string, found: Iterable<string>, expected: Iterable<string>) => void,
): void {
  const symbols = own.filter(({ name }) => name.startsWith('_Z') && !/17h[0-9a-f]{16}E/.test(name));
  const names = symbols.map(({ name }) => name);
  const written = filter('gnu', names, ['-p']).map((text) => text.replace(SPECIAL, ''));
  const scopes = written.map(topLevelParts);
  const classes = new Set<string>();
  scopes.forEach((parts, index) => {
    if (/^_ZT[VTIS]/.test(names[index]!) && parts.length === 1) classes.add(parts[0]!);
    const [first, second] = parts;
    // Conversions are member functions.
    const owner = /^(\w+)::operator (?!new|delete)/.exec(written[index]!);
    if (owner !== null) classes.add(owner[1]!);
    // Only member functions are const.
    if (parts.length === 2 && names[index]!.startsWith('_ZNK')) classes.add(first!);
    if (parts.length === 2 && (second === first || second === `~${first}`)) classes.add(first!);
  });
  const isPlain = (index: number) => {
    const { name, weak } = symbols[index]!;
    // How c++filt writes operators, thunks and locals of functions is not told from scopes so simply.
    return (
      !weak &&
      written[index] !== name &&
      !ALLOCATION.test(name) &&
      !TYPEINFO_OF_BUILTIN.test(name) &&
      !/operator|thunk|\[|\{|\(|<|\*$/.test(written[index]!)
    );
  };
  const expected = names.filter(
    (_, index) => isPlain(index) && (scopes[index]!.length === 1 || classes.has(scopes[index]![0]!)),
  );
  const judged = new Set(names.filter((_, index) => isPlain(index)));
  same(
    'global C++ names',
    told.filter((name) => judged.has(name)),
    expected,
  );
}

/** `a<b::c>::d` has the parts `a<b::c>` and `d`. */
function topLevelParts(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if ('<(['.includes(character)) depth++;
    if ('>)]'.includes(character)) depth--;
    if (depth === 0 && text.startsWith('::', at)) {
      parts.push('');
      at++;
    } else parts.push(parts.pop()! + character);
  }
  return parts;
}
