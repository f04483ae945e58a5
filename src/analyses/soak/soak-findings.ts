import { baseName, type Evidence, type Finding, type FindingKind } from '../../model/index.ts';
import { LIBC_RULES, LIBCS } from '../unload/index.ts';
import type { Creator, Observation, SoakDeath } from './observation.ts';
import { quantity } from './quantity.ts';
import { lostSince, madeBy } from './resources.ts';
import type { ResourceFacts, ResourceName, SoakFacts } from './soak-facts.ts';

interface Advice {
  readonly kind: FindingKind;
  readonly fix: string;
}

const ADVICE: Readonly<Record<ResourceName, Advice>> = {
  keys: {
    kind: 'soak.thread-key',
    fix: 'delete the key in a destructor of the library; for a static C++ runtime link the shared one, or use solder guard',
  },
  threads: { kind: 'soak.thread', fix: 'end and join the thread before the library is closed' },
  fds: {
    kind: 'soak.descriptor',
    fix: 'close it in the function that opened it, or in a destructor of the library',
  },
  mappings: { kind: 'soak.mapping', fix: 'munmap it; join or detach threads, whose stacks stay otherwise' },
  heap: { kind: 'soak.memory', fix: 'free it, at the latest in a destructor of the library' },
  rss: { kind: 'soak.resident', fix: 'run longer, and with --attribute, to see what it belongs to' },
  linkmaps: { kind: 'soak.link-map', fix: 'close each library as often as it was opened' },
  // There is no TLS module without an object.
  tls: { kind: 'soak.link-map', fix: 'close each library as often as it was opened' },
  signals: {
    kind: 'soak.signal-handler',
    fix: 'restore what sigaction gave back, in a destructor of the library',
  },
};

/** A finding for each leak that stands for itself, for the end, and for a plugin that stays. */
export function soakFindings(facts: SoakFacts, observation: Observation): Finding[] {
  const name = baseName(facts.path);
  const leaks = facts.resources.filter(({ leaks, follows }) => leaks && follows === null);
  return [
    ...leaks.map((resource) => leakFinding(resource, facts, observation, name)),
    ...takenFindings(facts, observation, name),
    ...(facts.death === null ? [] : [deathFinding(facts.death, facts, name)]),
    ...staysFindings(facts, name),
  ];
}

function leakFinding(
  resource: ResourceFacts,
  facts: SoakFacts,
  observation: Observation,
  name: string,
): Finding {
  const { kind, fix } = ADVICE[resource.name];
  return {
    kind,
    severity: 'error',
    message:
      resource.name === 'signals'
        ? `${name}: leaves ${dispositions(observation, LEFT) || 'signals changed'}`
        : `${name}: loses ${quantity(resource.growthPerRound, resource.unit)} each round`,
    subject: name,
    object: facts.path,
    evidence: [...leakEvidence(resource, facts, observation)],
    fix,
  };
}

type SignalState = Observation['changedSignals'][number]['state'];

/** Signals by what is done with them now; empty where no signal has one of these states. */
function dispositions(
  { changedSignals }: Observation,
  states: readonly (readonly [SignalState, string])[],
): string {
  const texts = states.flatMap(([state, text]) => {
    const names = changedSignals.flatMap((signal) => (signal.state === state ? [signal.name] : []));
    return names.length === 0 ? [] : [`${names.join(', ')} ${text}`];
  });
  return texts.join(', and ');
}

const LEFT = [
  ['gone', 'with a handler of its own'],
  ['ignored', 'ignored'],
] as const;

const TAKEN = [
  ['default', 'with the default action'],
  ['handler', 'with a handler of a library that stays'],
] as const;

/** Nothing that is gone is called there, but what the host had set is lost. */
function takenFindings({ path }: SoakFacts, observation: Observation, name: string): Finding[] {
  const taken = dispositions(observation, TAKEN);
  if (taken === '') return [];
  const creators = observation.creators?.filter(({ resource }) => resource === 'taken') ?? [];
  return [
    {
      kind: 'soak.signal-changed',
      severity: 'warning',
      message: `${name}: leaves ${taken}, whatever the host had set`,
      subject: name,
      object: path,
      evidence: creators.map(makerEvidence),
      fix: 'keep what sigaction gives back, and restore that in a destructor of the library, instead of SIG_DFL',
    },
  ];
}

