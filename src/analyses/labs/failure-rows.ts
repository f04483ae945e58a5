import type { Prediction } from '../../model/lab.ts';
import type { Finding } from '../../model/report.ts';
import { callText } from './call-rows.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { type RunPlace, withoutDirectory } from './run-place.ts';

type StatedFailure = Extract<Prediction, { kind: 'failure' }>;

/** The findings of each call whose failure a lab states, by `failureName`. */
export type PredictedFailures = ReadonlyMap<string, readonly Finding[]>;

/** Calls are told apart by what they ask for. */
export const failureName = ({ call }: StatedFailure): string => JSON.stringify(call);

/** Why calls of dlopen(3) and dlsym(3) fail, by solder, beside what the program prints of dlerror(3). */
export function failureRows(
  stated: readonly StatedFailure[],
  predicted: PredictedFailures,
  stdout: string,
  place: RunPlace,
): LabRow[] {
  return stated.map((one) => {
    const findings = predicted.get(failureName(one)) ?? [];
    const text = findings.map((finding) => findingText(finding, one.because, place)).join('; ');
    const isSaid = stdout.includes(one.message);
    return judgedRow(
      `why ${callText(one.call)} fails`,
      `${one.finding}, ${one.severity}: ${one.message}; ${one.because}`,
      text || 'it does not fail',
      { text: isSaid ? one.message : 'not said', agrees: isSaid },
    );
  });
}

function findingText(
  { kind, severity, message, evidence }: Finding,
  because: string,
  place: RunPlace,
): string {
  const texts = evidence.map(({ text, object }) =>
    withoutDirectory(object === undefined ? text : `${object}: ${text}`, place),
  );
  const reason = texts.some((text) => text.includes(because)) ? because : `not by: ${texts.join('; ')}`;
  return `${kind}, ${severity}: ${withoutDirectory(message, place)}; ${reason}`;
}
