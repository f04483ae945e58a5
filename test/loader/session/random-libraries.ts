import type { Farm } from '../farm.ts';
import type { Random } from '../random.ts';
import { callerOf, driverObject } from './observe.ts';

/** Libraries that can be opened, called and closed, made up by chance, over one small set of names. */

const FUNCTIONS = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'];
const VARIABLES = ['v0', 'v1', 'v2', 'v3'];
const UNIQUES = ['u0', 'u1'];
const THREAD_LOCALS = ['t0', 't1'];
export const NAMES = [...FUNCTIONS, ...VARIABLES, ...UNIQUES, ...THREAD_LOCALS];
export const VERSIONS = ['V1', 'V2'];

export interface Library {
  readonly name: string;
  readonly needed: readonly string[];
  /** What its code calls through the PLT. */
  readonly calls: readonly string[];
  readonly source: string;
  readonly script: string | undefined;
  readonly flags: readonly string[];
  readonly isSymbolic: boolean;
}

/** Some libraries and a program that needs some of them from the start. */
export interface RandomLibraries {
  readonly program: string;
  readonly libraries: readonly Library[];
}

export function randomLibraries(random: Random, farm: Farm): RandomLibraries {
  const names = Array.from({ length: random.integer(4, 10) }, (_, index) => `lib${index}.so`);
  const isComplete = random.chance(0.8);
  const libraries = names.map((name) => randomLibrary(random, name, names, isComplete));
  const failed = farm.shell([
    ...libraries.map((library) => assemble(farm, library)),
    ...libraries.map((library) => link(farm, library, [])),
    ...libraries.map((library) => relink(farm, library)),
  ]);
  // Some are built anew, with other contents, after others were linked with them.
  const changed = random
    .sample(libraries, isComplete ? 0 : 0.2)
    .map((library) => ({ ...library, ...randomContents(random, library.name, library.needed, isComplete) }));
  const startup = random.sample(names, random.pick([0, 0, 0.1, 0.2]));
  farm.shell([
    ...changed.flatMap((library) => [assemble(farm, library), relink(farm, library)]),
    programLink(startup),
  ]);
  const byName = new Map([...libraries, ...changed].map((library) => [library.name, library]));
  for (const { name, isSymbolic } of byName.values()) if (isSymbolic) farm.setSymbolic(name);
  const isLinked = ({ name }: Library) => !failed.split('\n').includes(name);
  return { program: farm.path('program'), libraries: [...byName.values()].filter(isLinked) };
}

function randomLibrary(random: Random, name: string, names: readonly string[], isComplete: boolean): Library {
  const needed = random.sample(names, random.pick([0.05, 0.15, 0.3])).filter((other) => other !== name);
  return {
    name,
    needed,
    ...randomContents(random, name, needed, isComplete),
    flags: [
      '-z',
      random.pick(['lazy', 'lazy', 'now']),
      ...(random.chance(0.08) ? ['-z', 'nodelete'] : []),
      ...(random.chance(0.1) ? ['-z', 'initfirst'] : []),
      ...(random.chance(0.04) ? ['-z', 'nodlopen'] : []),
      ...(random.chance(0.05) ? ['-z', 'execstack'] : []),
      ...(random.chance(0.08) ? ['-Bsymbolic'] : []),
    ],
    isSymbolic: random.chance(0.12),
  };
}

type Contents = Pick<Library, 'calls' | 'source' | 'script'>;

function randomContents(
  random: Random,
  name: string,
  needed: readonly string[],
  isComplete: boolean,
): Contents {
  const defined = random.sample(NAMES, random.pick([0.15, 0.3, 0.6]));
  const isVersioned = random.chance(0.3);
  const twice = isVersioned ? defined.filter((one) => FUNCTIONS.includes(one) && random.chance(0.3)) : [];
  const lines = defined.flatMap((symbol) =>
    twice.includes(symbol) ? twoVersions(random, symbol) : definition(random, symbol),
  );
  // What nobody needs may well be defined by nobody.
  const share = needed.length > 0 || !isComplete ? 0.35 : 0.1;
  const referred = random
    .sample([...NAMES, ...defined], share)
    .filter((symbol, at, all) => all.indexOf(symbol) === at && !twice.includes(symbol));
  const calls: string[] = [];
  for (const symbol of referred) {
    if (!defined.includes(symbol) && random.chance(isComplete ? 0.7 : 0.3)) lines.push(`.weak ${symbol}`);
    lines.push(...reference(random, symbol));
    if (FUNCTIONS.includes(symbol) && random.chance(0.7)) {
      lines.push(...caller(name, symbol));
      calls.push(symbol);
    }
  }
  if (random.chance(0.15)) lines.push(...ownThreadLocals(random));
  const chosen = defined.filter((symbol) => !twice.includes(symbol) && random.chance(0.8));
  const script = isVersioned ? randomScript(random, chosen) : undefined;
  return { calls, source: `${lines.join('\n')}\n`, script };
}

const sectionOf = (symbol: string) =>
  THREAD_LOCALS.includes(symbol)
    ? '.section .tdata,"awT",@progbits'
    : FUNCTIONS.includes(symbol)
      ? '.text'
      : '.data';

