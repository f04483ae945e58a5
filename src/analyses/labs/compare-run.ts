import type { Ending, LabRun, Prediction } from '../../model/lab.ts';
import type { BindingFacts } from '../bind-facts.ts';
import { diffRows } from './diff-rows.ts';
import { exportRows } from './export-rows.ts';
import type { LabRow } from './lab-facts.ts';
import { linkFarmRows } from './link-farm-rows.ts';
import { loadRows } from './load-rows.ts';
import type { PredictedRun } from './predict-run.ts';
import { scriptRows } from './script-rows.ts';

/** What one run of a program showed. */
export interface ObservedRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly ending: Ending;
  /** Every binding that ld.so traced. */
  readonly bindings: readonly BindingFacts[];
  /** Paths of the program's global lookup scope as ld.so traced them; empty when it did not get so far. */
  readonly lookupOrder: readonly string[];
  /** The program's main was reached. */
  readonly started: boolean;
  /** What nm(1) says of the files whose exports the lab asks for, by path. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
  /** The links in the directories that the lab asks about, after the run. */
  readonly links: PredictedRun['links'];
}

/** Where a run took place, for showing its paths. */
export interface RunPlace {
  /** The directory of the build, without a slash at its end. */
  readonly directory: string;
  readonly symbols: readonly string[];
}

type StatedConflict = Extract<Prediction, { kind: 'conflict' }>;
type StatedOrder = Extract<Prediction, { kind: 'lookup-order' }>;

/** Holds what solder predicts and what was observed against each other and against what the lab states. */
export function compareRun(
  run: LabRun,
  predicted: PredictedRun,
  observed: ObservedRun,
  place: RunPlace,
): LabRow[] {
  const stated = <Kind extends Prediction['kind']>(kind: Kind) =>
    run.predicts.filter((prediction) => prediction.kind === kind) as Extract<Prediction, { kind: Kind }>[];
  const orders = stated('lookup-order');
  const conflicts = stated('conflict');
  const words = {
    program: run.command[0].replace(/^\.\//, ''),
    stderr: withoutDirectory(observed.stderr, place),
    started: observed.started,
  };
  const faults = predicted.faults.map((fault) => ({
    ...fault,
    message: withoutDirectory(fault.message, place),
  }));
  return [
    ...linkFarmRows(stated('links'), predicted.links, observed.links),
    ...diffRows(stated('diff'), predicted.diffs, observed),
    ...scriptRows(stated('script'), predicted.scripts, observed.exports, place.directory),
    ...exportRows(stated('exports'), predicted.exports, observed.exports, place.directory),
    ...orders.map((stated) => lookupOrderRow(stated, predicted, observed, place)),
    ...conflictRows(conflicts, predicted, observed, place),
    ...bindingRows(predicted, observed, place),
    ...loadRows(stated('load'), faults, words),
    ...traceRow(predicted, observed),
    ...outcomeRows(run, observed),
  ];
}

const isOwn = (path: string, { directory }: RunPlace): boolean => path.startsWith(`${directory}/`);

const withoutDirectory = (text: string, { directory }: RunPlace): string =>
  text.replaceAll(`${directory}/`, '');

/** A file of the build by its name in there, any other by its last part. */
function shortName(path: string, place: RunPlace): string {
  return isOwn(path, place) ? path.slice(place.directory.length + 1) : path.slice(path.lastIndexOf('/') + 1);
}

function lookupOrderRow(
  { objects }: StatedOrder,
  predicted: PredictedRun,
  observed: ObservedRun,
  place: RunPlace,
): LabRow {
  const shown = (paths: readonly string[]) =>
    paths.filter((path) => isOwn(path, place)).map((path) => shortName(path, place));
  return judged('lookup order', objects.join(' '), shown(predicted.lookupOrder).join(' '), {
    text: shown(observed.lookupOrder).join(' ') || 'no lookup scope traced',
  });
}

/** A row of which the lab states what solder must predict. Unless told, `observed` agrees when it is equal. */
function judged(
  what: string,
  stated: string,
  predicted: string,
  observed: { readonly text: string; readonly agrees?: boolean },
): LabRow {
  const asStated = stated === predicted;
  return {
    what,
    predicted,
    observed: observed.text,
    agrees: asStated && (observed.agrees ?? observed.text === predicted),
    ...(asStated ? {} : { stated }),
  };
}

const NO_CONFLICT = 'no conflict';

/**
 * One row for each symbol in question, and one for each other conflict that is more than a note: a lab has to
 * state every clash it brings about. What is observed of a conflict is whose definitions were used.
 */
function conflictRows(
  stated: readonly StatedConflict[],
  { conflicts, bindings }: PredictedRun,
  observed: ObservedRun,
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
    return judged(
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

/**
 * For every object that refers to a symbol in question, the definition that solder predicts beside the one that
 * ld.so traced: a reference on one side only does not agree.
 */
function bindingRows(predicted: PredictedRun, observed: ObservedRun, place: RunPlace): LabRow[] {
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

/** A program that ran to its end must have been traced: no trace would agree with every "no conflict". */
function traceRow(predicted: PredictedRun, { ending, lookupOrder }: ObservedRun): LabRow[] {
  const ran = ending.kind === 'status' && ending.status === 0;
  if (!ran || lookupOrder.length > 0 || predicted.lookupOrder.length === 0) return [];
  return [{ what: "ld.so's trace", predicted: 'a lookup scope', observed: 'no trace', agrees: false }];
}

/** The program's output line by line, what it says on stderr, and its end. */
function outcomeRows({ observes: { stdout, stderr, ends } }: LabRun, observed: ObservedRun): LabRow[] {
  const lines = observed.stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const count = Math.max(stdout.length, lines.length);
  const rows = Array.from({ length: count }, (_, index): LabRow => {
    const [expected, printed] = [stdout[index], lines[index]];
    return {
      what: `output, line ${index + 1}`,
      predicted: expected ?? '(no such line)',
      observed: printed ?? '(no such line)',
      agrees: expected === printed,
    };
  });
  if (stderr !== undefined) {
    const said = observed.stderr.includes(stderr);
    rows.push(compared('on stderr', stderr, said ? stderr : observed.stderr.trim() || 'nothing'));
  }
  const end = endingText(ends ?? { kind: 'status', status: 0 });
  rows.push(compared('end', end, endingText(observed.ending)));
  return rows;
}

const compared = (what: string, predicted: string, observed: string): LabRow => {
  return { what, predicted, observed, agrees: predicted === observed };
};

/** How a process ended, for people. */
export function endingText(ending: Ending): string {
  switch (ending.kind) {
    case 'status':
      return `exit status ${ending.status}`;
    case 'signal':
      return `killed by ${ending.signal}`;
    case 'time-limit':
      return `still running after ${ending.seconds} s`;
    case 'not-started':
      return `not started: ${ending.message}`;
  }
}
