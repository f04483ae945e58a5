import { DT } from '../../elf/index.ts';
import { type LoadContext, loadProcess, type OpenRequest, startSession } from '../../loader/index.ts';
import type { DlCall, DynamicObject, LoadedObject, OpenMode, Process } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';

/** An object by the path that the loader knows it by. */
export interface NamedObject {
  readonly path: string;
  readonly object: DynamicObject;
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
  /** dlerror's text of the call that failed; without it the failure is predicted. */
  readonly message?: string | undefined;
  /** The process did not survive the call. */
  readonly death?: DeathInfo | undefined;
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
}

const HANDLE = 'the library in question';

/** Makes the call in the simulation. */
export function simulateOpen({ context, program, before = [], file, mode }: OpenDiagnosis): SimulatedOpen {
  const session = startSession(context, program.object, program.path);
  for (const call of before) session.perform(call);
  const outcome = session.perform({ call: 'dlopen', file, mode, handle: HANDLE });
  if (outcome.result === 'refused') return { message: outcome.message, isLoaded: false, added: [] };
  const added = outcome.result === 'opened' ? outcome.added : [];
  return { message: undefined, isLoaded: outcome.result === 'opened', added };
}

/** The libraries that are open when the call is made, as requests. */
export function earlierRequests({ before = [] }: OpenDiagnosis): OpenRequest[] {
  return before.flatMap((call) =>
    call.call === 'dlopen' && call.file !== null && call.namespace === undefined
      ? [{ name: call.file, deepBind: call.mode.deepBind ?? false, global: call.mode.global ?? false }]
      : [],
  );
}

/**
 * The process as it would be if the program needed the library: the search goes by the same rules, and this
 * link map says all that is missing, who needs it and where it was looked for. dlopen(3) ends with the first.
 */
export function processWithNeed(diagnosis: OpenDiagnosis): Process {
  const { context, program, file } = diagnosis;
  const names = [...earlierRequests(diagnosis).map(({ name }) => name), file];
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
