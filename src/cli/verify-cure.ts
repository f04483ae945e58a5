import { type CureFacts, judgeCure } from '../analyses/guard/index.ts';
import { analyseSoak } from '../analyses/soak/index.ts';
import { parseDeclaration, RTLD } from '../run/dl/index.ts';
import { planCall } from '../run/soak/plan-call.ts';
import { runSoak, type SoakPlan } from '../run/soak/run-soak.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import type { ReportContent } from './run-report.ts';
import { asSoakError, ROUNDS, readRounds, THREADS } from './soak-rounds.ts';

/** Seconds for one round. */
const TIME_LIMIT = 10;

export interface CureFlags {
  readonly entry: string;
  readonly prototype: string;
  readonly call: boolean;
  /** Preloaded for the second plugin only. */
  readonly preload?: string;
  readonly libraryPath?: string;
}

/** Soaks `BEFORE` and `AFTER`, `[ROUNDS]` times with `[THREADS]`, and holds one against the other. */
export async function verifyCure(
  context: Context,
  flags: CureFlags,
  [before, after, rounds = ROUNDS, threads = THREADS]: readonly string[],
): Promise<ReportContent<CureFacts>> {
  const count = readRounds(rounds);
  if (!/^\d+$/.test(threads)) throw new UsageError(`'${threads}' is no number of threads`);
  const { LD_PRELOAD } = process.env;
  const progress = await context.progress('rounds', 2 * count);
  const soak = async (path: string, done: number, preload: string | undefined) => {
    const paths = flags.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: flags.libraryPath };
    const environment = { ...process.env, ...paths, LD_PRELOAD: preload };
    const onProgress = (rounds: number) => progress.update(done + rounds, path);
    // A name without a slash is looked up by dlopen(3); here it is a file.
    const file = path.includes('/') ? path : `./${path}`;
    const plan = { ...planOf(flags, count, threads), path: file, host: { environment }, onProgress };
    return analyseSoak({ ...(await runSoak(plan)), path });
  };
  try {
    const first = await soak(before!, 0, LD_PRELOAD);
    const second = await soak(after!, count, flags.preload ?? LD_PRELOAD);
    return {
      targets: [before!, after!],
      looksFor: ['soak.*', 'guard.nothing-to-cure'],
      diagnostics: [],
      ...judgeCure(first, second),
    };
  } catch (error) {
    throw asSoakError(error);
  } finally {
    progress.stop();
  }
}

function planOf(
  { entry, prototype, call }: CureFlags,
  rounds: number,
  threads: string,
): Omit<SoakPlan, 'path' | 'host'> {
  const { type } = parseDeclaration(prototype);
  const takesThreads = type.kind === 'function' && type.parameters.length > 0;
  return {
    rounds,
    flags: RTLD.NOW,
    call: call ? planCall(entry, prototype, takesThreads ? [threads] : []) : null,
    hostRuntime: null,
    attribute: false,
    timeLimit: TIME_LIMIT,
  };
}
