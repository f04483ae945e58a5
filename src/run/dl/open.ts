import { statSync } from 'node:fs';
import { type HostOptions, startHost } from '../native-host/start-host.ts';
import { type Backend, type RawOpen, RTLD } from './backend.ts';
import { DlProcess } from './dl-process.ts';
import type { Explain } from './explain.ts';
import { explainFromFiles } from './explain-from-files.ts';
import { ClashError, clashesWithNode } from './in-process/clash.ts';
import { inProcessBackend } from './in-process/in-process-backend.ts';
import type { Library } from './library.ts';

export { type Clash, ClashError, clashesWithNode } from './in-process/clash.ts';

export interface DlOptions {
  /**
   * Finds the cause of a failure, for `DlError.findings`; only called when something failed. Default: the files on
   * this machine are looked at.
   */
  readonly explain?: Explain | undefined;
}

export interface InProcessOptions extends DlOptions {
  /**
   * Opens also what would bind to Node's own copy of a library. Otherwise that is a `ClashError`, and nothing is
   * loaded; RTLD_DEEPBIND avoids most clashes, a host process all of them.
   */
  readonly allowClash?: boolean;
}

/** The API on a backend of one's own; failures are explained by `explain` alone. */
export const processOn = (backend: Backend, { explain = () => [] }: DlOptions = {}): DlProcess =>
  new DlProcess(backend, explain);

/** Loads libraries into a process of their own, which has nothing but the C library in it before. */
export const openHost = ({ explain, ...options }: HostOptions & DlOptions = {}): Promise<DlProcess> =>
  hostProcess(options, explain, false);

/**
 * dlopen(3) in a host process of its own, which ends when the library is closed. To open more than one library
 * in one process, and for all that goes beyond calls and variables, start it with `openHost`.
 */
export async function dlopen(
  file: string | null,
  flags: number = RTLD.NOW,
  { explain, ...options }: HostOptions & DlOptions = {},
): Promise<Library> {
  const host = await hostProcess(options, explain, true);
  try {
    return await host.dlopen(file, flags);
  } catch (error) {
    await host.close();
    throw error;
  }
}

async function hostProcess(options: HostOptions, explain: Explain | undefined, endsWithLibraries: boolean) {
  const { environment = process.env, workingDirectory } = options;
  const backend = await startHost(options);
  // Elsewhere a relative path would mean another file here.
  const isElsewhere = workingDirectory !== undefined && !isSameDirectory(workingDirectory, '.');
  const fromFiles: Explain = isElsewhere
    ? () => []
    : explainFromFiles({ program: backend.hostPath, environment });
  return new DlProcess(backend, explain ?? fromFiles, endsWithLibraries);
}

/**
 * Loads libraries into the running Node, through koffi: calls cost little, and C can call back.
 *
 * Two things to know. What the foreign code does it does to this process: a crash ends it. And Node's executable
 * exports some 38,000 symbols of its own, among them all of zlib, OpenSSL, libuv, nghttp2 and ICU, and stands
 * first in the global scope: a library that needs one of these gets Node's, whatever it was linked with. Before
 * a library is opened, the loader's simulation is asked whether that would happen (`clashesWithNode`).
 */
export async function openInProcess({ allowClash, explain }: InProcessOptions = {}): Promise<DlProcess> {
  /** Files that were found to be harmless: a program may open one again and again. */
  const harmless = new Set<string>();
  const refuseClash = ({ file, flags, namespace }: RawOpen) => {
    // Another namespace has no part in node's symbols; what is loaded already is bound.
    if (file === null || namespace !== undefined || (flags & RTLD.NOLOAD) !== 0) return;
    const key = identityOf(file, flags);
    if (harmless.has(key)) return;
    const clashes = clashesWithNode(file, flags);
    if (clashes.length > 0) throw new ClashError(file, clashes);
    harmless.add(key);
  };
  const caller = { program: process.execPath, environment: process.env };
  const backend = await inProcessBackend(allowClash ? () => {} : refuseClash);
  return new DlProcess(backend, explain ?? explainFromFiles(caller));
}

/** The working directory may have been removed: it has no path then. */
function isSameDirectory(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return first?.dev === second?.dev && first?.ino === second?.ino;
}

/** Another file under the same name is another file; a name that is searched for stands for itself. */
function identityOf(file: string, flags: number): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return [file, flags, stat?.dev, stat?.ino, stat?.mtimeNs].join('\0');
}
