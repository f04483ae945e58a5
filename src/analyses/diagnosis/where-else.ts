import { ElfFile } from '../../elf/index.ts';
import { cacheKey } from '../../loader/index.ts';
import { baseName, closest, type Evidence } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';
import type { OpenDiagnosis } from './open-diagnosis.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** Where a library could have been meant to come from. */
export interface Elsewhere {
  /** Files of exactly that name. */
  readonly same: readonly string[];
  /** The same library with another version number, or none. */
  readonly otherVersions: readonly string[];
  /** `libfoo.so` for `foo`. */
  readonly decorated: readonly string[];
  /** Files whose names are spelt nearly so. */
  readonly similar: readonly string[];
}

export const directoryOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.';
const join = (directory: string, name: string): string => `${directory.replace(/\/+$/, '')}/${name}`;

/** What comes before the version: `libz.so` of `libz.so.1`. */
const stemOf = (name: string): string => /^.*?\.so(?=\.|$)/.exec(name)?.[0] ?? name;

/** No more of one kind are worth telling. */
const SHOWN = 4;

/**
 * Looks for a library by the file names in the directories of the system, of ld.so.cache and of the objects at
 * hand, and one level below those of the system, where programs keep libraries of their own.
 */
export function lookElsewhere(
  diagnosis: OpenDiagnosis,
  name: string,
  directories: readonly string[],
): Elsewhere {
  const { context, files, program } = diagnosis;
  const base = baseName(name);
  const stem = stemOf(base);
  const { cache, systemDirectories } = context.settingsFor(program.object);
  const system = [...systemDirectories.map((path) => path.replace(/\/+$/, '')), '/usr/local/lib'];
  const places = [...new Set([...directories, ...system, ...inSystem(files, system)])];
  const found: Record<keyof Elsewhere, Set<string>> = {
    same: new Set(),
    otherVersions: new Set(),
    decorated: new Set(),
    similar: new Set(),
  };
  const add = (directory: string, entry: string): void => {
    const path = join(directory, entry);
    if (entry === base) found.same.add(path);
    else if (stem.includes('.so') && stemOf(entry) === stem) found.otherVersions.add(path);
    else if (stemOf(entry) === `lib${stemOf(base)}` || stemOf(entry) === `lib${base}.so`) {
      found.decorated.add(path);
    } else if (stemOf(entry) === `${base}.so`) found.decorated.add(path);
  };
  // A misspelt name is told of the directories at hand, not of a whole system's libraries.
  const near: string[] = [];
  for (const [at, directory] of places.entries()) {
    const entries = files.list(directory);
    for (const entry of entries) add(directory, entry);
    if (at >= directories.length) continue;
    near.push(...entries.filter((entry) => entry.includes('.so')).map((entry) => join(directory, entry)));
  }
  for (const entries of [cache.get(cacheKey(base)) ?? [], ...cacheOf(cache, stem)]) {
    for (const { path } of entries) add(directoryOf(path), baseName(path));
  }
  const isThere = (path: string) => files.state(path).kind === 'file';
  const cut = (paths: ReadonlySet<string>, isMeant: (path: string) => boolean): string[] =>
    [...paths].filter(isMeant).slice(0, SHOWN);
  return {
    same: cut(found.same, isThere),
    otherVersions: cut(found.otherVersions, (path) => isLibrary(files, path)),
    decorated: cut(found.decorated, (path) => isLibrary(files, path)),
    similar: similarTo(base, near),
  };
}

/** `libfoo.so` of a development package is often a text for ld: nothing to open. */
const isLibrary = (files: DiagnosisFiles, path: string): boolean =>
  unlessDamaged(() => files.read(path, (source) => new ElfFile(source).dynamic !== undefined)) ?? false;

/** `foo` of `libfoo.so.1`: what tells libraries apart. */
const coreOf = (name: string): string => stemOf(name).replace(/^lib/, '').replace(/\.so$/, '');

/** Of a shorter name every other is a misspelling. */
const SHORTEST = 3;

function similarTo(base: string, paths: readonly string[]): string[] {
  const core = coreOf(base);
  if (core.length < SHORTEST) return [];
  const byCore = Map.groupBy(paths, (path) => coreOf(baseName(path)));
  byCore.delete(core);
  return closest(core, [...byCore.keys()]).flatMap((one) => byCore.get(one)!.slice(0, 1));
}

/** How a program names a file to dlopen(3): without its directory where the loader looks there by itself. */
export function openedAs({ context, program }: OpenDiagnosis, path: string): string {
  const { cache, systemDirectories } = context.settingsFor(program.object);
  const [directory, base] = [directoryOf(path), baseName(path)];
  const isCached = (cache.get(cacheKey(base)) ?? []).some((entry) => entry.path === path);
  if (isCached || systemDirectories.some((one) => one.replace(/\/+$/, '') === directory)) return base;
  return directory === context.files.workingDirectory ? `./${base}` : path;
}

function* cacheOf(
  cache: ReturnType<OpenDiagnosis['context']['settingsFor']>['cache'],
  stem: string,
): Generator<readonly { readonly path: string }[]> {
  if (!stem.includes('.so')) return;
  for (const [key, entries] of cache) if (key.startsWith(stem)) yield entries;
}

const inSystem = (files: DiagnosisFiles, system: readonly string[]): string[] =>
  system.flatMap((directory) =>
    files
      .list(directory)
      .filter((name) => !name.includes('.so') && !name.includes('.a'))
      .map((name) => join(directory, name)),
  );

/** What the search for an absent library has brought to light, one line a sort of find. */
export function elsewhereEvidence({ same, otherVersions, decorated, similar }: Elsewhere): Evidence[] {
  const line = (text: string, paths: readonly string[]): Evidence[] =>
    paths.length === 0 ? [] : [{ text: `${text} ${paths.join(', ')}` }];
  return [
    ...line('a file of that name, where the loader does not look:', same),
    ...line('the library in another version:', otherVersions),
    ...line('with the prefix and suffix of a library:', decorated),
    ...(same.length + otherVersions.length + decorated.length === 0
      ? line('a name that is spelt nearly so:', similar)
      : []),
  ];
}
