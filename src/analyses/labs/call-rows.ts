import type { DlCall, DlOutcome } from '../../model/dl-call.ts';
import type { Prediction } from '../../model/lab.ts';
import { keptFacts } from '../loading/step-result.ts';
import type { TraceEvent } from '../trace/event.ts';
import { callMarks, lookupKey, type Mark, nameIn } from './call-marks.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { type RunPlace, shortName, withoutDirectory } from './run-place.ts';

/** A call of the dlopen API and what solder says of it. */
export interface PredictedCall {
  readonly call: DlCall;
  readonly outcome: DlOutcome;
  /** Path of the object on whose behalf a symbol is looked up: of the handle, or of the caller. */
  readonly from: string | undefined;
}

/** What was seen of the process; its words without the build's directory. */
interface Seen {
  readonly events: readonly TraceEvent[];
  readonly stdout: string;
  readonly stderr: string;
  /** The name of the program, which stands in front of what the loader says. */
  readonly program: string;
}

/**
 * What each call does, by solder and by the loader's trace, in which they must leave their marks in the same
 * order and no others. What only the program is told, as the text of dlerror(3), must be in what it prints. Why
 * a library stays, and that an address is NULL, is solder's word alone.
 */
export function callRows(
  stated: Extract<Prediction, { kind: 'calls' }> | undefined,
  predicted: readonly PredictedCall[],
  seen: Seen,
  place: RunPlace,
): LabRow[] {
  const keys = predicted.map((one) => keyOf(one, seen.program, place));
  const lookups = new Set(keys.filter((key) => key !== undefined));
  const marks = callMarks(seen.events, lookups, seen.program, place);
  const expected = stated?.results ?? predicted.map(({ outcome }) => outcomeText(outcome, seen, place));
  const rows = predicted.map(({ call, outcome }, index) => {
    const left = takeMarks(marks, outcome, { key: keys[index], isLastClose: isLastClose(predicted, index) });
    const observed = observedText(outcome, left, seen, place);
    return judgedRow(callText(call), expected[index] ?? 'no call', outcomeText(outcome, seen, place), {
      text: observed,
      agrees: observed === visibleText(outcome, seen, place),
    });
  });
  const missing = expected
    .slice(predicted.length)
    .map((text) => judgedRow('another call', text, 'no call', { text: 'no call' }));
  const further = marks.map(({ kind, object }) =>
    judgedRow('another call', 'nothing', 'nothing', { text: `${kind} ${object}` }),
  );
  return [...rows, ...missing, ...further];
}

function keyOf({ call, from }: PredictedCall, program: string, place: RunPlace): string | undefined {
  if (from === undefined || (call.call !== 'dlsym' && call.call !== 'use')) return undefined;
  return lookupKey(
    nameIn(from, program, place),
    call.symbol,
    call.call === 'dlsym' ? call.version : undefined,
  );
}

/** Whether what is unloaded up to the next mark of another kind is this call's doing. */
function isLastClose(predicted: readonly PredictedCall[], index: number): boolean {
  const following = predicted
    .slice(index + 1)
    .find(({ outcome }) => outcome.result !== 'refused' && outcome.result !== 'not-loaded');
  return following?.outcome.result !== 'closed';
}

/** Takes the marks of a call from the front of those that are left. */
function takeMarks(
  marks: Mark[],
  outcome: DlOutcome,
  { key, isLastClose: takesAll }: { readonly key: string | undefined; readonly isLastClose: boolean },
): Mark[] {
  const isOwn = (mark: Mark | undefined): boolean => {
    switch (outcome.result) {
      case 'opened':
        return mark?.kind === 'open';
      case 'closed':
        return mark?.kind === 'unload';
      case 'found':
      case 'bound':
        return mark?.kind === 'bind' && mark.key === key;
      default:
        return false;
    }
  };
  const isClose = outcome.result === 'closed';
  const most = !isClose ? 1 : takesAll ? marks.length : outcome.unloaded.length;
  let count = 0;
  while (count < most && isOwn(marks[count])) count++;
  return marks.splice(0, count);
}

function observedText(outcome: DlOutcome, marks: readonly Mark[], seen: Seen, place: RunPlace): string {
  const [mark] = marks;
  switch (outcome.result) {
    case 'opened':
      return mark === undefined ? 'not opened' : openText(mark.object, mark.count!);
    case 'not-loaded':
      return 'not loaded';
    case 'closed':
      return unloadText(marks.map(({ object }) => object));
    case 'found':
    case 'bound':
      return mark?.object ?? 'not found';
    case 'refused': {
      const message = withoutDirectory(outcome.message, place);
      const isSaid =
        outcome.call === 'use'
          ? seen.stderr.split('\n').includes(`${seen.program}: ${message}`)
          : seen.stdout.includes(message);
      return isSaid ? `refused: ${message}` : 'not said';
    }
  }
}

/** What of a prediction can be seen. */
function visibleText(outcome: DlOutcome, { program }: Seen, place: RunPlace): string {
  switch (outcome.result) {
    case 'opened':
      return openText(nameIn(outcome.object.path, program, place), outcome.count);
    case 'not-loaded':
      return 'not loaded';
    case 'closed':
      return unloadText(outcome.unloaded.map(({ path }) => shortName(path, place)));
    case 'found':
    case 'bound':
      return nameIn(outcome.object.path, program, place);
    case 'refused':
      return `refused: ${withoutDirectory(outcome.message, place)}`;
  }
}

function outcomeText(outcome: DlOutcome, seen: Seen, place: RunPlace): string {
  const visible = visibleText(outcome, seen, place);
  if (outcome.result === 'found' && outcome.isNull) return `${visible}, NULL`;
  const kept = keptFacts(outcome).map(
    ({ object, by }) => `; keeps ${shortName(object, place)}: ${withoutDirectory(by.join(' and '), place)}`,
  );
  return visible + kept.join('');
}

const openText = (object: string, count: number): string =>
  count === 1 ? object : `${object}, open ${count} times`;

const unloadText = (objects: readonly string[]): string => `unloads ${objects.join(' ') || 'nothing'}`;

/** A call as C writes it, more or less. */
export function callText(call: DlCall): string {
  switch (call.call) {
    case 'dlopen':
      return `dlopen ${call.file ?? 'NULL'}${flagsText(call.mode)}`;
    case 'dlsym': {
      const { handle, symbol, version } = call;
      const where = typeof handle === 'string' ? handle : `RTLD_${handle.pseudo.toUpperCase()}`;
      return `${version === undefined ? 'dlsym' : 'dlvsym'} ${[where, symbol, version ?? []].flat().join(' ')}`;
    }
    case 'dlclose':
      return `dlclose ${call.handle}`;
    case 'use':
      return `${call.object} calls ${call.symbol}`;
  }
}

function flagsText(mode: Extract<DlCall, { call: 'dlopen' }>['mode']): string {
  const flags = Object.entries(mode).flatMap(([name, isSet]) => (isSet ? `RTLD_${name.toUpperCase()}` : []));
  return flags.length === 0 ? '' : ` ${flags.join('|')}`;
}
