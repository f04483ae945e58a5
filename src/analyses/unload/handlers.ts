import type { CodeMap, ImportCall, Value } from '../../elf/code/index.ts';
import type { PlacedCall } from './holders.ts';

/**
 * What a call makes a handler of signals or errors: a function of the object, something else (the default, none,
 * the former one), or nothing, as it only asks.
 */
type Set = 'own' | 'other' | 'asks';

/** Offsets of the handler in `struct sigaction`: glibc and musl, and bionic for 64-bit machines. */
const HANDLER_OFFSETS = [0, 8];

/** Whether a call hands over a function of the object. */
export const setsOwn = (map: CodeMap, placed: PlacedCall): boolean => whatIsSet(map, placed) === 'own';

/** Whether one call takes back what another one has set: it concerns the same signal and sets no function of the object. */
export function setsBack(map: CodeMap, made: PlacedCall, other: PlacedCall): boolean {
  if (whatIsSet(map, other) !== 'other') return false;
  const isSignal = takesSignal(made.call);
  if (isSignal !== takesSignal(other.call)) return false;
  if (!isSignal) return made.call.name === other.call.name;
  const [one, two] = [made.call.args[0], other.call.args[0]];
  return one?.kind !== 'number' || two?.kind !== 'number' || one.number === two.number;
}

const takesSignal = ({ name }: ImportCall) => !name.startsWith('_Z') && name !== 'putenv';

function whatIsSet(map: CodeMap, { call, start }: PlacedCall): Set {
  if (call.name === 'sigaction') return whatSigactionSets(map, call, start);
  const handler = call.args[takesSignal(call) ? 1 : 0];
  // putenv keeps the text itself.
  if (call.name === 'putenv') return handler?.kind === 'address' ? 'own' : 'other';
  return handler?.kind === 'address' && map.functions.has(handler.address) ? 'own' : 'other';
}

/** sigaction(2) takes a structure, which the function fills before it calls. */
function whatSigactionSets(map: CodeMap, call: ImportCall, start: number): Set {
  const action = call.args[1];
  if (action?.kind === 'number') return 'asks';
  const handlers = HANDLER_OFFSETS.flatMap((offset): Value[] => {
    const value = handlerAt(map, call, action, offset);
    return value === undefined ? [] : [value];
  });
  if (handlers.some((value) => value.kind === 'address' && map.functions.has(value.address))) return 'own';
  if (handlers.length > 0 || isFormerAction(map, call, start)) return 'other';
  return map.functions.get(start)!.refers.size > 0 ? 'own' : 'other';
}

function handlerAt(
  map: CodeMap,
  { written }: ImportCall,
  action: Value | undefined,
  offset: number,
): Value | undefined {
  if (action?.kind === 'frame') return written[1]?.get(offset);
  const own = action?.kind === 'address' ? map.slots.own.get(action.address + offset) : undefined;
  return own === undefined ? undefined : { kind: 'address', address: own };
}

/** Whether the structure is one into which sigaction has put the former handler. */
function isFormerAction(map: CodeMap, call: ImportCall, start: number): boolean {
  const action = call.args[1];
  if (action?.kind === 'frame') {
    return map.functions.get(start)!.imports.some(({ name, args: [, , former] }) => {
      return name === 'sigaction' && former?.kind === 'frame' && former.offset === action.offset;
    });
  }
  return action?.kind === 'address' && formerActions(map).has(action.address);
}

const known = new WeakMap<CodeMap, ReadonlySet<number>>();

/** Variables into which sigaction puts former handlers. */
function formerActions(map: CodeMap): ReadonlySet<number> {
  const found = known.get(map) ?? new Set(collectFormer(map));
  known.set(map, found);
  return found;
}

function* collectFormer({ functions }: CodeMap): Generator<number> {
  for (const { imports } of functions.values()) {
    for (const { name, args } of imports) {
      const former = args[2];
      if (name === 'sigaction' && former?.kind === 'address') yield former.address;
    }
  }
}
