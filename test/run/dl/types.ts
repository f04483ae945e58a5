import fc from 'fast-check';
import { BOOL, type CType, DOUBLE, FLOAT, INTEGERS, VOID } from '../../../src/run/dl/index.ts';

const integers = fc.constantFrom(...INTEGERS.values());
/** Types that a register holds, without pointers. */
const scalars: fc.Arbitrary<CType> = fc.oneof(integers, fc.constantFrom<CType>(BOOL, FLOAT, DOUBLE));
const opaque = fc
  .constantFrom('struct node', 'union any', 'FILE', 'sqlite3', 'long double', 'double _Complex')
  .map((name): CType => ({ kind: 'opaque', name }));

/** Parameters with a name or without one; C allows a name once. */
const parametersOf = (type: fc.Arbitrary<CType>, maxLength: number) =>
  fc
    .array(fc.record({ name: fc.option(fc.constantFrom('a', 'b_', 'compare'), { nil: undefined }), type }), {
      maxLength,
    })
    .map((parameters) =>
      parameters.map(({ name, type: own }, index) => ({ name: name && `${name}${index}`, type: own })),
    );

/** Every type that C's text can name and that has a value, a few levels deep. */
export const valueTypes: fc.Arbitrary<CType> = fc.letrec<{
  value: CType;
  pointer: CType;
  array: CType;
  function: CType;
}>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, tie('pointer')),
  pointer: fc
    .oneof(fc.constant<CType>(VOID), opaque, tie('value'), tie('array'), tie('function'))
    .map((to): CType => ({ kind: 'pointer', to })),
  array: fc
    .record({ of: fc.oneof(tie('value'), tie('array')), length: fc.nat(99) })
    .map(({ of, length }): CType => ({ kind: 'array', of, length })),
  function: fc
    .record({
      result: fc.oneof(fc.constant<CType>(VOID), tie('value')),
      parameters: parametersOf(tie('value'), 4),
    })
    .map(({ result, parameters }): CType => ({ kind: 'function', result, parameters })),
})).value;

/** Prototypes. */
export const prototypes: fc.Arbitrary<CType> = fc
  .record({
    result: fc.oneof(fc.constant<CType>(VOID), valueTypes),
    parameters: parametersOf(valueTypes, 8),
  })
  .map(({ result, parameters }): CType => ({ kind: 'function', result, parameters }));
