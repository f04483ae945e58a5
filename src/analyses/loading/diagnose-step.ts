import type { DlSession, LoadContext } from '../../loader/index.ts';
import type { DlCall, Finding, LoadedObject, LoadStep } from '../../model/index.ts';
import {
  type DeathInfo,
  type DiagnosisFiles,
  diagnoseOpen,
  diagnoseSymbol,
  type NamedObject,
} from '../diagnosis/index.ts';

/** The process as the simulation has it before a step. */
export interface StepScene {
  readonly context: LoadContext;
  readonly files: DiagnosisFiles;
  readonly session: DlSession;
  /** What the program called before. */
  readonly before: readonly DlCall[];
}

/** How a step ended; neither: it has yet to be taken. */
export interface StepEnd {
  /** The text of dlerror(3). */
  readonly message?: string;
  readonly death?: DeathInfo;
}

const named = ({ path, object }: LoadedObject): NamedObject => ({ path, object });

/** Why a step fails or will fail, and what to do; of a step that the loader has no part in, nothing. */
export function diagnoseStep(scene: StepScene, step: LoadStep, end: StepEnd): Finding[] {
  const call = step.step === 'info' ? step.address : step.call;
  if (typeof call === 'bigint' || call.call === 'dlclose') return [];
  return call.call === 'dlopen' ? diagnoseOpening(scene, call, end) : diagnoseLookUp(scene, call, end);
}

function diagnoseOpening(
  { context, files, session, before }: StepScene,
  { file, mode }: Extract<DlCall, { call: 'dlopen' }>,
  end: StepEnd,
): Finding[] {
  if (file === null) return [];
  return diagnoseOpen({ context, files, program: named(session.process.root), before, file, mode, ...end });
}

function diagnoseLookUp(
  { context, files, session }: StepScene,
  call: Extract<DlCall, { call: 'dlsym' }>,
  { message, death }: StepEnd,
): Finding[] {
  if (death !== undefined) return [];
  const { handle, symbol: name, version } = call;
  const library = typeof handle === 'string' ? session.handle(handle)?.object : undefined;
  if (typeof handle === 'string' && library === undefined) return [];
  return diagnoseSymbol({
    context,
    files,
    place: typeof handle === 'string' ? { library: named(library!) } : handle,
    scope: session.searched(call).map(named),
    loaded: session.linkMap().map(named),
    program: named(session.process.root),
    name,
    version,
    message,
  });
}
