import type { SoakFacts } from '../soak/index.ts';
import type { Libc } from '../unload/index.ts';

/** The ways to keep a process from running out of thread keys. */
export const GUARD_PLANS = ['guard', 'shared-runtime', 'preload', 'keep', 'finalize'] as const;
export type GuardPlan = (typeof GUARD_PLANS)[number];

/** How much of what the plugin leaves behind at an unload a plan mends. */
export const CURES = ['all', 'some', 'nothing'] as const;
export type Cures = (typeof CURES)[number];

/** One plan, for one plugin. */
export interface PlanFacts {
  readonly plan: GuardPlan;
  readonly cures: Cures;
  /** What it does to the losses of this plugin. */
  readonly effect: string;
  readonly needs: string;
  readonly costs: string;
}

/** An object whose keys are lost when it is unloaded. */
export interface LoserFacts {
  readonly object: string;
  /** Places in its code that create a key which stays; null where the code is not read. */
  readonly keys: number | null;
  /** Of these, the ones in a C++ runtime that was linked in; null where no symbol tells. */
  readonly ofRuntime: number | null;
}

/** What `facts` of `guard advise` holds. */
export interface AdviceFacts {
  readonly verb: 'advise';
  readonly path: string;
  readonly libc: Libc;
  /** null: nothing is lost. */
  readonly recommended: GuardPlan | null;
  /** Why nothing has to be done, or why this plan. */
  readonly reason: string;
  readonly losers: readonly LoserFacts[];
  readonly staticRuntimes: readonly string[];
  /** What else it leaves behind that breaks a process: kinds of findings. */
  readonly others: readonly string[];
  /** From the best plan to the least; empty when nothing is lost. */
  readonly plans: readonly PlanFacts[];
}

/** What a comparison of two soaks proves. */
export type CureVerdict = 'cured' | 'not-cured' | 'nothing-to-cure';

/** What `facts` of `guard verify` holds. */
export interface CureFacts {
  readonly verb: 'verify';
  readonly before: SoakFacts;
  readonly after: SoakFacts;
}
