import { callArgument, callReturn } from '../dl/arguments.ts';
import { type CType, type FunctionType, isText, parseDeclaration, ValueError } from '../dl/index.ts';
import { typedArgument } from '../load/argument-text.ts';
import type { SoakPlan } from './run-soak.ts';

/**
 * The call that a prototype such as `int(int)` and arguments as they are typed make. Throws `DeclarationError`
 * and `ValueError`.
 */
export function planCall(
  entry: string,
  prototype: string,
  args: readonly string[],
): NonNullable<SoakPlan['call']> {
  const { type } = parseDeclaration(prototype);
  if (type.kind !== 'function')
    throw new ValueError('--prototype', `'${prototype}' is not that of a function`);
  return {
    entry,
    args: argumentsOf(type, args),
    returns: isText(type.result) ? 'integer' : callReturn(type.result),
    show: shownAs(type.result),
  };
}

function argumentsOf({ parameters }: FunctionType, args: readonly string[]) {
  if (args.length !== parameters.length) {
    const wanted = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
    throw new ValueError('--prototype', `the function takes ${wanted}, not ${args.length}: see --argument`);
  }
  return parameters.map(({ type }, index) => {
    const where = `argument ${index + 1}`;
    const typed = typedArgument(type, args[index]!, where);
    if ('addressOf' in typed) throw new ValueError(where, 'the library has another address each round');
    return callArgument(type, typed.value, where, () => {
      throw new ValueError(where, 'a function cannot be typed');
    });
  });
}

/** Pointers differ from round to round, and tell nothing. */
function shownAs(result: CType): ((bits: bigint) => string) | undefined {
  if (result.kind === 'bool') return (bits) => String((bits & 0xffn) !== 0n);
  if (result.kind !== 'integer') return undefined;
  const { size, signed } = result;
  return (bits) => String(signed ? BigInt.asIntN(8 * size, bits) : BigInt.asUintN(8 * size, bits));
}
