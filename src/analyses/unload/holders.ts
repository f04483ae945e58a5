import type { ImportCall, KeptWord } from '../../elf/code/index.ts';
import type { Origin, OriginsOf } from './origins.ts';

/** Where something that was made is kept, or from where it is read to be undone. */
export type Holder = (
  | { readonly kind: 'variable'; readonly address: number }
  /** A word in the frame of one function. */
  | { readonly kind: 'frame'; readonly start: number; readonly offset: number }
  /** What one call gave back, and nothing is known to keep. */
  | { readonly kind: 'result'; readonly of: number }
  /** Somewhere: a member of an object, a place that is computed. */
  | { readonly kind: 'unknown' }
) & {
  readonly isRepeated: boolean;
  /** The function that hands the place in, and whether its every run comes to the call. */
  readonly root: number;
  readonly isAlways: boolean;
};

/** A call, in the function that it stands in. */
export interface PlacedCall {
  readonly call: ImportCall;
  readonly start: number;
}

/** Where a function puts what it makes: the argument that points there, and at which offsets. */
interface Into {
  readonly argument: number;
  readonly offsets: readonly number[];
}

const FIRST: Into = { argument: 0, offsets: [0] };
const PAIR: Into = { argument: 0, offsets: [0, 4] };

/** Other functions give back what they make. */
const PUTS_INTO: Readonly<Record<string, Into>> = {
  pthread_key_create: FIRST,
  __pthread_key_create: FIRST,
  tss_create: FIRST,
  thr_keycreate: FIRST,
  pthread_create: FIRST,
  thrd_create: FIRST,
  posix_memalign: FIRST,
  asprintf: FIRST,
  vasprintf: FIRST,
  timer_create: { argument: 2, offsets: [0] },
  pipe: PAIR,
  pipe2: PAIR,
  socketpair: { argument: 3, offsets: [0, 4] },
};

/** Where a call keeps what it makes: one holder for each way to the call that names another place. */
export function madeIn(placed: PlacedCall, originsOf: OriginsOf): Holder[] {
  const { call, start } = placed;
  const into = isOfObject(call) ? FIRST : PUTS_INTO[call.name];
  if (into !== undefined && !call.isTaken) {
    const origins = originsOf(start, call.args[into.argument]);
    return distinct(origins.flatMap((origin) => into.offsets.map((by) => placeOf(call, origin, by))));
  }
  const way = { isRepeated: call.inLoop, root: start, isAlways: call.isAlways };
  if (call.isTaken) return [{ kind: 'unknown', ...way }];
  return call.keptIn === undefined
    ? [{ kind: 'result', of: call.at, ...way }]
    : [{ kind: 'variable', address: call.keptIn, ...way }];
}

/** Where what stands in the frame is put for others: variables of the object, as its callers name them. */
export function keptIn(holder: Holder, { place }: KeptWord, originsOf: OriginsOf): Holder[] {
  const kept = originsOf(holder.root, place).map((origin): Holder => {
    const { value, start } = origin;
    const way = {
      isRepeated: holder.isRepeated || origin.isRepeated,
      root: start,
      isAlways: holder.isAlways && origin.isAlways,
    };
    return value?.kind === 'address'
      ? { kind: 'variable', address: value.address, ...way }
      : { kind: 'unknown', ...way };
  });
  return distinct(kept);
}

/** From where a call reads what it undoes: its first argument. */
export function undoneIn({ call, start }: PlacedCall, originsOf: OriginsOf): Holder[] {
  return originsOf(start, call.args[0]).map((origin) =>
    isOfObject(call) ? placeOf(call, origin, 0) : sourceOf(call, origin),
  );
}

/** Member functions, whose object stands for the thing itself: `std::thread`. */
const isOfObject = ({ name }: ImportCall) => name.startsWith('_ZNSt');

const wayOf = ({ inLoop, isAlways }: ImportCall, origin: Origin) => ({
  isRepeated: origin.isRepeated || inLoop,
  root: origin.start,
  isAlways: origin.isAlways && isAlways,
});

function placeOf(call: ImportCall, origin: Origin, by: number): Holder {
  const { value, start } = origin;
  const way = wayOf(call, origin);
  if (value?.kind === 'address') return { kind: 'variable', address: value.address + by, ...way };
  if (value?.kind === 'frame') return { kind: 'frame', start, offset: value.offset + by, ...way };
  return { kind: 'unknown', ...way };
}

function sourceOf(call: ImportCall, origin: Origin): Holder {
  const { value, start } = origin;
  const way = wayOf(call, origin);
  if (value?.kind === 'content') return { kind: 'variable', address: value.of, ...way };
  if (value?.kind === 'result') return { kind: 'result', of: value.of, ...way };
  if (value?.kind === 'loaded' && value.from.kind === 'frame') {
    return { kind: 'frame', start, offset: value.from.offset, ...way };
  }
  return { kind: 'unknown', ...way };
}

/** One variable holds one thing, by however many ways it is made. */
export function distinct<Kept extends Holder>(holders: readonly Kept[]): Kept[] {
  const seen = new Set<string>();
  return holders.filter((holder) => {
    if (holder.kind === 'unknown' || holder.kind === 'result') return true;
    const key = holder.kind === 'variable' ? `${holder.address}` : `${holder.start} ${holder.offset}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** How many things there are. */
export const sumOf = (things: readonly { readonly count: number }[]): number =>
  things.reduce((sum, { count }) => sum + count, 0);

/** What a loop over an array reads lies behind where it begins; in bytes. */
const ARRAY = 4096;

/**
 * Whether one of these readers undoes what is held: a variable's content is what is read from it, in a loop from
 * what lies behind it too. What is held nowhere that is known may be read from anywhere; but if a loop makes it,
 * a single reading of a single variable does not undo all.
 */
export function isUndoneBy(made: Holder, readers: readonly Holder[]): boolean {
  if (readers.length === 0) return false;
  if (readers.some(({ kind }) => kind === 'unknown')) return true;
  if (made.isRepeated) {
    return readers.some(({ isRepeated }) => isRepeated) || distinct(readers).length > 1;
  }
  if (made.kind !== 'variable')
    return readers.some((reader) => reader.kind !== 'result' || isSame(made, reader));
  return readers.some(
    (reader) =>
      reader.kind === 'variable' &&
      (reader.address === made.address || (reader.isRepeated && isWithin(made, reader))),
  );
}

/**
 * The readers, where a loop over a table that nothing is put into by what makes it reads copies: of anything, by
 * code that notes down what was made elsewhere.
 */
export function ofCopies(readers: readonly Holder[], made: readonly Holder[]): Holder[] {
  const isFilled = (table: Variable) => made.some((holder) => isWithin(holder, table));
  return readers.map((reader) => {
    if (reader.kind !== 'variable' || !reader.isRepeated || isFilled(reader)) return reader;
    const { isRepeated, root, isAlways } = reader;
    return { kind: 'unknown', isRepeated, root, isAlways };
  });
}

type Variable = Extract<Holder, { kind: 'variable' }>;

const isWithin = (made: Holder, table: Variable) =>
  made.kind === 'variable' && made.address >= table.address && made.address < table.address + ARRAY;

/** Whether a reader reads from where it is held itself: in the frame of the same function, or at once. */
export function isSame(made: Holder, reader: Holder): boolean {
  if (made.kind === 'frame' && reader.kind === 'frame') {
    return made.start === reader.start && made.offset === reader.offset;
  }
  return made.kind === 'result' && reader.kind === 'result' && made.of === reader.of;
}
