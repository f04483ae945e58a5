import type { Prediction, TakenSymbol } from '../../model/lab.ts';
import type { Assignment } from '../../script/index.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

type StatedScript = Extract<Prediction, { kind: 'script' }>;

/** What a version script makes of each definition, by solder before the link and by nm(1) after it. */
export function scriptRows(
  stated: readonly StatedScript[],
  predicted: ReadonlyMap<string, readonly Assignment[]>,
  exports: ReadonlyMap<string, readonly string[]>,
  directory: string,
): LabRow[] {
  return stated.flatMap(({ script, library, takes }) => {
    const path = `${directory}/${library}`;
    const ours = new Map(predicted.get(path)?.map((one) => [one.symbol.name, takenSymbol(one)]));
    return [...new Set([...Object.keys(takes), ...ours.keys()])].map((name) =>
      row(`${name} by ${script}`, takes[name], ours.get(name), exportedAs(name, exports.get(path))),
    );
  });
}

function takenSymbol({ symbol: { name }, exported, version, isDefault, pattern }: Assignment): TakenSymbol {
  const as = version === undefined ? name : `${name}${isDefault ? '@@' : '@'}${version}`;
  return { as: exported ? as : null, ...(pattern === undefined ? {} : { by: pattern.text }) };
}

function exportedAs(name: string, exports: readonly string[] | undefined): string | null {
  return exports?.find((exported) => exported.split('@', 1)[0] === name) ?? null;
}

function row(
  what: string,
  stated: TakenSymbol | undefined,
  ours: TakenSymbol | undefined,
  theirs: string | null,
): LabRow {
  const [expected, predicted] = [stated, ours].map(takenText);
  return judgedRow(what, expected!, predicted!, { text: asText(theirs), agrees: ours?.as === theirs });
}

function takenText(taken: TakenSymbol | undefined): string {
  if (taken === undefined) return 'no such definition';
  return taken.by === undefined ? asText(taken.as) : `${asText(taken.as)}, taken by ${taken.by}`;
}

const asText = (name: string | null): string => name ?? 'not exported';
