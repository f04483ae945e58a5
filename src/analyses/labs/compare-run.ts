import type { Ending, LabRun, Prediction } from '../../model/lab.ts';
import { addressRows } from './address-rows.ts';
import { bindingRows } from './binding-rows.ts';
import { callRows } from './call-rows.ts';
import { conflictRows } from './conflict-rows.ts';
import { diffRows } from './diff-rows.ts';
import { eventRows } from './event-rows.ts';
import { exportRows } from './export-rows.ts';
import { failureRows } from './failure-rows.ts';
import { foundRows } from './found-rows.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { linkFarmRows } from './link-farm-rows.ts';
import { loadRows } from './load-rows.ts';
import { outcomeRows } from './outcome-rows.ts';
import type { PredictedRun } from './predict-run.ts';
import { isOwn, type RunPlace, shortName, withoutDirectory } from './run-place.ts';
import { scriptRows } from './script-rows.ts';
import { toldRows } from './told-rows.ts';
import type { TracedProcess } from './traced-process.ts';
import { unloadRows } from './unload-rows.ts';

/** What one run of a program showed. */
export interface ObservedRun extends TracedProcess {
  readonly stdout: string;
  readonly stderr: string;
  readonly ending: Ending;
  /** What nm(1) says of the files whose exports the lab asks for, by path. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
  /** The links in the directories that the lab asks about, after the run. */
  readonly links: PredictedRun['links'];
}

/** Holds what solder predicts and what was observed against each other and against what the lab states. */
export function compareRun(
  run: LabRun,
  predicted: PredictedRun,
  observed: ObservedRun,
  place: RunPlace,
): LabRow[] {
  const stated = <Kind extends Prediction['kind']>(kind: Kind) =>
    run.predicts.filter((prediction) => prediction.kind === kind) as Extract<Prediction, { kind: Kind }>[];
  const seen = {
    program: run.command[0].replace(/^\.\//, ''),
    stdout: withoutDirectory(observed.stdout, place),
    stderr: withoutDirectory(observed.stderr, place),
    ending: observed.ending,
    events: observed.events,
    started: observed.started,
  };
  const faults = predicted.faults.map((fault) => ({
    ...fault,
    message: withoutDirectory(fault.message, place),
  }));
  return [
    ...linkFarmRows(stated('links'), predicted.links, observed.links),
    ...diffRows(stated('diff'), predicted.diffs, seen),
    ...scriptRows(stated('script'), predicted.scripts, observed.exports, place.directory),
    ...exportRows(stated('exports'), predicted.exports, observed.exports, place.directory),
    ...stated('lookup-order').map((order) => lookupOrderRow(order, predicted, observed, place)),
    ...conflictRows(stated('conflict'), predicted, observed, place),
    ...foundRows(stated('found'), predicted.linkMap, observed.events, place),
    ...callRows(stated('calls')[0], predicted.calls, seen, place),
    ...failureRows(stated('failure'), predicted.failures, seen.stdout, place),
    ...unloadRows(stated('unload'), predicted.unloads, seen),
    ...eventRows(stated('loader-events'), predicted, seen, place),
    ...bindingRows(predicted, observed, place),
    ...toldRows(stated('told'), predicted.bindings, seen, place),
    ...addressRows(stated('address'), predicted.addresses, seen.stdout),
    ...loadRows(stated('load'), faults, seen),
    ...traceRow(predicted, observed),
    ...outcomeRows(run, seen),
  ];
}

function lookupOrderRow(
  { objects }: Extract<Prediction, { kind: 'lookup-order' }>,
  predicted: PredictedRun,
  observed: ObservedRun,
  place: RunPlace,
): LabRow {
  const shown = (paths: readonly string[]) =>
    paths.filter((path) => isOwn(path, place)).map((path) => shortName(path, place));
  return judgedRow('lookup order', objects.join(' '), shown(predicted.lookupOrder).join(' '), {
    text: shown(observed.lookupOrder).join(' ') || 'no lookup scope traced',
  });
}

/** A program that ran to its end must have been traced: no trace would agree with every "no conflict". */
function traceRow(predicted: PredictedRun, { ending, lookupOrder }: ObservedRun): LabRow[] {
  if (predicted.isSecure) return [];
  const ran = ending.kind === 'status' && ending.status === 0;
  if (!ran || lookupOrder.length > 0 || predicted.lookupOrder.length === 0) return [];
  return [{ what: "ld.so's trace", predicted: 'a lookup scope', observed: 'no trace', agrees: false }];
}
