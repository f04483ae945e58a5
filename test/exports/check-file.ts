import { analyseProcess, exportFindings } from '../../src/analyses/index.ts';
import { directoryState, loadContext, NO_SYSROOT } from '../../src/host/index.ts';
import { Binder } from '../../src/loader/index.ts';
import type { Finding } from '../../src/model/index.ts';

/** The findings about exports and links of installed files, one after the other; none for other files. */
export function exportChecker(): (path: string) => Finding[] | undefined {
  const system = loadContext({ libraryPath: undefined, preload: undefined });
  const binder = new Binder();
  return (path) => {
    const target = system.openTarget(path);
    if (target.kind !== 'dynamic') return undefined;
    const { process, linkUse } = analyseProcess(system, binder, target.object, path);
    return exportFindings(process, linkUse, {
      prefixes: [],
      headers: undefined,
      directories: (directory) => directoryState(directory, NO_SYSROOT),
    });
  };
}