const typeOf = (symbol: string) =>
  UNIQUES.includes(symbol)
    ? 'gnu_unique_object'
    : THREAD_LOCALS.includes(symbol)
      ? 'tls_object'
      : FUNCTIONS.includes(symbol)
        ? 'function'
        : 'object';

const bodyOf = (symbol: string) => (FUNCTIONS.includes(symbol) ? 'ret\n.fill 7' : '.quad 0');

function definition(random: Random, symbol: string): string[] {
  const visibility = UNIQUES.includes(symbol) ? '' : random.pick(['', '', '', '', '.protected', '.hidden']);
  const binding = UNIQUES.includes(symbol) ? [] : [`${random.chance(0.2) ? '.weak' : '.globl'} ${symbol}`];
  return [
    sectionOf(symbol),
    ...binding,
    ...(visibility === '' ? [] : [`${visibility} ${symbol}`]),
    `.type ${symbol}, @${typeOf(symbol)}`,
    `.size ${symbol}, 8`,
    `${symbol}: ${bodyOf(symbol)}`,
  ];
}

function twoVersions(random: Random, symbol: string): string[] {
  const define = (label: string) => [
    '.text',
    `.globl ${label}`,
    `.type ${label}, @function`,
    `.size ${label}, 8`,
    `${label}: ${bodyOf(symbol)}`,
  ];
  return [
    ...define(`old_${symbol}`),
    ...define(`new_${symbol}`),
    `.symver old_${symbol}, ${symbol}@V1`,
    `.symver new_${symbol}, ${symbol}@${random.chance(0.8) ? '@' : ''}V2`,
  ];
}

function reference(random: Random, symbol: string): string[] {
  if (THREAD_LOCALS.includes(symbol)) {
    return random.pick([
      [
        '.text',
        `data16 leaq ${symbol}@tlsgd(%rip), %rdi`,
        '.value 0x6666',
        'rex64 call get_addr@PLT',
        '.weak get_addr',
      ],
      ['.text', `movq ${symbol}@gottpoff(%rip), %rax`],
      ['.text', `leaq ${symbol}@tlsdesc(%rip), %rax`, `call *${symbol}@tlscall(%rax)`],
    ]);
  }
  return random.pick([['.text', `movq ${symbol}@GOTPCREL(%rip), %rax`], ['.data', `.quad ${symbol}`], []]);
}

function caller(name: string, symbol: string): string[] {
  const label = callerOf(name, symbol);
  return [
    '.text',
    `.globl ${label}`,
    `.type ${label}, @function`,
    `${label}:`,
    'subq $8, %rsp',
    `call ${symbol}@PLT`,
    'addq $8, %rsp',
    'ret',
    `.size ${label}, . - ${label}`,
  ];
}

/** Storage that only the library itself knows of, of a size that a few of leave no room. */
function ownThreadLocals(random: Random): string[] {
  const size = random.pick([8, 40, 200, 600, 900]);
  const alignment = random.pick([8, 16, 64]);
  return [
    '.section .tbss,"awT",@nobits',
    `.balign ${alignment}`,
    '.type storage, @tls_object',
    `.size storage, ${size}`,
    `storage: .zero ${size}`,
    '.text',
    random.pick(['movq storage@gottpoff(%rip), %rax', 'leaq storage@tlsdesc(%rip), %rax']),
  ];
}

function randomScript(random: Random, symbols: readonly string[]): string {
  const byVersion = Map.groupBy(symbols, () => random.pick(VERSIONS));
  return VERSIONS.map((version, index) => {
    const global = (byVersion.get(version) ?? []).map((symbol) => `${symbol};`).join(' ');
    const before = index > 0 ? ` ${VERSIONS[index - 1]}` : '';
    return `${version} { ${global === '' ? 'local: none;' : `global: ${global}`} }${before};`;
  }).join('\n');
}

const quote = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

function assemble(farm: Farm, { name, source }: Library): string {
  farm.write(`${name}.s`, source);
  return quote(['as', '-o', `${name}.o`, `${name}.s`]);
}

function link(farm: Farm, { name, script, flags }: Library, needed: readonly string[]): string {
  const versions = script === undefined ? [] : [`--version-script=${farm.write(`${name}.map`, script)}`];
  const own = ['-o', name, `${name}.o`, '-shared', '-soname', name, '--hash-style=both'];
  return quote(['ld', ...own, ...versions, ...flags, '-rpath', '$ORIGIN', '--no-as-needed', ...needed]);
}

/** Links a library with those that it needs. Some combinations the linker refuses: then it needs none. */
const relink = (farm: Farm, library: Library): string =>
  `${link(farm, library, library.needed)} || { ${link(farm, library, [])} || echo ${library.name}; }`;

function programLink(startup: readonly string[]): string {
  const flags = ['-Wl,-z,now', '-rdynamic', '-Wl,--no-as-needed', '-Wl,-rpath,$ORIGIN'];
  const lax = ['-Wl,--allow-shlib-undefined', '-Wl,--unresolved-symbols=ignore-all'];
  const first = quote(['gcc', '-o', 'program', driverObject(), ...flags, ...lax, ...startup]);
  const bare = quote(['gcc', '-o', 'program', driverObject(), ...flags]);
  return `${first} || ${bare}`;
}
