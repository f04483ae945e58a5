import { loadContext, type SystemTargets } from '../../../src/host/index.ts';
import { type DlSession, startSession } from '../../../src/loader/index.ts';
import type { DlCall, OpenMode } from '../../../src/model/index.ts';
import { Farm } from '../farm.ts';
import { Random } from '../random.ts';
import { runDifferences } from './compare.ts';
import { observe } from './observe.ts';
import { predict } from './predict.ts';
import { type Library, NAMES, type RandomLibraries, randomLibraries, VERSIONS } from './random-libraries.ts';

/** What comparing some sequences of calls over one set of libraries gave. */
export interface SessionComparison {
  readonly sequences: number;
  readonly calls: number;
  /** Programs that neither loader starts. */
  readonly unstarted: number;
  readonly differences: readonly string[];
}

/** Makes libraries up by chance, and sequences of calls that open, close and use them; asks both loaders. */
export function compareSessions(seed: number, sequences: number): SessionComparison {
  const random = new Random(seed);
  using farm = new Farm();
  const made = randomLibraries(random, farm);
  const differences: string[] = [];
  let calls = 0;
  let unstarted = 0;
  for (let at = 0; at < sequences; at++) {
    const context = loadContext({});
    const bindNow = random.chance(0.15);
    const sequence = randomCalls(random, farm, { made, context, bindNow });
    const predicted = predict(made.program, sequence, { bindNow }, context);
    const real = observe(made.program, sequence, { env: bindNow ? { LD_BIND_NOW: '1' } : {} });
    if (predicted.session.refusal !== undefined) {
      unstarted++;
      const words = real.lastWords?.replace(`${made.program}: `, '').replace(/\.c: \d+:/, '.c:');
      if (words !== predicted.session.refusal) {
        differences.push(`seed ${seed}.${at} start: - ${words}`, `+ ${predicted.session.refusal}`);
      }
      continue;
    }
    calls += predicted.outcomes.length;
    const found = runDifferences(predicted, real, sequence);
    differences.push(...found.map((line) => `seed ${seed}.${at} ${line.replaceAll(farm.directory, '.')}`));
  }
  return { sequences, calls, unstarted, differences };
}

/** Calls that a program may make: none on a handle that is gone, none of code that is not there. */
function randomCalls(
  random: Random,
  farm: Farm,
  { made, context, bindNow }: { made: RandomLibraries; context: SystemTargets; bindNow: boolean },
): DlCall[] {
  const target = context.openTarget(made.program);
  if (target.kind !== 'dynamic') throw new Error('no program');
  const session = startSession(context, target.object, made.program, { bindNow });
  if (session.refusal !== undefined) return [];
  const calls: DlCall[] = [];
  const handles: string[] = [];
  const length = random.integer(6, 24);
  while (calls.length < length) {
    const call = randomCall(random, farm, { made, session, handles });
    if (call === undefined) continue;
    const outcome = session.perform(call);
    // A program that calls NULL, or something that the linker has bound already, tells nothing.
    const isRefused = outcome.result === 'refused';
    if (call.call === 'use' && isRefused && !outcome.message.startsWith('symbol lookup')) continue;
    calls.push(call);
    if (call.call === 'dlopen') handles.push(call.handle);
    if (isRefused && /^(symbol lookup|Inconsistency)/.test(outcome.message)) break;
  }
  return calls;
}

interface Situation {
  readonly made: RandomLibraries;
  readonly session: DlSession;
  readonly handles: readonly string[];
}

function randomCall(random: Random, farm: Farm, situation: Situation): DlCall | undefined {
  const { made, session, handles } = situation;
  const alive = handles.filter((name) => session.handle(name) !== undefined);
  const kind = random.next();
  if (kind < 0.4 || alive.length === 0) {
    return randomOpen(random, farm, made.libraries, { name: `h${handles.length}`, alive });
  }
  if (kind < 0.62) return { call: 'dlclose', handle: random.pick(alive) };
  if (kind < 0.85) {
    const handle = random.chance(0.7)
      ? random.pick(alive)
      : { pseudo: random.pick(['default', 'next'] as const) };
    const version = random.chance(0.2) ? { version: random.pick([...VERSIONS, 'V9']) } : {};
    return { call: 'dlsym', handle, symbol: random.pick([...NAMES, 'nothing']), ...version };
  }
  const loaded = session.linkMap().map(({ path }) => path);
  const callers = made.libraries.filter(
    ({ name, calls }) => calls.length > 0 && loaded.includes(farm.path(name)),
  );
  if (callers.length === 0) return undefined;
  const { name, calls } = random.pick(callers);
  return { call: 'use', object: farm.path(name), symbol: random.pick(calls) };
}

function randomOpen(
  random: Random,
  farm: Farm,
  libraries: readonly Library[],
  { name, alive }: { name: string; alive: readonly string[] },
): DlCall {
  const mode: OpenMode = {
    now: random.chance(0.4),
    global: random.chance(0.3),
    deepBind: random.chance(0.12),
    noDelete: random.chance(0.06),
    noLoad: random.chance(0.08),
    noBinding: random.chance(0.02),
  };
  const library = random.pick(libraries).name;
  const file = random.pick([library, farm.path(library), farm.path(library), farm.path(library)]);
  const isProgram = random.chance(0.04);
  const isMissing = random.chance(0.03);
  const call = {
    call: 'dlopen',
    file: isProgram ? null : isMissing ? farm.path('libnone.so') : file,
    mode,
    handle: name,
  } as const;
  if (!random.chance(0.12)) return call;
  const of = alive.length > 0 && random.chance(0.6) ? { of: random.pick(alive) } : ('new' as const);
  return { ...call, namespace: of, mode: { ...mode, global: random.chance(0.1) } };
}
