import { baseName } from '../../model/index.ts';
import { CURES, type Cures, GUARD_PLANS, type LoserFacts, type PlanFacts } from './guard-facts.ts';

/** What a plugin and its companions lose at each unload. */
export interface Losses {
  readonly plugin: string;
  /** One at least. */
  readonly losers: readonly LoserFacts[];
  /** Other things that are left and end a process: kinds of findings. */
  readonly others: readonly string[];
  /** Runtimes that are linked into the plugin. */
  readonly runtimes: readonly string[];
}

/** A plan that mends all keys leaves the other things as they are. */
const keysOnly = ({ others }: Losses): { cures: Cures; rest: string } =>
  others.length === 0 ? { cures: 'all', rest: '' } : { cures: 'some', rest: `; not ${others.join(', ')}` };

const names = (losers: readonly LoserFacts[]): string =>
  losers.map(({ object }) => baseName(object)).join(', ');

/** All plans that fit, the best first: what cures more, then what changes less for others than the plugin. */
export function plansFor(losses: Losses): PlanFacts[] {
  const plans = [
    guard(losses),
    ...(losses.runtimes.length === 0 ? [] : [sharedRuntime(losses)]),
    preload(losses),
    keep(),
    finalize(),
  ];
  const rank = ({ cures, plan }: PlanFacts) =>
    CURES.indexOf(cures) * GUARD_PLANS.length + GUARD_PLANS.indexOf(plan);
  return plans.sort((a, b) => rank(a) - rank(b));
}

function guard(losses: Losses): PlanFacts {
  const { losers, plugin } = losses;
  const elsewhere = losers.filter(({ object }) => object !== plugin);
  const isOwn = elsewhere.length < losers.length;
  const { cures, rest } = keysOnly(losses);
  const others = elsewhere.length === 0 ? '' : `; ${names(elsewhere)} would have to be guarded too`;
  return {
    plan: 'guard',
    cures: elsewhere.length === 0 ? cures : isOwn ? 'some' : 'nothing',
    effect: `${isOwn ? `the keys of ${baseName(plugin)} are deleted when it is unloaded` : 'no key is its own'}${others}${rest}`,
    needs: 'the plugin linked again; the host stays as it is',
    costs: '1 KB of code, 16 KB of zeros in memory',
  };
}

/** A shared runtime that comes and goes with the plugin would lose the same keys. */
function sharedRuntime(losses: Losses): PlanFacts {
  const { losers, plugin, runtimes } = losses;
  const own = losers.find(({ object }) => object === plugin);
  const isWhole = losers.length === 1 && own !== undefined && own.keys !== null && own.ofRuntime === own.keys;
  const isNone = own === undefined || own.ofRuntime === 0;
  const { cures, rest } = keysOnly(losses);
  return {
    plan: 'shared-runtime',
    cures: isNone ? 'nothing' : isWhole ? cures : 'some',
    effect: isNone
      ? 'the keys are not those of the runtime'
      : `${isWhole ? 'the keys are' : 'keys of the runtime are'} made once, by the shared runtime${rest}`,
    needs:
      'the plugin linked again; a runtime that stays: the host needs it too, or it is linked with -z nodelete',
    costs: `one version of ${runtimes.join(', ')} for host and plugins; one more file to ship`,
  };
}

function preload(losses: Losses): PlanFacts {
  const { cures, rest } = keysOnly(losses);
  return {
    plan: 'preload',
    cures,
    effect: `the keys of ${names(losses.losers)} are deleted after dlclose${rest}`,
    needs: 'the host started with LD_PRELOAD, or linked with the library; the plugin stays as it is',
    costs: 'a look at the list of libraries for each key that is made and each dlclose',
  };
}

const keep = (): PlanFacts => ({
  plan: 'keep',
  cures: 'all',
  effect: 'nothing is lost, since nothing is unloaded',
  needs: 'RTLD_NODELETE, one dlopen for the whole run, or the plugin linked with -z nodelete',
  costs: 'its memory stays, and a new build of the plugin is not seen before a restart',
});

const finalize = (): PlanFacts => ({
  plan: 'finalize',
  cures: 'nothing',
  effect: "__cxa_finalize runs exit handlers, which the plugin's start files do already; no key is deleted",
  needs: 'a destructor in the plugin',
  costs: 'nothing, and nothing is won',
});
