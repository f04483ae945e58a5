import { DT } from '../../elf/index.ts';
import { type DlSession, type LoadContext, loadProcess, startSession } from '../../loader/index.ts';
import type { DlCall, DlOutcome, DynamicObject, LoadedObject, OpenMode, Process } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';

/** An object by the path that the loader knows it by. */
export interface NamedObject {
  readonly path: string;
  readonly object: DynamicObject;
  /** It lives in a namespace of its own (dlmopen(3)), where only its handle leads to. */
  readonly isApart?: boolean;
}

/** How a process ended while a library was opened, as far as it is known. */
export interface DeathInfo {
  /** `SIGSEGV`…; undefined when it ended by exit(3). */
  readonly signal: string | undefined;
  readonly status?: number | undefined;
  /** Where it was: object, the symbol next to it and the offset in it. */
  readonly object?: string | undefined;
  readonly symbol?: string | undefined;
  readonly offset?: bigint | undefined;
  /** The address that could not be accessed. */
  readonly faultAddress?: bigint | undefined;
}

/** A call of dlopen(3) that is to be made, or that failed. */
export interface OpenDiagnosis {
  readonly context: LoadContext;
  readonly files: DiagnosisFiles;
  /** The program that makes the call. */
  readonly program: NamedObject;
  /** What it called before, in this order. */
  readonly before?: readonly DlCall[];
  /** As it is given to dlopen. */
  readonly file: string;
  readonly mode: OpenMode;
  /** dlmopen(3) in a namespace of its own. */
  readonly isApart?: boolean;
  /** dlerror's text of the call that failed; without it the failure is predicted. */
  readonly message?: string | undefined;
  /** The process did not survive the call. */
  readonly death?: DeathInfo | undefined;
  /** The call as it was made in a simulation already; without it one is made, and `before` in it. */
  readonly simulated?: SimulatedOpen;
  /** Bytes of a page on the machine in question; 4096 by default. */
  readonly pageSize?: number;
}

/** What the simulation makes of the call. */
export interface SimulatedOpen {
  /** dlerror's text; undefined when the library is opened. */
  readonly message: string | undefined;
  /** Whether the library is in the process then; RTLD_NOLOAD may find that it is not. */
  readonly isLoaded: boolean;
  /** What the call adds, the opened library first. */
  readonly added: readonly LoadedObject[];
  /** What answers to the name in another namespace than the one that was asked. */
  readonly apart: LoadedObject | undefined;
  /** What these call, lazily, and nothing defines. */
  readonly lostCalls: readonly LostCall[];
}

/** A symbol of an object's own table, by its index, that the object refers to in vain. */
export interface LostCall {
  readonly from: LoadedObject;
  readonly reference: number;
}

const HANDLE = 'the library in question';

/** Makes the call in the simulation, unless it was made there. */
export function simulateOpen(diagnosis: OpenDiagnosis): SimulatedOpen {
  const { context, program, before = [], file, mode, simulated } = diagnosis;
  if (simulated !== undefined) return simulated;
  const session = startSession(context, program.object, program.path);
  for (const call of before) session.perform(call);
  const call = { call: 'dlopen', file, mode, handle: HANDLE } as const;
  return simulatedOpen(session, call, session.perform(call));
}

/** What a session's answer to dlopen(3) comes to; no other call was made in it since. */
export function simulatedOpen(
  session: DlSession,
  { file }: { readonly file: string | null },
  outcome: DlOutcome,
): SimulatedOpen {
  const message = outcome.result === 'refused' ? outcome.message : undefined;
  const added = outcome.result === 'opened' ? outcome.added : [];
  const lostCalls = added.flatMap((from) =>
    session.lostCalls(from).map((reference) => ({ from, reference })),
  );
  const isCalled = ({ path, name, object }: LoadedObject) =>
    path === file || name === file || object.soname === file;
  const apart =
    outcome.result === 'not-loaded'
      ? session.linkMap('all').find((entry) => entry !== session.process.root && isCalled(entry))
      : undefined;
  return { message, isLoaded: outcome.result === 'opened', added, apart, lostCalls };
}

/** The libraries in the base namespace whose handles are open when the call is made. */
function openBefore({ before = [] }: OpenDiagnosis): string[] {
  const closed = new Set(before.flatMap((call) => (call.call === 'dlclose' ? [call.handle] : [])));
  return before.flatMap((call) =>
    call.call === 'dlopen' && call.file !== null && call.namespace === undefined && !closed.has(call.handle)
      ? [call.file]
      : [],
  );
}

/**
 * The process as it would be if the program needed the library: the search goes by the same rules, and this
 * link map says all that is missing, who needs it and where it was looked for. dlopen(3) ends with the first.
 */
export function processWithNeed(diagnosis: OpenDiagnosis): Process {
  const { context, program, file } = diagnosis;
  const names = [...openBefore(diagnosis), file];
  const dependencies = [...program.object.dependencies, ...names.map((name) => ({ tag: DT.NEEDED, name }))];
  const object = { ...program.object, needed: [...program.object.needed, ...names], dependencies };
  return loadProcess(context, object, program.path);
}

/** Who needs an object, from the opened library down to it; the program, which opens, is left out. */
export function needChain(entry: LoadedObject | undefined): LoadedObject[] {
  const chain: LoadedObject[] = [];
  for (let at = entry; at?.requester !== undefined; at = at.requester) chain.unshift(at);
  return chain;
}
