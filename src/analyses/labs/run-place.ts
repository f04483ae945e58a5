import { baseName } from '../conflicts/conflict-findings.ts';

/** Where a run took place, for showing its paths. */
export interface RunPlace {
  /** The directory of the build, without a slash at its end. */
  readonly directory: string;
  readonly symbols: readonly string[];
}

export const isOwn = (path: string, { directory }: RunPlace): boolean => path.startsWith(`${directory}/`);

export const withoutDirectory = (text: string, { directory }: RunPlace): string =>
  text.replaceAll(`${directory}/`, '');

/** A file of the build by its name in there, any other by its last part. */
export function shortName(path: string, place: RunPlace): string {
  return isOwn(path, place) ? path.slice(place.directory.length + 1) : baseName(path);
}
