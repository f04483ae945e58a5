import { Script } from 'node:vm';
import { FormatError } from '../src/bytes/index.ts';
import { metered } from './allocation-meter.ts';
import type { Target } from './targets.ts';

/** No input is worth more; a timer in another thread ends what takes longer. */
const MAX_MILLISECONDS = 1000;
/** Columns of a file of `size` bytes: each table once or twice, some of them for each of its sections. */
const maxColumnBytes = (size: number): number => 1_000_000 + 256 * size;

let step: () => void = () => {};
Object.defineProperty(globalThis, 'solderFuzzStep', { value: () => step() });
const script = new Script('solderFuzzStep()');

/** What went wrong, or undefined when the target gave a result or refused the input as it should. */
export function execute(target: Target, bytes: Uint8Array): Error | undefined {
  step = () => metered(() => target.run(bytes), (target.fixedColumns ?? 0) + maxColumnBytes(bytes.length));
  try {
    script.runInThisContext({ timeout: MAX_MILLISECONDS });
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    return error instanceof Error ? error : new Error(String(error));
  }
}
