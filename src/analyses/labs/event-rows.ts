import type { Prediction } from '../../model/lab.ts';
import type { TraceEvent } from '../trace/event.ts';
import { nameIn } from './call-marks.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import type { PredictedCalls } from './predict-calls.ts';
import { isOwn, type RunPlace, shortName } from './run-place.ts';

type StatedEvents = Extract<Prediction, { kind: 'loader-events' }>;

/** In what order the files of the build are initialised, finalised and unloaded, to the end of the program. */
export function eventRows(
  stated: readonly StatedEvents[],
  predicted: PredictedCalls,
  seen: { readonly events: readonly TraceEvent[]; readonly program: string },
  place: RunPlace,
): LabRow[] {
  const ours = predictedEvents(predicted, place);
  const theirs = tracedEvents(seen.events, seen.program, place);
  return stated.flatMap(({ events }) =>
    Array.from({ length: Math.max(events.length, ours.length, theirs.length) }, (_, at) => {
      const [expected, text, seenText] = [events[at], ours[at], theirs[at]].map(
        (event) => event ?? 'no event',
      );
      return judgedRow(`loader event ${at + 1}`, expected!, text!, { text: seenText! });
    }),
  );
}

function predictedEvents({ initialised, calls, finalised }: PredictedCalls, place: RunPlace): string[] {
  const of = (event: string, paths: readonly string[]) =>
    paths.filter((path) => isOwn(path, place)).map((path) => `${event} ${shortName(path, place)}`);
  const pathsOf = (objects: readonly { readonly path: string }[]) => objects.map(({ path }) => path);
  return [
    ...of('init', initialised),
    ...calls.flatMap(({ outcome }) => {
      if (outcome.result === 'opened') return of('init', pathsOf(outcome.initialised));
      if (outcome.result !== 'closed') return [];
      return [...of('fini', pathsOf(outcome.finalised)), ...of('unload', pathsOf(outcome.unloaded))];
    }),
    ...of('fini', finalised),
  ];
}

function tracedEvents(events: readonly TraceEvent[], program: string, place: RunPlace): string[] {
  const initialised = new Set<string>();
  const texts: string[] = [];
  for (const event of events) {
    if (event.kind !== 'init' && event.kind !== 'fini' && event.kind !== 'unload') continue;
    const path = event.kind === 'init' ? event.object : event.object.path;
    if (path !== '' && !isOwn(path, place)) continue;
    const name = nameIn(path, program, place);
    if (event.kind === 'init') initialised.add(name);
    // What a dlopen mapped in vain is removed without ever having been initialised.
    if (event.kind === 'unload' && !initialised.delete(name)) continue;
    texts.push(`${event.kind} ${name}`);
  }
  return texts;
}
