import type { LoadContext, LoaderSettings, LoadOptions } from '../loader/index.ts';
import type { ObjectDetail } from '../model/index.ts';
import { libraryFiles } from './library-files.ts';
import { loaderSettings } from './loader-settings.ts';
import { NO_SYSROOT, sysrootAt } from './sysroot.ts';
import { openTarget, type Target } from './targets.ts';

/** The loader simulation's view of a system, and the way to open the roots of processes on it. */
export interface SystemTargets extends LoadContext {
  openTarget(path: string): Target;
}

/** The machine, or a sysroot on it, as the loader simulation needs it. Files and settings are read once. */
export function loadContext(
  options: LoadOptions,
  sysrootDirectory?: string,
  detail: ObjectDetail = 'all',
): SystemTargets {
  const sysroot = sysrootDirectory === undefined ? NO_SYSROOT : sysrootAt(sysrootDirectory);
  const settings = new Map<string, LoaderSettings>();
  return {
    files: libraryFiles(sysroot, detail),
    options,
    openTarget: (path) => openTarget(path, sysroot, detail),
    settingsFor({ architecture }) {
      const { machine, is64, littleEndian } = architecture;
      const key = `${machine}/${is64}/${littleEndian}`;
      let known = settings.get(key);
      if (known === undefined) {
        known = loaderSettings(sysroot, architecture);
        settings.set(key, known);
      }
      return known;
    },
  };
}
