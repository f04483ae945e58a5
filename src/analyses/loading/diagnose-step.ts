import type { DlSession, LoadContext } from '../../loader/index.ts';
import type { DlCall, DlOutcome, Finding, LoadedObject, LoadStep } from '../../model/index.ts';
import {
  type DeathInfo,
  type DiagnosisFiles,
  diagnoseOpen,
  diagnoseSymbol,
  type NamedObject,
  simulatedOpen,
} from '../diagnosis/index.ts';

/** A step that was taken in the simulation. */
export interface StepScene {
  readonly context: LoadContext;
  readonly files: DiagnosisFiles;
  readonly session: DlSession;
  /** What the session made of the step; nothing was called in it since. */
  readonly outcome: DlOutcome | undefined;
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
  { context, files, session, outcome, before }: StepScene,
  call: Extract<DlCall, { call: 'dlopen' }>,
  end: StepEnd,
): Finding[] {
  const { file: asked, mode } = call;
  // The program itself is there: only the call can be wrong.
  if (asked === null && outcome?.result !== 'refused') return [];
  const file = asked ?? 'NULL';
  const program = named(session.process.root);
  const simulated = outcome && { simulated: simulatedOpen(session, call, outcome) };
  const isApart = isElsewhere(session, call);
  return diagnoseOpen({ context, files, program, before, file, mode, isApart, ...simulated, ...end });
}

function isElsewhere(session: DlSession, { namespace }: Extract<DlCall, { call: 'dlopen' }>): boolean {
  if (typeof namespace !== 'object') return namespace !== undefined;
  return (session.handle(namespace.of)?.namespace ?? 0) > 0;
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
    loaded: [
      ...session.linkMap().map(named),
      ...session.linkMap('others').map((entry) => ({ ...named(entry), isApart: true })),
    ],
    program: named(session.process.root),
    name,
    version,
    message,
  });
}
