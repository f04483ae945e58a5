import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation, SoakDeath } from '../../analyses/soak/observation.ts';
import { type CallArgument, type CallReturn, RTLD } from '../dl/backend.ts';
import { DlError, ProcessDied } from '../dl/errors.ts';
import { signalName } from '../native-host/signal-name.ts';
import type { SoakEnd } from '../native-host/soak-operation.ts';
import { type HostBackend, type HostOptions, startHost } from '../native-host/start-host.ts';
import { makeScratch } from '../scratch.ts';
import { bundledRuntime } from './bundled-runtime.ts';
import { creatorsOf } from './creators.ts';
import { LastLine } from './last-line.ts';
import { kernelLimits } from './limits.ts';
import { makeRecorderFile, readRecorderFile, type Survivor } from './recorder-file.ts';
import { recorderLibrary } from './recorder-library.ts';
import { SoakRecords } from './records.ts';
import { refusal } from './refusal.ts';

/** What is to be soaked, and how. */
export interface SoakPlan {
  readonly path: string;
  readonly rounds: number;
  /** Flags of dlopen(3). */
  readonly flags: number;
  /** The function to call in each round; null: none. */
  readonly call: {
    readonly entry: string;
    readonly args: readonly CallArgument[];
    readonly returns: CallReturn;
    /** A result's eight bytes as text; undefined: it is not worth telling. */
    readonly show?: ((bits: bigint) => string) | undefined;
  } | null;
  /** A library that is opened before, with RTLD_GLOBAL, and stays. */
  readonly hostRuntime: string | null;
  /** Whether the makers of what stays are recorded. */
  readonly attribute: boolean;
  /** Seconds that one round may take. */
  readonly timeLimit: number;
  readonly host: Pick<HostOptions, 'environment' | 'memoryLimit'>;
  /** Completed rounds, several times a second. */
  readonly onProgress?: (done: number) => void;
}

/** The plugin cannot be opened, or has not got the function, in the first round: nothing can be said about it. */
export class SoakRefused extends Error {
  override readonly name = 'SoakRefused';
}

/** Milliseconds between two looks at the records. */
const LOOK = 100;
const MOST_KEYS = 1024;

/** Rejects with `SoakRefused` and `HostUnavailable`. The end of the plugin's process is a result. */
export async function runSoak(plan: SoakPlan): Promise<Observation> {
  using scratch = makeScratch('soak');
  using records = new SoakRecords(join(scratch.directory, 'records'), plan.rounds);
  const recorder = plan.attribute ? join(scratch.directory, 'recorder') : undefined;
  const environment = await environmentOf(plan, scratch.directory, recorder);
  const heard = new LastLine();
  await using host = await startHost({ ...plan.host, environment, output: heard.listen });
  if (plan.hostRuntime !== null) await openRuntime(host, plan.hostRuntime);
  const before = new Set((await host.images()).images.map(({ name }) => name));
  const earlier = recorder === undefined ? undefined : readRecorderFile(recorder);
  const outcome = await soak(host, plan, records);
  const stays = 'death' in outcome ? [] : await newObjects(host, before);
  const later = recorder === undefined ? undefined : readRecorderFile(recorder);
  const death = 'death' in outcome ? outcome.death : await endOf(host, plan.rounds);
  const { series, results } = records.series();
  const changedSignals = 'end' in outcome ? outcome.end.changedSignals : [];
  return {
    path: plan.path,
    entry: plan.call?.entry ?? null,
    hostRuntime: plan.hostRuntime,
    rounds: plan.rounds,
    series,
    results: plan.call?.show === undefined ? [] : textsOf(results, plan.call.show),
    mostKeys: 'end' in outcome ? outcome.end.mostKeys : MOST_KEYS,
    limits: kernelLimits(),
    changedSignals: changedSignals.map(({ number, state }) => ({ name: signalName(number), state })),
    stays,
    death: death === null ? null : { ...death, said: heard.lastLine },
    creators:
      earlier === undefined || later === undefined
        ? null
        : creatorsOf(ofChangedSignals(later.survivors.filter(isNew(earlier.survivors)), changedSignals), {
            object: plan.path,
            function: plan.call?.entry ?? null,
          }),
    unrecorded: later?.missed ?? 0,
  };
}

/** Most calls return the same as the one before. */
function textsOf(results: BigUint64Array, show: (bits: bigint) => string): string[] {
  let last: { bits: bigint; text: string } | undefined;
  return Array.from(results, (bits) => {
    if (last?.bits !== bits) last = { bits, text: show(bits) };
    return last.text;
  });
}

/** Whether a thing was made since: the host itself has made some when it started. */
function isNew(earlier: readonly Survivor[]): (survivor: Survivor) => boolean {
  const keyOf = ({ resource, id, site }: Survivor): string =>
    [resource, id, site.object, site.address].join('\0');
  const known = new Set(earlier.map(keyOf));
  return (survivor) => !known.has(keyOf(survivor));
}

