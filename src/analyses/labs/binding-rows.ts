import type { BindingFacts } from '../bind-facts.ts';
import type { LabRow } from './lab-facts.ts';
import { type RunPlace, shortName } from './run-place.ts';

/** The bindings of one side. */
interface Side {
  readonly bindings: readonly BindingFacts[];
}

/**
 * For every object that refers to a symbol in question, the definition that solder predicts beside the one that
 * ld.so traced: a reference on one side only does not agree.
 */
export function bindingRows(predicted: Side, observed: Side, place: RunPlace): LabRow[] {
  const definitions = (bindings: readonly BindingFacts[]) => {
    const inQuestion = bindings.filter(({ symbol, to }) => to !== null && place.symbols.includes(symbol));
    const byReference = Map.groupBy(inQuestion, ({ from, symbol, version }) => {
      return `${symbol}${version === undefined ? '' : `@${version}`} in ${shortName(from, place)}`;
    });
    return new Map(
      [...byReference].map(([reference, list]) => {
        const texts = list.map(
          ({ to, kind }) => shortName(to!, place) + (kind === 'protected' ? ' (protected)' : ''),
        );
        return [reference, [...new Set(texts)].sort().join(' and ')];
      }),
    );
  };
  const ours = definitions(predicted.bindings);
  const traced = definitions(observed.bindings);
  return [...new Set([...ours.keys(), ...traced.keys()])].map((reference) => {
    const [here, there] = [ours.get(reference), traced.get(reference)];
    return {
      what: reference,
      predicted: here ?? 'no binding',
      observed: there ?? 'no binding traced',
      agrees: here === there,
    };
  });
}
