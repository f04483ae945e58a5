import { baseName, type Finding } from '../../model/index.ts';
import { bundledFindings } from '../exports/bundled.ts';
import { counted } from '../exports/finding-text.ts';
import { exportingObject } from '../exports/library.ts';
import {
  type HazardFacts,
  LIBC_RULES,
  type PluginCode,
  type UnloadAnalysis,
  type UnloadQuestion,
} from '../unload/index.ts';
import type { AdviceFacts, GuardPlan, LoserFacts } from './guard-facts.ts';
import { type Losses, plansFor } from './plans.ts';

/** What is lost, which plans there are, and the findings about the plugin with the plan as their fix. */
export interface GuardAdvice {
  /** `unknown`: it makes keys, and could not be opened to see what becomes of them. */
  readonly verdict: GuardPlan | 'none' | 'unknown';
  readonly facts: AdviceFacts;
  readonly findings: readonly Finding[];
}

/** Names that belong to libc++, libc++abi, libstdc++, libgcc's emulated thread-local storage or Boost.Thread. */
const RUNTIME_FUNCTION = /^(_ZN?K?S[tabsiod]|_ZN10__cxxabiv1|_ZN9__gnu_cxx|_ZN5boost|__cxa_|__?emutls)/;

/** Picks a plan from what the analysis of unloading found about a plugin and what goes with it. */
export function adviseGuard(question: UnloadQuestion, analysis: UnloadAnalysis): GuardAdvice {
  const { plugin } = question;
  const { facts, verdict } = analysis;
  const losers =
    verdict === 'pinned' ? losersOf(question, facts.hazards, plugin) : losersOf(question, facts.hazards);
  const others = otherErrors(facts.hazards, verdict === 'pinned' ? plugin : undefined);
  const losses: Losses = {
    plugin: plugin.path,
    losers,
    others,
    runtimes: plugin.runtimes.map(({ name }) => name),
  };
  const plans = losers.length === 0 ? [] : plansFor(losses);
  const recommended = plans[0]?.plan ?? null;
  return {
    verdict: recommended ?? (isUnknown(analysis) ? 'unknown' : 'none'),
    facts: {
      verb: 'advise',
      path: plugin.path,
      libc: question.libc,
      recommended,
      reason: plans[0]?.effect ?? reasonForNothing(question, analysis),
      losers,
      staticRuntimes: losses.runtimes,
      others,
      plans,
    },
    findings: [
      ...analysis.findings.map((finding) => withFix(finding, recommended)),
      ...bundledFindings(exportingObject(plugin.object, plugin.path)),
    ],
  };
}

/** Keys that a table of functions alone leads to are not expected to be lost. */
const counts = ({ kind, severity }: HazardFacts) => kind === 'unload.thread-key' && severity !== 'note';

function losersOf(
  { plugin, companions }: UnloadQuestion,
  hazards: readonly HazardFacts[],
  except?: PluginCode,
): LoserFacts[] {
  return [plugin, ...companions]
    .filter((code) => code !== except)
    .flatMap(({ path, runtimes }): LoserFacts[] => {
      const lost = hazards.filter((hazard) => hazard.object === path && counts(hazard));
      if (lost.length === 0) return [];
      if (lost.some(({ when }) => when === 'unread')) return [{ object: path, keys: null, ofRuntime: null }];
      const functions = lost.flatMap(({ sites }) => sites.map((site) => site.function));
      const isNamed = functions.every((name) => !name.startsWith('0x'));
      const ofRuntime =
        runtimes.length === 0 ? 0 : functions.filter((name) => RUNTIME_FUNCTION.test(name)).length;
      // Several places may make the key that one variable holds.
      const keys = lost.reduce((sum, { count }) => sum + count, 0);
      return [{ object: path, keys, ofRuntime: isNamed ? Math.min(keys, ofRuntime) : null }];
    });
}

/** What ends a process at an unload and is no key. */
function otherErrors(hazards: readonly HazardFacts[], except?: PluginCode): string[] {
  const errors = hazards.filter(
    ({ kind, severity, object }) =>
      severity === 'error' && kind !== 'unload.thread-key' && object !== except?.path,
  );
  return [...new Set(errors.map(({ kind }) => kind))].sort();
}

const isUnknown = ({ verdict, facts }: UnloadAnalysis): boolean =>
  verdict === 'unknown' && facts.hazards.some(({ kind }) => kind === 'unload.thread-key');

function reasonForNothing({ plugin, libc }: UnloadQuestion, analysis: UnloadAnalysis): string {
  const { verdict, facts } = analysis;
  if (isUnknown(analysis))
    return 'it makes keys; what becomes of them is not known, since it could not be opened: see --sysroot, --library-path';
  if (verdict === 'pinned') {
    return LIBC_RULES[libc].unloads
      ? `it stays loaded (${facts.pins.map(({ kind }) => kind).join(', ')}): what it makes is made once`
      : `${LIBC_RULES[libc].title} never unloads a library: what it makes is made once`;
  }
  const kept = facts.hazards.filter(({ kind }) => kind === 'unload.thread-key');
  if (kept.length > 0)
    return 'its keys are deleted by what the host calls, or made by code that nothing calls';
  const makes = plugin.imports.has('pthread_key_create') || plugin.imports.has('tss_create');
  return makes ? 'every key that it makes is deleted when it is unloaded' : 'it makes no keys';
}

const FIXES: Readonly<Record<GuardPlan, string>> = {
  guard: 'solder guard build, then link guard.o into the library with $(solder guard flags)',
  'shared-runtime': 'link the shared C++ runtime that the host has',
  preload: 'solder guard preload, then start the host with LD_PRELOAD=./libsolder-guard.so',
  keep: 'open it once and keep it: RTLD_NODELETE, -Wl,-z,nodelete',
  finalize: 'link with the compiler driver',
};

function withFix(finding: Finding, plan: GuardPlan | null): Finding {
  if (plan === null || finding.kind !== 'unload.thread-key' || finding.severity === 'note') return finding;
  return { ...finding, fix: FIXES[plan] };
}

/** `2 keys of libone.so`. */
export const lostText = ({ object, keys }: LoserFacts): string =>
  keys === null ? `keys of ${baseName(object)}` : `${counted(keys, 'key')} of ${baseName(object)}`;
