import type { LoaderFlags } from './common-flags.ts';

type LoaderPaths = Pick<LoaderFlags, 'libraryPath' | 'preload'>;

/** What the options put in the place of solder's own environment, for a process that is started. */
export function loaderEnvironment({ libraryPath, preload }: LoaderPaths): Record<string, string> {
  return {
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    ...(preload === undefined ? {} : { LD_PRELOAD: preload }),
  };
}

/** What decides in such a process what is loaded, for its simulation. */
export function loaderPaths({ libraryPath, preload }: LoaderPaths) {
  const { LD_LIBRARY_PATH, LD_PRELOAD } = process.env;
  return { libraryPath: libraryPath ?? LD_LIBRARY_PATH, preload: preload ?? LD_PRELOAD };
}

/** LD_BIND_NOW, which counts with any value but the empty one (ld.so(8)). */
export const bindsNow = (): boolean => (process.env['LD_BIND_NOW'] ?? '') !== '';
