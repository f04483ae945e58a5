import { differences } from '../oracle/difference.ts';
import { LOADER, traceWithLdSo } from '../oracle/ld-so.ts';
import { Predictor } from '../oracle/prediction.ts';
import { Farm } from './farm.ts';
import { Random } from './random.ts';
import { type Contents, randomContents, randomProgramSource } from './random-source.ts';

/**
 * A program and five to twelve libraries made up by chance: who needs whom, also in circles; who defines what,
 * weakly, protected, hidden, uniquely, in which versions; who looks into itself first; where everything lies
 * and who is told to look where. One seed always makes the same.
 */
interface RandomFarm extends Disposable {
  readonly roots: readonly string[];
  readonly options: { readonly libraryPath?: string; readonly preload?: string };
}

const DIRECTORIES = ['one', 'two', 'three'];

interface Library extends Contents {
  readonly name: string;
  readonly path: string;
  readonly needed: readonly string[];
  readonly flags: readonly string[];
  readonly filters: readonly string[];
  readonly isSymbolic: boolean;
}

function randomFarm(seed: number): RandomFarm {
  const random = new Random(seed);
  const farm = new Farm();
  // Trace mode forgets the versions that were needed of a missing library: either can be had, not both.
  const isComplete = random.chance(0.7);
  const names = Array.from({ length: random.integer(5, 12) }, (_, index) => `lib${index}.so`);
  const libraries = names.map((name) => randomLibrary(random, name, names, isComplete));
  const linked = buildAll(farm, libraries);
  const needed = random.sample(libraries, 0.4).map(({ path }) => path);
  if (needed.length === 0) needed.push(libraries[0]!.path);
  // Some libraries are built anew after others were linked with them.
  const changed = random
    .sample(linked, 0.15)
    .map((library) => ({ ...library, ...randomContents(random, library.script !== undefined) }));
  farm.shell([
    ...changed.flatMap((library) => [
      assemble(farm, library.path, library.source),
      relink(farm, library, libraries),
    ]),
    ...programCommands(random, farm, needed, isComplete),
  ]);
  // Of a root that needs nothing, trace mode tells nothing; one that has filtees drops out of its own chain.
  const asRoots = linked.filter(({ needed: own, filters }) => own.length > 0 && filters.length === 0);
  return {
    roots: ['program', ...random.sample(asRoots, 0.3).map(({ path }) => path)].map((path) => farm.path(path)),
    options: {
      ...(random.chance(0.3) ? { preload: random.sample(names, 0.25).join(' ') } : {}),
      ...(isComplete || random.chance(0.4) ? { libraryPath: searchPath(random, farm, isComplete) } : {}),
    },
    [Symbol.dispose]: () => farm[Symbol.dispose](),
  };
}

function randomLibrary(random: Random, name: string, names: readonly string[], isComplete: boolean): Library {
  const hasFilter = random.chance(0.05) && isComplete;
  return {
    name,
    path: `${random.pick(DIRECTORIES)}/${name}`,
    needed: random.sample(names, random.pick([0.1, 0.2, 0.4])).filter((other) => other !== name),
    ...randomContents(random, isComplete && random.chance(0.5)),
    flags: [
      `--hash-style=${random.pick(['gnu', 'gnu', 'both', 'sysv'])}`,
      '-z',
      random.pick(['lazy', 'now']),
      ...(random.chance(0.1) ? ['-Bsymbolic'] : []),
      ...(random.chance(0.1) ? ['-Bsymbolic-functions'] : []),
      ...randomRunpath(random),
    ],
    filters: hasFilter ? [`${random.pick(['--filter', '--auxiliary'])}=${random.pick(names)}`] : [],
    isSymbolic: random.chance(0.15),
  };
}

