import type { DlCall, Finding } from '../../model/index.ts';
import { DlError, NotLoaded } from './errors.ts';

/** A call of the dlopen API that failed. */
export type DlFailure = {
  /** The text of dlerror(3). */
  readonly message: string;
  /** What was opened before and is still open; the handles are called `0`, `1` and so on. */
  readonly before: readonly DlCall[];
} & (
  | { readonly call: 'dlopen'; readonly file: string | null; readonly flags: number }
  | {
      readonly call: 'dlsym';
      /** The handle of a library in `before`, or RTLD_DEFAULT or RTLD_NEXT. */
      readonly handle: string | { readonly pseudo: 'default' | 'next' };
      readonly symbol: string;
      readonly version: string | undefined;
    }
);

/** Finds the cause of a failure. */
export type Explain = (failure: DlFailure) => readonly Finding[] | Promise<readonly Finding[]>;

/** Does it, and adds the cause to the error if it fails. */
export async function explained<T>(
  explain: Explain,
  action: Promise<T>,
  failure: (message: string) => DlFailure,
): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (!(error instanceof DlError) || error instanceof NotLoaded) throw error;
    const { message } = error;
    let findings: readonly Finding[];
    try {
      findings = await explain(failure(message));
    } catch (cause) {
      // The failure itself matters more than that nobody can explain it.
      throw new DlError(message, [], { cause });
    }
    throw new DlError(message, findings);
  }
}
