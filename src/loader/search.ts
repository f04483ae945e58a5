import { DF_1 } from '../elf/index.ts';
import type { Architecture, DynamicObject, SearchAttempt, SearchRule } from '../model/index.ts';
import { lookUpCache } from './cache.ts';
import type { LoadContext, LoaderSettings } from './environment.ts';
import {
  expandTokens,
  hwcapSubdirectories,
  LIBRARY_PATH_SEPARATOR,
  RPATH_SEPARATOR,
  searchDirectories,
  type TokenValues,
  tokenValues,
} from './search-path.ts';

/** An object that asks for libraries: what the search needs to know of it and of whoever loaded it. */
export interface Requester {
  readonly object: DynamicObject;
  readonly path: string;
  /** Value of `$ORIGIN` in it. */
  readonly origin: string;
  readonly loadedBy: Requester | undefined;
}

export type SearchResult =
  | {
      readonly kind: 'found';
      readonly object: DynamicObject;
      readonly path: string;
      readonly rule: SearchRule;
      readonly detail: string | undefined;
    }
  | { readonly kind: 'broken'; readonly path: string; readonly message: string }
  | {
      readonly kind: 'missing';
      readonly message: string;
      /** What the system said, where that is part of the message. */
      readonly reason: string | undefined;
      readonly tried: readonly SearchAttempt[];
    };

/** One step of the search: a rule and the directories that it adds. */
interface SearchStep {
  readonly rule: SearchRule;
  readonly detail: string | undefined;
  readonly directories: readonly string[];
}

/** State of one search: what has been tried, and how it went. */
interface Search {
  readonly context: LoadContext;
  readonly architecture: Architecture;
  readonly tried: SearchAttempt[];
  otherClass: boolean;
  /** What ld.so would say of the last attempt. */
  words: string;
  /** Whether the last attempt failed in a way that ends the list of directories. */
  isOdd: boolean;
}

/**
 * Finds the file for a name that no loaded object answers to (glibc elf/dl-load.c, _dl_map_object;
 * ld.so(8)). `root` is the program: its RPATH counts for every search.
 */
export function searchLibrary(
  context: LoadContext,
  settings: LoaderSettings,
  name: string,
  requester: Requester,
  root: Requester,
): SearchResult {
  const { architecture } = root.object;
  const search: Search = {
    context,
    architecture,
    tried: [],
    otherClass: false,
    words: NO_SUCH_FILE,
    isOdd: false,
  };
  if (name.includes('/')) return searchPath(search, name, tokenValues(settings, requester.origin));
  for (const step of beforeCache(context, settings, requester, root)) {
    const found = searchDirectoriesFor(search, settings, step, name);
    if (found) return found;
  }
  const cached = lookUpCache(settings, name, architecture);
  const noDefaults = (requester.object.flags1 & DF_1.NODEFLIB) !== 0;
  if (cached !== undefined && !(noDefaults && isUnder(cached, settings.systemDirectories))) {
    const found = tryFile(search, cached, 'cache', undefined);
    if (found) return found;
  }
  if (cached === undefined) search.tried.push({ rule: 'cache', path: 'ld.so.cache', outcome: 'no entry' });
  if (!noDefaults) {
    const step: SearchStep = { rule: 'default', detail: undefined, directories: settings.systemDirectories };
    const found = searchDirectoriesFor(search, settings, step, name);
    if (found) return found;
  }
  return missing(search);
}

/** RPATH of the requester and all who loaded it, LD_LIBRARY_PATH, RUNPATH of the requester: in this order. */
function* beforeCache(
  { options }: LoadContext,
  settings: LoaderSettings,
  requester: Requester,
  root: Requester,
): Generator<SearchStep> {
  if (requester.object.runpath === undefined) {
    let sawRoot = false;
    for (let at: Requester | undefined = requester; at; at = at.loadedBy) {
      sawRoot ||= at === root;
      yield* rpathStep(settings, at);
    }
    if (!sawRoot) yield* rpathStep(settings, root);
  }
  if (options.libraryPath !== undefined && options.libraryPath !== '') {
    const values = tokenValues(settings, root.origin);
    const directories = searchDirectories(options.libraryPath, LIBRARY_PATH_SEPARATOR, values);
    yield { rule: 'library-path', detail: undefined, directories };
  }
  if (requester.object.runpath !== undefined) {
    const values = tokenValues(settings, requester.origin);
    const directories = searchDirectories(requester.object.runpath, RPATH_SEPARATOR, values);
    yield { rule: 'runpath', detail: requester.path, directories };
  }
}

/** An object with a RUNPATH has its own RPATH discarded (glibc elf/get-dynamic-info.h). */
function* rpathStep(settings: LoaderSettings, { object, origin, path }: Requester): Generator<SearchStep> {
  if (object.rpath === undefined || object.runpath !== undefined) return;
  const directories = searchDirectories(object.rpath, RPATH_SEPARATOR, tokenValues(settings, origin));
  yield { rule: 'rpath', detail: path, directories };
}

/** A name with a slash is expanded and opened as it stands. */
function searchPath(search: Search, name: string, values: TokenValues): SearchResult {
  const path = expandTokens(name, values);
  if (path === undefined) return missing(search);
  return tryFile(search, path, 'path', undefined) ?? missing(search);
}

/**
 * Tries the directories of one rule. Where a directory is there and yet the file in it cannot be opened, for
 * another reason than a missing file or permission, the rest of the list is given up, and the next rule has
 * its turn (glibc elf/dl-load.c, open_path).
 */
function searchDirectoriesFor(
  search: Search,
  settings: LoaderSettings,
  { rule, detail, directories }: SearchStep,
  name: string,
): SearchResult | undefined {
  const subdirectories = hwcapSubdirectories(settings);
  for (const directory of directories) {
    for (const subdirectory of subdirectories) {
      const found = tryFile(search, `${directory}${subdirectory}${name}`, rule, detail);
      if (found) return found;
    }
    if (search.isOdd) return undefined;
  }
  return undefined;
}

const NO_SUCH_FILE = 'No such file or directory';

/** Opens one file; a file of another class or machine is passed over (glibc elf/dl-load.c, open_verify). */
function tryFile(
  search: Search,
  path: string,
  rule: SearchRule,
  detail: string | undefined,
): SearchResult | undefined {
  const outcome = search.context.files.open(path, search.architecture);
  switch (outcome.kind) {
    case 'absent':
      search.words = outcome.words;
      search.isOdd = outcome.isOdd;
      search.tried.push({ rule, path, outcome: outcome.reason });
      return undefined;
    case 'foreign':
      search.words = NO_SUCH_FILE;
      search.isOdd = false;
      search.otherClass ||= outcome.otherClass;
      search.tried.push({ rule, path, outcome: outcome.otherClass ? 'wrong ELF class' : 'another machine' });
      return undefined;
    case 'broken':
      return { kind: 'broken', path, message: outcome.message };
    case 'object':
      return { kind: 'found', object: outcome.object, path, rule, detail };
  }
}

function missing({ otherClass, architecture, words, tried }: Search): SearchResult {
  if (otherClass) {
    const message = `wrong ELF class: ELFCLASS${architecture.is64 ? 32 : 64}`;
    return { kind: 'missing', message, reason: undefined, tried };
  }
  return { kind: 'missing', message: 'cannot open shared object file', reason: words, tried };
}

const isUnder = (path: string, directories: readonly string[]) =>
  directories.some((directory) => path.startsWith(directory));
