import type { LoadOptions } from '../../../loader/index.ts';
import { baseName, type DynamicObject } from '../../../model/index.ts';
import type { ObservedLoad, ObservedStart } from './observed.ts';

/**
 * LD_LIBRARY_PATH and LD_PRELOAD of a program, as far as its start shows them: who starts it may have changed them.
 * What it does not show is as `assumed`.
 */
export function seenEnvironment(
  { libraryPath, loads }: Pick<ObservedStart, 'libraryPath' | 'loads'>,
  object: DynamicObject,
  assumed: LoadOptions,
): LoadOptions {
  return {
    libraryPath: libraryPath === undefined ? assumed.libraryPath : libraryPath.join(':'),
    preload: preloadOf(loads, object) ?? assumed.preload,
  };
}

/**
 * The program asks for what is preloaded before anything that its file names (glibc elf/rtld.c, handle_preload),
 * and then for what is not there already. undefined: nobody tells who asks.
 */
function preloadOf(loads: readonly ObservedLoad[], { dependencies }: DynamicObject): string | undefined {
  const root = loads[0]?.by;
  if (root === undefined) return undefined;
  const others = loads.findIndex(({ by }) => by !== root);
  const asked = loads.slice(0, others < 0 ? loads.length : others).map(({ library }) => library);
  const named = dependencies.map(({ name }) => name);
  const isRest = (at: number): boolean => {
    const left = named.filter((name) => !asked.slice(0, at).includes(name));
    return left.length === asked.length - at && left.every((name, index) => isSame(name, asked[at + index]!));
  };
  const exact = asked.findIndex((_, at) => isRest(at));
  // Names that another library answers to are not asked for.
  const first = exact < 0 ? asked.findIndex((one) => named.some((name) => isSame(name, one))) : exact;
  return asked.slice(0, first < 0 ? asked.length : first).join(':');
}

/** `$ORIGIN/lib/x.so` is printed as a path. */
const isSame = (name: string, asked: string): boolean =>
  name === asked || (name.includes('$') && baseName(name) === baseName(asked));