function randomRunpath(random: Random): string[] {
  if (random.chance(0.4)) return [];
  const directories = random.sample(DIRECTORIES, 0.6).map((directory) => `$ORIGIN/../${directory}`);
  const tags = random.pick(['--enable-new-dtags', '--disable-new-dtags']);
  return directories.length === 0 ? [] : [tags, '-rpath', directories.join(':')];
}

function searchPath(random: Random, farm: Farm, isComplete: boolean): string {
  const directories = random.sample(DIRECTORIES, isComplete ? 1 : 0.5).map((name) => farm.path(name));
  return directories.join(random.pick([':', ';']));
}

/** Returns the libraries that need what they were to need. */
function buildAll(farm: Farm, libraries: readonly Library[]): Library[] {
  const failed = farm.shell([
    ...libraries.map(({ path, source }) => assemble(farm, path, source)),
    // First without needing each other, so that each can then be linked with any.
    ...libraries.map((library) => link(farm, library, [])),
    ...libraries.map((library) => relink(farm, library, libraries)),
  ]);
  for (const { path, isSymbolic } of libraries) if (isSymbolic) farm.setSymbolic(path);
  return libraries.filter(({ name }) => !failed.split('\n').includes(name));
}

const quote = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

function assemble(farm: Farm, path: string, source: string): string {
  farm.write(`${path}.s`, source);
  return quote(['as', '-o', `${path}.o`, `${path}.s`]);
}

function link(
  farm: Farm,
  { name, path, script, flags, filters }: Library,
  needed: readonly string[],
): string {
  const versions = script === undefined ? [] : [`--version-script=${farm.write(`${name}.map`, script)}`];
  const output = ['-o', path, `${path}.o`, '-shared', '-soname', name];
  return quote(['ld', ...output, ...versions, ...flags, ...filters, '--no-as-needed', ...needed]);
}

/** Links a library with those that it needs. Some combinations the linker refuses: then it needs none. */
function relink(farm: Farm, library: Library, libraries: readonly Library[]): string {
  const needed = library.needed.map((name) => libraries.find((other) => other.name === name)!.path);
  return `${link(farm, library, needed)} || { ${link(farm, library, [])}; echo ${library.name}; }`;
}

function programCommands(
  random: Random,
  farm: Farm,
  needed: readonly string[],
  isComplete: boolean,
): string[] {
  const isFixed = random.chance(0.5);
  const runpath = isComplete ? '$ORIGIN/one:$ORIGIN/two:$ORIGIN/three' : '$ORIGIN/one:$ORIGIN/two';
  const lax = ['--export-dynamic', '--allow-shlib-undefined', '--unresolved-symbols=ignore-all'];
  const flags = [
    ...lax,
    '--dynamic-linker',
    LOADER,
    ...(isComplete ? [] : randomRunpath(random)),
    '-rpath',
    runpath,
  ];
  const first = quote([
    'ld',
    '-o',
    'program',
    'program.o',
    isFixed ? '-no-pie' : '-pie',
    ...flags,
    ...needed,
  ]);
  // Protected variables cannot be copied, say: then it is a program without contents.
  const second = quote(['ld', '-o', 'program', 'empty.o', '-pie', ...flags, needed[0]!]);
  return [
    assemble(farm, 'program', randomProgramSource(random, isFixed)),
    assemble(farm, 'empty', '.globl _start\n_start:\n'),
    `${first} || ${second}`,
  ];
}

/** Asks both loaders about all roots of a farm; where they differ is told with the seed. */
export function compareFarm(seed: number): { readonly differences: string[]; readonly bindings: number } {
  using made = randomFarm(seed);
  const { roots, options } = made;
  const real = traceWithLdSo(roots, options);
  const predictor = new Predictor(options);
  const found = roots.flatMap((root) =>
    differences(predictor.predict(root), real.get(root)!).map((line) => `seed ${seed}, ${root}: ${line}`),
  );
  const bindings = roots.reduce((sum, root) => sum + real.get(root)!.bindings.length, 0);
  return { differences: found, bindings };
}
