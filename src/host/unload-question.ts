import {
  bareProgram,
  deriveLibc,
  type Fate,
  fateOf,
  importedNames,
  type Libc,
  type PluginCode,
  readPluginCode,
  type UnloadQuestion,
} from '../analyses/unload/index.ts';
import { FormatError } from '../bytes/index.ts';
import { ElfFile } from '../elf/index.ts';
import { startSession } from '../loader/index.ts';
import type { DynamicObject } from '../model/index.ts';
import { openFile } from './file-source.ts';
import { loadContext, type SystemTargets } from './load-context.ts';
import { NO_SYSROOT, type Sysroot, sysrootAt } from './sysroot.ts';
import { systemErrorText } from './system-error.ts';
import type { ProcessTarget } from './targets.ts';

/** A file that is no library, or cannot be read; the message begins with its path. */
export class UnreadableLibrary extends Error {}

/** In which surroundings a plugin is opened and closed. */
export interface UnloadSurroundings {
  /** The program that opens it; without one a process that has the C library and nothing else. */
  readonly host?: string | undefined;
  /** Whose rules apply; told by the file otherwise. */
  readonly libc?: Libc | undefined;
  readonly sysroot?: string | undefined;
  /** As LD_LIBRARY_PATH and LD_PRELOAD. */
  readonly libraryPath?: string | undefined;
  readonly preload?: string | undefined;
}

/** Reads a plugin, opens and closes it in a simulated process, and reads what goes with it. */
export function askUnload(path: string, surroundings: UnloadSurroundings): UnloadQuestion {
  const { libraryPath, preload, host } = surroundings;
  const sysroot = surroundings.sysroot === undefined ? NO_SYSROOT : sysrootAt(surroundings.sysroot);
  const system = loadContext({ libraryPath, preload }, surroundings.sysroot);
  const { object } = openDynamic(system, path);
  const program = host === undefined ? undefined : openDynamic(system, host);
  const { plugin, derived } = withElf(sysroot, path, (file) => ({
    plugin: readPluginCode(file, object, path),
    derived: deriveLibc(file, object),
  }));
  const libc = surroundings.libc ?? derived.libc;
  const fate = libc === 'glibc' ? simulate(system, plugin, program) : undefined;
  return {
    plugin,
    companions: fate === undefined || 'refused' in fate ? [] : readCompanions(sysroot, plugin, fate),
    libc,
    libcFrom: surroundings.libc === undefined ? derived.certainty : 'given',
    libcEvidence: derived.evidence,
    host,
    fate,
  };
}

function openDynamic(system: SystemTargets, path: string): ProcessTarget {
  const target = system.openTarget(path);
  if (target.kind === 'dynamic') return target;
  throw new UnreadableLibrary(
    `${path}: ${target.kind === 'unreadable' ? target.message : `${target.what}: nothing opens it`}`,
  );
}

/** The file's code is read while it is open. */
function withElf<T>(sysroot: Sysroot, path: string, read: (file: ElfFile) => T): T {
  try {
    using source = openFile(sysroot.locate(path) ?? path);
    return read(new ElfFile(source));
  } catch (error) {
    const message = error instanceof FormatError ? error.message : systemErrorText(error);
    if (message === undefined) throw error;
    throw new UnreadableLibrary(`${path}: ${message}`);
  }
}

/** Opens and closes the plugin in a simulated process. */
function simulate(
  system: SystemTargets,
  { object, path }: PluginCode,
  program: ProcessTarget | undefined,
): UnloadQuestion['fate'] {
  const session = startSession(
    system,
    program?.object ?? bareProgram(object.architecture),
    program?.path ?? 'host',
  );
  const missing = session.process.linkMap.find((entry) => entry.kind === 'missing');
  if (missing !== undefined)
    return { refused: `the host does not start: ${missing.name}: ${missing.message}` };
  const file = path.includes('/') ? path : `./${path}`;
  const opened = session.perform({ call: 'dlopen', file, mode: { now: true }, handle: 'plugin' });
  const closed =
    opened.result === 'opened' ? session.perform({ call: 'dlclose', handle: 'plugin' }) : undefined;
  return fateOf(opened, closed);
}

/** What goes with the plugin, entered by what the plugin and the others take from it. */
function readCompanions(
  sysroot: Sysroot,
  plugin: PluginCode,
  { unloaded, plugin: self }: Fate,
): PluginCode[] {
  const others = unloaded.filter((loaded) => loaded !== self);
  const uses = (except: DynamicObject): Set<string> => {
    const users = [plugin.object, ...others.map(({ object }) => object)].filter(
      (object) => object !== except,
    );
    return new Set(users.flatMap((object) => [...importedNames(object.symbols)]));
  };
  return others.map(({ path, object }) =>
    withElf(sysroot, path, (file) => readPluginCode(file, object, path, uses(object))),
  );
}
