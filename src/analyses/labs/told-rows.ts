import type { Prediction } from '../../model/lab.ts';
import type { BindingFacts } from '../bind-facts.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { type RunPlace, shortName } from './run-place.ts';

/** Whose definition the program gets, by solder beside what the program itself says. */
export function toldRows(
  stated: readonly Extract<Prediction, { kind: 'told' }>[],
  bindings: readonly BindingFacts[],
  { stdout, program }: { readonly stdout: string; readonly program: string },
  place: RunPlace,
): LabRow[] {
  const lines = stdout.split('\n');
  return stated.map(({ symbol, by }) => {
    const binding = bindings.find((one) => one.symbol === symbol && shortName(one.from, place) === program);
    const target = binding?.to ?? undefined;
    const start = `${symbol}: `;
    const printed = lines.find((line) => line.startsWith(start))?.slice(start.length);
    return judgedRow(
      `the program's ${symbol}`,
      by,
      target === undefined ? 'nobody' : shortName(target, place),
      {
        text: printed ?? 'nothing printed',
      },
    );
  });
}
