import { loadContext, type ProcessTarget, type SystemTargets } from '../host/index.ts';
import type { Diagnostic, ObjectDetail } from '../model/index.ts';
import type { LoaderFlags } from './common-flags.ts';

/** A loader configured by the options, and the targets that it can load; what it cannot is told. */
export interface OpenedTargets {
  readonly system: SystemTargets;
  readonly processes: readonly ProcessTarget[];
  readonly diagnostics: Diagnostic[];
}

/** Opens every target as the root of a process of its own. */
export function openTargets(
  flags: LoaderFlags,
  paths: readonly string[],
  detail: ObjectDetail = 'all',
): OpenedTargets {
  const { libraryPath, preload, sysroot } = flags;
  const system = loadContext({ libraryPath, preload }, sysroot, detail);
  const processes: ProcessTarget[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const target = system.openTarget(path);
    switch (target.kind) {
      case 'dynamic':
        processes.push(target);
        break;
      case 'unreadable':
        diagnostics.push({ level: 'error', message: target.message, object: path });
        break;
      default:
        diagnostics.push({
          level: 'warning',
          message: `${target.what}: nothing is loaded or bound`,
          object: path,
        });
    }
  }
  return { system, processes, diagnostics };
}
