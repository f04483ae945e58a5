import type { LoadContext } from '../../loader/index.ts';
import type { DlCall, DynamicObject } from '../../model/index.ts';

/** What a prediction starts from. */
export interface ProcessInput {
  readonly context: LoadContext;
  readonly root: DynamicObject;
  readonly path: string;
  readonly symbols: readonly string[];
  /** LD_BIND_NOW is set. */
  readonly bindNow: boolean;
  /** What the program calls of the dlopen API. */
  readonly calls: readonly DlCall[];
}
