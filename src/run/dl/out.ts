import type { CType, TypeLike } from './types/c-type.ts';
import { typeOf } from './types/parse-declaration.ts';
import type { Value } from './types/values.ts';

/**
 * Memory for an argument: a call gets the address of a copy of `initial`, and what the callee left there is `value`
 * when the call is over. `char *` is read as the string it points to.
 */
export class Out {
  readonly type: CType;
  /** What goes in; undefined: zeros. */
  readonly initial: Value;
  /** Of the last call. */
  value: Value;

  constructor(type: CType, initial: Value) {
    this.type = type;
    this.initial = initial;
  }
}

/** `const length = out('int')`, `out('char[64]')`, `out(point, { x: 1, y: 2 })`. */
export const out = (type: TypeLike, initial?: Value): Out => new Out(typeOf(type), initial);
