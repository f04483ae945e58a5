import {
  type Argument,
  callArgument,
  callReturn,
  checkArgumentCount,
  type TemporaryCallback,
} from './arguments.ts';
import type { Address, Backend, CallOutcome } from './backend.ts';
import { type Callback, registerCallback, resultValue } from './callback.ts';
import { CallLimit, ProcessDied } from './errors.ts';
import type { Out } from './out.ts';
import { type FunctionType, isText, type Parameter } from './types/c-type.ts';
import { decode } from './types/decode.ts';
import type { ArgumentsOf, ResultOf } from './types/infer.ts';
import { type Value, ValueError } from './types/values.ts';

/** A C function that can be called. Rejects with `ValueError` for an argument that does not fit its type. */
export interface NativeFunction<Result = Value, Arguments extends readonly Argument[] = readonly Argument[]> {
  (...args: Arguments): Promise<Result>;
  readonly address: Address;
  readonly type: FunctionType;
  /** The same call, with errno(3) as it was right after it. */
  withErrno(...args: Arguments): Promise<{ readonly value: Result; readonly errno: number }>;
}

/** The function that a prototype written down in the program declares. */
export type FunctionOf<Prototype extends string> = NativeFunction<
  ResultOf<Prototype>,
  ArgumentsOf<Prototype>
>;

/** A prototype whose result the program names by a type argument, `Result`; without one no text will do. */
export type TextFor<Result> = [Result] extends [never] ? never : string;

/** Makes a function of an address. `check` throws when it must not be called any more. */
export function nativeFunction<Result>(
  backend: Backend,
  address: Address,
  type: FunctionType,
  check: () => void,
): NativeFunction<Result> {
  checkArgumentCount(type, backend);
  const places = type.parameters.map(placeOf);
  const returns = callReturn(type.result);
  const resultOf = ({ value }: CallOutcome) => resultValue(type.result, value) as Result;
  const call = async (values: readonly Argument[]): Promise<CallOutcome> => {
    check();
    checkCount(type, values);
    const temporary: Callback[] = [];
    const register: TemporaryCallback = (prototype, callee) => {
      const callback = registerCallback(backend, prototype, callee);
      temporary.push(callback);
      return callback.address;
    };
    try {
      const args = type.parameters.map((parameter, index) =>
        callArgument(parameter.type, values[index], places[index]!, register),
      );
      const outcome = await backend.call(address, args, returns);
      for (const [index, bytes] of outcome.returned) await fill(backend, values[index] as Out, bytes);
      return outcome;
    } catch (error) {
      // Made where the host was heard of: the stack of who waits for the call says more.
      if (error instanceof ProcessDied || error instanceof CallLimit) Error.captureStackTrace(error);
      throw error;
    } finally {
      for (const callback of temporary) callback.release();
    }
  };
  const plain = async (...args: readonly Argument[]) => resultOf(await call(args));
  const withErrno = async (...args: readonly Argument[]) => {
    const outcome = await call(args);
    return { value: resultOf(outcome), errno: outcome.errno };
  };
  return Object.assign(plain, { address, type, withErrno });
}

function checkCount({ parameters }: FunctionType, values: readonly Argument[]): void {
  if (values.length === parameters.length) return;
  const takes = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
  throw new ValueError('the call', `the function takes ${takes}, not ${values.length}`);
}

async function fill(backend: Backend, target: Out, bytes: Uint8Array): Promise<void> {
  target.value = await memoryValue(backend, target.type, bytes);
}

/** What stands in memory; for `char *` itself the string that it points to, as for a call's result. */
export async function memoryValue(backend: Backend, type: Out['type'], bytes: Uint8Array): Promise<Value> {
  const value = decode(type, bytes);
  if (!isText(type) || typeof value !== 'bigint') return value;
  return value === 0n ? null : await backend.readString(value);
}

const placeOf = ({ name }: Parameter, index: number) =>
  `argument ${index + 1}${name === undefined ? '' : ` (${name})`}`;
