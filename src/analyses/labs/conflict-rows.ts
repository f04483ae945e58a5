import type { Prediction } from '../../model/lab.ts';
import type { BindingFacts } from '../bind-facts.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import type { PredictedRun } from './predict-run.ts';
import { type RunPlace, shortName } from './run-place.ts';

type StatedConflict = Extract<Prediction, { kind: 'conflict' }>;

const NO_CONFLICT = 'no conflict';

/**
 * One row for each symbol in question, and one for each other conflict that is more than a note: a lab has to
 * state every clash it brings about. What is observed of a conflict is whose definitions were used.
 */
export function conflictRows(
  stated: readonly StatedConflict[],
  { conflicts, bindings }: PredictedRun,
  observed: { readonly bindings: readonly BindingFacts[] },
  place: RunPlace,
): LabRow[] {
  const alarming = conflicts.filter(({ severity }) => severity !== 'note');
  const names = new Set([
    ...place.symbols,
    ...stated.map(({ symbol }) => symbol),
    ...alarming.map(({ name }) => name),
  ]);
  return [...names].map((name) => {
    const found = conflicts.find((conflict) => conflict.name === name);
    const [winner, ...losers] = (found?.definers ?? []).map(({ object }) => shortName(object, place));
    const expected = stated.find(({ symbol }) => symbol === name);
    const used = targetsOf(observed.bindings, name, place);
    return judgedRow(
      `conflict over ${name}`,
      expected
        ? conflictText(expected.finding, expected.severity, expected.winner, expected.losers)
        : NO_CONFLICT,
      found ? conflictText(found.kind, found.severity, winner!, losers) : NO_CONFLICT,
      {
        text: used.length === 0 ? 'nobody looks it up' : `${used.join(' and ')} used`,
        agrees: !place.symbols.includes(name) || sameList(used, targetsOf(bindings, name, place)),
      },
    );
  });
}

function conflictText(kind: string, severity: string, winner: string, losers: readonly string[]): string {
  return `${kind.replace('conflict.', '')}, ${severity}: ${winner} over ${losers.join(', ')}`;
}

function targetsOf(bindings: readonly BindingFacts[], name: string, place: RunPlace): string[] {
  const targets = bindings.flatMap(({ symbol, to }) => (symbol === name && to ? [shortName(to, place)] : []));
  return [...new Set(targets)].sort();
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
