import { baseName } from '../../model/index.ts';

/** Where a run took place, for showing its paths. */
export interface RunPlace {
  /** The directory of the build, without a slash at its end; the process's working directory. */
  readonly directory: string;
  readonly symbols: readonly string[];
}

/** The loader keeps a path as it was asked for, `./libx.so`, and joins others to it. */
function absolute(path: string, { directory }: RunPlace): string {
  const isRelative = path.includes('/') && !path.startsWith('/');
  return (isRelative ? `${directory}/${path}` : path).replaceAll('/./', '/');
}

export const isOwn = (path: string, place: RunPlace): boolean =>
  absolute(path, place).startsWith(`${place.directory}/`);

export const withoutDirectory = (text: string, { directory }: RunPlace): string =>
  text.replaceAll(`${directory}/`, '');

/** A file of the build by its name in there, any other by its last part. */
export function shortName(path: string, place: RunPlace): string {
  return isOwn(path, place) ? absolute(path, place).slice(place.directory.length + 1) : baseName(path);
}
