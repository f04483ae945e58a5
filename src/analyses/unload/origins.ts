import type { LocalPlace, OwnCall, Value } from '../../elf/code/index.ts';
import type { Callers } from './callers.ts';

/** A value as the function knows it that it comes from. */
export interface Origin {
  /** Never a parameter, or what is read behind one; undefined where nothing is known. */
  readonly value: Value | undefined;
  readonly start: number;
  /** A call on the way stands in a loop: there may be several such values. */
  readonly isRepeated: boolean;
  /** Every run of that function comes to it. */
  readonly isAlways: boolean;
}

/** Follows parameters from a function to those that call it. */
export type OriginsOf = (start: number, value: Value | undefined) => readonly Origin[];

/** Longer chains of calls, and more ways than these, are not followed. */
const DEPTH = 6;
const WAYS = 64;

/** What the values of an object's functions stand for. */
export function originsIn({ callersOf, ownCalls }: Callers): OriginsOf {
  const known = new Map<string, readonly Origin[]>();
  const follow = (start: number, value: Value | undefined, depth: number): readonly Origin[] => {
    const place = parameterOf(value);
    const here: Origin = {
      value: place === undefined ? value : undefined,
      start,
      isRepeated: false,
      isAlways: true,
    };
    if (place === undefined || depth === DEPTH) return [here];
    const key = `${start} ${place.index} ${place.offset} ${value?.kind}`;
    const found = known.get(key) ?? above(start, value, place, depth);
    const origins = found.length === 0 || found.length > WAYS ? [here] : found;
    known.set(key, origins);
    return origins;
  };
  const above = (start: number, value: Value | undefined, place: Parameter, depth: number): Origin[] => {
    const callers = callersOf(start);
    if (callers.length > WAYS) return [];
    return callers.flatMap((caller) =>
      ownCalls(caller, start).flatMap((call) =>
        follow(caller, handedIn(call, place, value), depth + 1).map((origin) => ({
          ...origin,
          isRepeated: origin.isRepeated || call.inLoop,
          isAlways: origin.isAlways && call.isAlways,
        })),
      ),
    );
  };
  return (start, value) => follow(start, value, 0);
}

type Parameter = Extract<LocalPlace, { kind: 'parameter' }>;

function parameterOf(value: Value | undefined): Parameter | undefined {
  if (value?.kind === 'parameter') return value;
  return value?.kind === 'loaded' && value.from.kind === 'parameter' ? value.from : undefined;
}

/** What a call hands in for a parameter, or what stands behind it. */
function handedIn(
  { args }: OwnCall,
  { index, offset }: Parameter,
  value: Value | undefined,
): Value | undefined {
  const handed = args[index];
  if (handed === undefined) return undefined;
  if (value?.kind === 'parameter' && offset === 0) return handed;
  const isAddress = value?.kind === 'parameter';
  switch (handed.kind) {
    case 'address': {
      const address = handed.address + offset;
      return isAddress ? { kind: 'address', address } : { kind: 'content', of: address };
    }
    case 'frame':
    case 'parameter': {
      const place = { ...handed, offset: handed.offset + offset };
      return isAddress ? place : { kind: 'loaded', from: place };
    }
    default:
      return undefined;
  }
}
