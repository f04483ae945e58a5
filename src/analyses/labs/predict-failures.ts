import { startSession } from '../../loader/index.ts';
import type { DlCall, Finding } from '../../model/index.ts';
import type { Prediction } from '../../model/lab.ts';
import { type DiagnosisFiles, diagnoseOpen, diagnoseSymbol } from '../diagnosis/index.ts';
import { failureName, type PredictedFailures } from './failure-rows.ts';
import type { ProcessInput } from './process-input.ts';

type StatedFailure = Extract<Prediction, { kind: 'failure' }>;
type Lookup = Extract<DlCall, { call: 'dlsym' }>;

/** What a prediction of failures starts from. */
interface FailureInput extends ProcessInput {
  readonly files: DiagnosisFiles;
}

/** Diagnoses each call whose failure a lab states before it is made. */
export function predictFailures(stated: readonly StatedFailure[], input: FailureInput): PredictedFailures {
  return new Map(stated.map((one) => [failureName(one), diagnose(one, input)]));
}

function diagnose(stated: StatedFailure, input: FailureInput): Finding[] {
  const { context, files, root, path, calls } = input;
  const { call } = stated;
  const name = failureName(stated);
  const at = calls.findIndex((one) => JSON.stringify(one) === name);
  const before = at < 0 ? calls : calls.slice(0, at);
  const program = { path, object: root };
  if (call.call === 'dlsym') return diagnoseLookup(call, before, input);
  if (call.file === null) return [];
  return diagnoseOpen({ context, files, program, before, file: call.file, mode: call.mode });
}

/** Where it is looked up depends on what is open by then. */
function diagnoseLookup(
  call: Lookup,
  before: readonly DlCall[],
  { context, files, root, path }: FailureInput,
): Finding[] {
  const session = startSession(context, root, path);
  for (const earlier of before) session.perform(earlier);
  const { handle, symbol: name, version } = call;
  const library = typeof handle === 'string' ? session.handle(handle)?.object : undefined;
  if (typeof handle === 'string' && library === undefined) return [];
  return diagnoseSymbol({
    context,
    files,
    place: typeof handle === 'string' ? { library: library! } : handle,
    scope: session.searched(call),
    loaded: session.linkMap(),
    program: { path, object: root },
    name,
    version,
  });
}