/** Of signals only what stands at the end counts; not all of that is left behind. */
function ofChangedSignals(
  survivors: readonly Survivor[],
  changed: SoakEnd['changedSignals'],
): readonly Survivor[] {
  const states = new Map(changed.map(({ number, state }) => [BigInt(number), state]));
  return survivors.flatMap((survivor) => {
    const state = survivor.resource === 'signals' ? states.get(survivor.id) : 'gone';
    if (state === undefined) return [];
    const isLeft = state === 'gone' || state === 'ignored';
    return [isLeft ? survivor : { ...survivor, resource: 'taken' }];
  });
}

/** The end of the rounds, or a refusal of the dlopen API. */
type Ending = Omit<SoakDeath, 'said'>;

async function environmentOf(
  { path, attribute, host: { environment = process.env } }: SoakPlan,
  folder: string,
  recorder: string | undefined,
): Promise<Readonly<Record<string, string | undefined>>> {
  if (!attribute || recorder === undefined) return environment;
  const file = openedAs(path);
  makeRecorderFile(recorder, file, bundledRuntime(file));
  // Named like a part of the C library: whoever reads a dead process's stack passes it over as such.
  const library = join(folder, 'libc-recorder.so');
  // LD_PRELOAD takes no path with a blank or colon in it (ld.so(8)), which that of a cache may have.
  copyFileSync(await recorderLibrary(), library);
  const { LD_PRELOAD: others = '' } = environment;
  return {
    ...environment,
    LD_PRELOAD: others === '' ? library : `${library}:${others}`,
    SOLDER_RECORDER: recorder,
  };
}

async function openRuntime(host: HostBackend, file: string): Promise<void> {
  try {
    await host.open({ file, flags: RTLD.NOW | RTLD.GLOBAL });
  } catch (error) {
    if (error instanceof DlError || error instanceof ProcessDied) {
      throw new SoakRefused(`the host's runtime: ${error.message}`);
    }
    throw error;
  }
}

/** Performs all rounds, or as many as the plugin lets. */
async function soak(
  host: HostBackend,
  { path, rounds, flags, call, timeLimit, onProgress }: SoakPlan,
  records: SoakRecords,
): Promise<{ end: SoakEnd } | { death: Ending }> {
  let late: string | undefined;
  let since = performance.now();
  let last = 0;
  const look = setInterval(() => {
    const { done } = records.state;
    if (done !== last) {
      since = performance.now();
      last = done;
      onProgress?.(done);
    } else if (performance.now() - since > timeLimit * 1000) {
      late = `${describe()} was still running after ${timeLimit} s`;
      void host[Symbol.asyncDispose]();
    }
  }, LOOK);
  const describe = (): string => describeState(records, path, call?.entry);
  try {
    const end = await host.soak({
      ...{ file: openedAs(path), flags, rounds, records: records.path, describe },
      entry: call?.entry,
      args: call?.args ?? [],
      returns: call?.returns ?? 'void',
    });
    return { end };
  } catch (error) {
    const { round, stage } = records.state;
    const where = { round, stage };
    if (late !== undefined) return { death: { ...where, signal: 'SIGKILL', reason: late } };
    if (error instanceof DlError) {
      if (round === 1) throw new SoakRefused(refusal(path, error.message));
      return { death: { ...where, signal: null, reason: error.message } };
    }
    if (!(error instanceof ProcessDied)) throw error;
    const signal = error.death.signal ?? null;
    return { death: { ...where, signal, reason: error.message } };
  } finally {
    clearInterval(look);
  }
}

/** A name without a slash is searched for (dlopen(3)), unless there is such a file right here. */
const openedAs = (path: string): string => (!path.includes('/') && existsSync(path) ? `./${path}` : path);

function describeState(records: SoakRecords, path: string, entry: string | undefined): string {
  const { round, stage } = records.state;
  const what = {
    before: 'the first measurement',
    open: `dlopen of ${path}`,
    symbol: `dlsym of ${entry}`,
    call: `the call of ${entry}`,
    close: `dlclose of ${path}`,
    measure: 'the measurement',
  }[stage];
  return `${what} in round ${round}`;
}

/** None of a process that a thread has ended meanwhile: its end tells how. */
async function newObjects(host: HostBackend, before: ReadonlySet<string>): Promise<string[]> {
  try {
    const { images } = await host.images();
    return images.flatMap(({ name }) => (name === '' || before.has(name) ? [] : [name]));
  } catch (error) {
    if (error instanceof ProcessDied) return [];
    throw error;
  }
}

/** Ends the process as a program ends: what the plugin has left may run then. */
async function endOf(host: HostBackend, round: number): Promise<Ending | null> {
  try {
    await host.exit();
    return null;
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error;
    const signal = error.death.signal ?? null;
    return { round, stage: 'exit', signal, reason: error.message };
  }
}
