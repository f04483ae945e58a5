import { callReturn } from './arguments.ts';
import type { Address, Backend, Callbacks } from './backend.ts';
import { type FunctionType, isText } from './types/c-type.ts';
import { integerBits, narrowed, realNumber, type Value, ValueError } from './types/values.ts';

// biome-ignore lint/suspicious/noExplicitAny: a callback takes what its prototype says.
export type Callee = (...args: any[]) => unknown;

/** A function of this program that foreign code can call, until it is released. */
export interface Callback extends Disposable {
  readonly address: Address;
  /** Once is enough; again does nothing. */
  release(): void;
}

/** Registers a function by its prototype: its arguments are values as a call's result is. */
export function registerCallback(backend: Backend, type: FunctionType, callee: Callee): Callback {
  const callbacks = callbacksOf(backend);
  const { parameters, result } = type;
  if (isText(result)) throw new ValueError('a callback', 'a string does not outlive it: return a void *');
  const returns = callReturn(result) as Exclude<ReturnType<typeof callReturn>, 'string'>;
  const shape = {
    parameters: parameters.map((parameter) => callReturn(parameter.type) as 'integer'),
    returns,
  };
  const address = callbacks.register(shape, (...raw) => {
    const value = callee(...raw.map((item, index) => resultValue(parameters[index]!.type, item)));
    if (result.kind === 'void') return undefined;
    const where = 'the result of a callback';
    if (result.kind === 'floating') return realNumber(result, value, where);
    return integerBits(result, value, where);
  });
  let isReleased = false;
  const release = () => {
    if (!isReleased) callbacks.release(address);
    isReleased = true;
  };
  return { address, release, [Symbol.dispose]: release };
}

/** What a register holds, seen as its type. */
export function resultValue(type: FunctionType['result'], raw: unknown): Value {
  if (typeof raw !== 'bigint') return raw as Value;
  switch (type.kind) {
    case 'bool':
      return BigInt.asUintN(8, raw) !== 0n;
    case 'integer':
      return narrowed(type, raw);
    default:
      return BigInt.asUintN(64, raw);
  }
}

function callbacksOf({ callbacks }: Backend): Callbacks {
  if (callbacks !== undefined) return callbacks;
  throw new Error(
    'the host process cannot call back into this program: openInProcess() can, or pass the address of a C function',
  );
}
