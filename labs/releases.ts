import type { Command } from '../src/model/lab.ts';
import { library } from './steps.ts';

/** The file of one release of a library: `new/libsum.so.1.1.0`. */
interface Release {
  readonly directory: 'old' | 'new';
  /** Without lib and .so. */
  readonly name: string;
  readonly version: string;
}

const majorOf = (version: string): string => version.split('.', 1)[0]!;

export const fileOf = ({ directory, name, version }: Release): `${string}.so.${string}` =>
  `${directory}/lib${name}.so.${version}`;

/** Builds a release of a library, with its soname and the link of that name which the loader looks for. */
export function release(built: Release, ...args: string[]): Command[] {
  const { directory, name, version } = built;
  const soname = `lib${name}.so.${majorOf(version)}`;
  return [
    ['mkdir', '-p', directory],
    library(fileOf(built), `-Wl,-soname,${soname}`, ...args),
    ['ln', '-s', '-f', `lib${name}.so.${version}`, `${directory}/${soname}`],
  ];
}
