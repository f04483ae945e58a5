import { type CureFacts, judgeCure } from '../analyses/guard/index.ts';
import { analyseSoak } from '../analyses/soak/index.ts';
import { DeclarationError, parseDeclaration, RTLD, ValueError } from '../run/dl/index.ts';
import { HostUnavailable } from '../run/native-host/host-program.ts';
import { planCall } from '../run/soak/plan-call.ts';
import { runSoak, type SoakPlan, SoakRefused } from '../run/soak/run-soak.ts';
import type { Context } from './context.ts';
import { InputError, UsageError } from './errors.ts';
import type { ReportContent } from './run-report.ts';

const ROUNDS = '600';
const MOST_ROUNDS = 1_000_000;
const THREADS = '8';
/** Seconds for one round. */
const TIME_LIMIT = 10;

export interface CureFlags {
  readonly entry: string;
  readonly prototype: string;
  readonly call: boolean;
  /** Preloaded for the second plugin only. */
  readonly preload?: string;
}

/** Soaks `BEFORE` and `AFTER`, `[ROUNDS]` times with `[THREADS]`, and holds one against the other. */
export async function verifyCure(
  context: Context,
  flags: CureFlags,
  [before, after, rounds = ROUNDS, threads = THREADS]: readonly string[],
): Promise<ReportContent<CureFacts>> {
  const count = Number(rounds);
  if (!/^\d+$/.test(rounds) || count < 1 || count > MOST_ROUNDS) {
    throw new UsageError(`'${rounds}' is no number of rounds from 1 to ${MOST_ROUNDS}`);
  }
  if (!/^\d+$/.test(threads)) throw new UsageError(`'${threads}' is no number of threads`);
  const { LD_PRELOAD } = process.env;
  const progress = await context.progress('rounds', 2 * count);
  const soak = async (path: string, done: number, preload: string | undefined) => {
    const environment = { ...process.env, LD_PRELOAD: preload };
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
    throw asTold(error);
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

function asTold(error: unknown): unknown {
  if (error instanceof HostUnavailable || error instanceof SoakRefused) return new InputError(error.message);
  if (error instanceof ValueError || error instanceof DeclarationError || error instanceof RangeError) {
    return new UsageError(error.message);
  }
  return error;
}
