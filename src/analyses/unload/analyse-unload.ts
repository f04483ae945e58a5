import { DF_1, SHN, symbolName } from '../../elf/index.ts';
import type { Diagnostic, Finding } from '../../model/index.ts';
import type { Fate } from './fate.ts';
import { countOfLeft, type Hazard, resourceHazards } from './hazards.ts';
import { callbackHazards } from './host-callbacks.ts';
import { exhaustedAtRound, type KeyLosses, keyLosses, keyLossesOfStaying } from './key-losses.ts';
import { type DerivedLibc, LIBC_RULES, LIBCS, type Libc } from './libc.ts';
import { traitsOf } from './more-hazards.ts';
import { type Pin, pinsOf, verdictOf } from './pins.ts';
import type { PluginCode } from './plugin-code.ts';
import { type Stages, stagesOf } from './stages.ts';
import type { HazardFacts, UnloadFacts, UnloadVerdict } from './unload-facts.ts';
import { dependencyFindings, hazardFinding, pinFinding, traitFinding } from './unload-findings.ts';

/** What is asked: one plugin, what goes with it, and where. */
export interface UnloadQuestion {
  readonly plugin: PluginCode;
  /** The libraries that come and go with the plugin. */
  readonly companions: readonly PluginCode[];
  readonly libc: Libc;
  readonly libcFrom: DerivedLibc['certainty'] | 'given';
  readonly libcEvidence: string;
  readonly host: string | undefined;
  /** undefined: the loader of this C library is not simulated. */
  readonly fate: Fate | { readonly refused: string } | undefined;
}

/** The answer: verdict, facts and findings. */
export interface UnloadAnalysis {
  readonly verdict: UnloadVerdict;
  readonly facts: UnloadFacts;
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Says whether dlclose unloads a plugin, and what stays behind, from files alone. */
export function analyseUnload(question: UnloadQuestion): UnloadAnalysis {
  const { plugin, companions, libc } = question;
  const rules = LIBC_RULES[libc];
  const refused =
    question.fate !== undefined && 'refused' in question.fate ? question.fate.refused : undefined;
  const fate = question.fate === undefined || 'refused' in question.fate ? undefined : question.fate;
  const stages = new Map<PluginCode, Stages | undefined>();
  for (const code of [plugin, ...companions]) stages.set(code, stagesOf(code));
  const pins = pinsOf(plugin, stages.get(plugin), rules, fate);
  const verdict = verdictOf(pins, refused === undefined);
  const isPinned = verdict === 'pinned';
  const isGone = definedBy(companions);
  const hazards = [...stages].flatMap(([code, read]) => [
    ...resourceHazards(code, read),
    ...callbackHazards(code, read, isGone),
  ]);
  const traits = traitsOf(plugin, stages.get(plugin), rules);
  return {
    verdict,
    facts: factsOf(question, verdict, pins, hazards, fate),
    findings: [
      ...pins.map((pin) => pinFinding(plugin, pin)),
      ...hazards.map((hazard) => hazardFinding(hazard, isPinned && hazard.code === plugin)),
      ...traits.map(traitFinding),
      ...(fate === undefined ? [] : dependencyFindings(plugin, fate)),
    ],
    diagnostics: [...diagnosticsOf(question, refused)],
  };
}

function definedBy(codes: readonly PluginCode[]): (name: string) => boolean {
  const names = new Set<string>();
  for (const { object } of codes) {
    for (let index = 1; index < object.symbols.count; index++) {
      if (object.symbols.section[index] !== SHN.UNDEF) names.add(symbolName(object.symbols, index));
    }
  }
  return (name) => names.has(name);
}

function* diagnosticsOf(
  { plugin, companions, fate, libc }: UnloadQuestion,
  refused: string | undefined,
): Generator<Diagnostic> {
  if (refused !== undefined) {
    yield { level: 'warning', message: `cannot be opened: ${refused}`, object: plugin.path };
  }
  if (fate === undefined && LIBC_RULES[libc].unloads) {
    const message = `the loader of ${LIBC_RULES[libc].title} is not simulated: judged by this file alone, without what it needs`;
    yield { level: 'warning', message, object: plugin.path };
  }
  for (const { map, path } of [plugin, ...companions]) {
    if (map !== undefined) continue;
    const message =
      'machine code of this kind is not read: what the library leaves behind is told by its imports';
    yield { level: 'warning', message, object: path };
  }
}

function factsOf(
  { plugin, libc, libcFrom, libcEvidence, host }: UnloadQuestion,
  verdict: UnloadVerdict,
  pins: readonly Pin[],
  hazards: readonly Hazard[],
  fate: Fate | undefined,
): UnloadFacts {
  const isPinned = (other: Libc) =>
    other === libc ? verdict === 'pinned' : isPinnedElsewhere(plugin, other);
  const lossesWith = (other: Libc) =>
    isPinned(other) ? lossesOfPinned(plugin, hazards) : keyLosses(hazards);
  return {
    path: plugin.path,
    host: host ?? null,
    libc,
    libcFrom,
    libcEvidence,
    unloads: verdict === 'unknown' ? null : verdict === 'unloads',
    pins: pins.map(({ kind, certainty, symbol }) => ({
      kind,
      certainty,
      ...(symbol === undefined ? {} : { symbol }),
    })),
    unloaded: fate === undefined ? null : fate.unloaded.map(({ path }) => path),
    stays:
      fate === undefined
        ? []
        : fate.added.filter((object) => !fate.unloaded.includes(object)).map(({ path }) => path),
    staticRuntimes: plugin.runtimes,
    hazards: hazards.map(hazardFacts),
    keysPerRound: lossesWith(libc),
    keysMax: Object.fromEntries(LIBCS.map((name) => [name, LIBC_RULES[name].keys])) as Record<Libc, number>,
    exhaustedAtRound: exhaustedAtRound(lossesWith),
  };
}

/** The plugin stays, and what comes along with it goes or not: by then its keys count as lost. */
function lossesOfPinned(plugin: PluginCode, hazards: readonly Hazard[]): KeyLosses {
  const others = keyLosses(hazards.filter(({ code }) => code !== plugin));
  const own = keyLossesOfStaying(hazards.filter(({ code }) => code === plugin));
  return { min: others.min, max: others.max === null ? null : others.max + (own.max ?? 0) };
}

/** Another C library's loader is asked by the file alone. */
function isPinnedElsewhere({ object }: PluginCode, libc: Libc): boolean {
  return !LIBC_RULES[libc].unloads || (object.flags1 & DF_1.NODELETE) !== 0;
}

function hazardFacts(hazard: Hazard): HazardFacts {
  const { kind, severity, code, stage, undone, sites } = hazard;
  return {
    kind,
    severity,
    object: code.path,
    when: stage,
    undone,
    count: countOfLeft(hazard),
    sites: sites.map(({ call, start, way }) => ({
      function: code.nameOf(start),
      address: `0x${call.at.toString(16)}`,
      calls: call.name,
      way,
    })),
  };
}
