import { DT, symbolName } from '../../../elf/index.ts';
import { findNeeded } from '../../../loader/index.ts';
import { type DynamicObject, type LoadedObject, type Process, REFERENCE_LAZY } from '../../../model/index.ts';
import { referenceVersion } from '../../symbol-text.ts';
import type { ObservedBinding } from './observed.ts';

/**
 * How a search goes, by the loader's words and by ours. Lists of directories are not told apart: a directory that
 * several lists name is printed as that of the list which had it first (glibc elf/dl-load.c, fillin_rpath).
 */
export const SEARCHES: Readonly<Record<string, string>> = {
  cache: 'the cache',
  RPATH: 'a search path',
  RUNPATH: 'a search path',
  LD_LIBRARY_PATH: 'a search path',
  'system search path': 'a search path',
  rpath: 'a search path',
  runpath: 'a search path',
  'library-path': 'a search path',
  default: 'a search path',
};

/** The loader asks for these in the program's name when it gives up its own (glibc elf/dl-minimal.c, since 2.31). */
export const MALLOC: ReadonlySet<string> = new Set(['calloc', 'free', 'malloc', 'realloc']);

export const isLoader = (entry: { readonly kind: string; readonly rule?: string }): boolean =>
  entry.rule === 'loader';

/** What an object's DT_NEEDED entries are answered with, by their names. */
export const answersOf = (entry: LoadedObject, all: readonly LoadedObject[]): LoadedObject[] =>
  entry.object.dependencies
    .filter(({ tag }) => tag === DT.NEEDED)
    .flatMap(({ name }) => all.find((one) => one.name === name || one.object.soname === name) ?? []);

/** The functions that an object calls through references that may wait, with the versions that it asks for. */
const CALLS = new WeakMap<DynamicObject, ReadonlySet<string>>();

export function hasCall(object: DynamicObject, { symbol, version = '' }: ObservedBinding): boolean {
  let calls = CALLS.get(object);
  if (calls === undefined) {
    calls = callsOf(object);
    CALLS.set(object, calls);
  }
  return calls.has(`${symbol}\0${version}`);
}

function callsOf(object: DynamicObject): ReadonlySet<string> {
  const { symbol, traits } = object.references;
  const calls = new Set<string>();
  symbol.forEach((reference, at) => {
    if ((traits[at]! & REFERENCE_LAZY) === 0) return;
    calls.add(`${symbolName(object.symbols, reference)}\0${referenceVersion(object, reference) ?? ''}`);
  });
  return calls;
}

/**
 * The comparisons of needed with defined versions that the loader makes (elf/dl-version.c). In another namespace it
 * stands in for itself, and is called by the path that it has in the program's: `loaderPath`.
 */
export function versionChecks(
  process: Pick<Process, 'scope' | 'dependencies'>,
  objects: readonly LoadedObject[],
  loaderPath: string | undefined,
) {
  return objects.flatMap((from) =>
    from.object.versions.needs.flatMap(({ file, versions }) => {
      const library = findNeeded(process, file);
      if (library?.kind !== 'loaded') return [];
      const { definitions } = library.object.versions;
      const path = isLoader(library) ? (loaderPath ?? library.path) : library.path;
      return versions.map(({ name }) => ({
        text: `${name} of ${path} for ${from.path}`,
        isDefined: definitions.some((definition) => definition.name === name),
      }));
    }),
  );
}