function* leakEvidence(
  resource: ResourceFacts,
  facts: SoakFacts,
  { unrecorded }: Observation,
): Generator<Evidence> {
  const { first, last, unit, since, exhaustedAtRound, creators } = resource;
  const rounds = facts.rounds.done;
  yield {
    text: `${quantity(first!, unit)} before, ${quantity(last!, unit)} after ${rounds} rounds, since round ${since}`,
  };
  const ends = LIBCS.flatMap((libc) => {
    const round = exhaustedAtRound[libc];
    return round === null ? [] : [`${round} (${LIBC_RULES[libc].title})`];
  });
  if (ends.length > 0) yield { text: `none is left in round ${ends.join(', ')}` };
  yield* (creators ?? []).map(makerEvidence);
  if (creators !== null && RECORDED.has(resource.name)) {
    const seen = creators.reduce((sum, creator) => sum + madeBy(creator, unit), 0);
    if (2 * seen < lostSince({ perRound: resource.growthPerRound, since }, rounds)) {
      const rest = creators.length === 0 ? 'them' : 'the others';
      yield { text: `who made ${rest} was not seen: that went past the functions that are recorded` };
    } else if (unrecorded > 0) {
      yield {
        text: `there are more than that: ${unrecorded} things were made that there was no room to record`,
      };
    }
  }
  for (const other of facts.resources) {
    if (!other.leaks || other.follows !== resource.name) continue;
    yield { text: `takes along ${other.name}: ${quantity(other.growthPerRound, other.unit)} each round` };
  }
}

function makerEvidence({
  object,
  function: symbol,
  address,
  file,
  line,
  count,
  bytes,
}: Omit<Creator, 'resource'>): Evidence {
  const source = file === null ? (address === null ? '' : ` at ${address}`) : ` at ${baseName(file)}:${line}`;
  const size = bytes === null ? '' : `, ${quantity(bytes, 'bytes')}`;
  return { text: `${count} made by ${symbol ?? 'code without a symbol'}${source}${size}`, object };
}

/** Of which the makers are told with `--attribute`. */
const RECORDED: ReadonlySet<ResourceName> = new Set<ResourceName & Creator['resource']>([
  ...(['keys', 'threads', 'fds', 'signals', 'mappings', 'heap'] as const),
]);

const DOING: Readonly<Record<SoakDeath['stage'], string>> = {
  before: 'before the first round',
  open: 'while it was opened',
  symbol: 'while its function was looked up',
  call: 'in its function',
  close: 'while it was closed',
  measure: 'after it was closed',
  exit: 'when the process ended, after all rounds',
};

function deathFinding(death: SoakDeath, facts: SoakFacts, name: string): Finding {
  const { round, stage, signal, reason, said } = death;
  const how = signal === null ? 'no further' : `dead by ${signal}`;
  return {
    kind: 'soak.died',
    severity: 'error',
    message: `${name}: ${how} in round ${round}, ${DOING[stage]}`,
    subject: name,
    object: facts.path,
    evidence: [{ text: reason }, ...(said === '' ? [] : [{ text: `it said: ${said}` }]), ...shortage(facts)],
    fix: 'mend what it leaks; a thread or handler of a library must not outlive it',
  };
}

/** What was used up when it ended. */
function shortage({ resources, rounds }: SoakFacts): Evidence[] {
  return resources.flatMap(({ name, unit, free, last, growthPerRound, exhaustedAtRound }) => {
    const predicted = exhaustedAtRound.glibc;
    const isShort =
      free === null
        ? predicted !== null && Math.abs(predicted - rounds.done) <= 2
        : free < Math.max(1, growthPerRound);
    return isShort
      ? [{ text: `no ${name} were left: ${quantity(last!, unit)} after round ${rounds.done}` }]
      : [];
  });
}

/** A plugin that stays is not loaded anew: its rounds but the first tell nothing about its constructors. */
function staysFindings({ path, stays }: SoakFacts, name: string): Finding[] {
  if (!stays.some((object) => baseName(object) === name)) return [];
  return [
    {
      kind: 'soak.stays',
      severity: 'warning',
      message: `${name}: stays in the process, however often it is closed`,
      subject: name,
      object: path,
      evidence: [{ text: `after the last dlclose these are still there: ${stays.map(baseName).join(', ')}` }],
      fix: 'solder unload tells what keeps it',
    },
  ];
}
