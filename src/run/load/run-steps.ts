import type { StepEnd } from '../../analyses/loading/diagnose-step.ts';
import { predictStep } from '../../analyses/loading/predict-step.ts';
import type { Diagnose, TakenSteps } from '../../analyses/loading/predict-steps.ts';
import { NOTHING_MOVES, stepDifferences } from '../../analyses/loading/step-result.ts';
import type { TraceEvent } from '../../analyses/trace/index.ts';
import type { DlSession } from '../../loader/dl-session.ts';
import type { DlCall, Finding, LazyBinding, LoadStep, StepFacts, StepResult } from '../../model/index.ts';
import {
  BadAddress,
  CallLimit,
  DlError,
  type LinkMapEntry,
  NotLoaded,
  ProcessDied,
  processOn,
} from '../dl/index.ts';
import { type HostBackend, type HostOptions, startHost } from '../native-host/start-host.ts';
import { LoaderLog } from './loader-log.ts';
import { OutputTail } from './output-tail.ts';
import { type OpenHandles, type Performed, performStep } from './perform-step.ts';

export interface LoadOptions extends Omit<HostOptions, 'output' | 'environment'> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Makes the simulation of the host's process, once its program is known; undefined: nothing is predicted. */
  readonly predict: (program: string) => DlSession | undefined;
  readonly diagnose: Diagnose;
}

/** Takes the steps in a host process, one after the other, each predicted before it is taken. */
export async function runSteps(steps: readonly LoadStep[], options: LoadOptions): Promise<TakenSteps> {
  using log = new LoaderLog();
  const output = new OutputTail();
  const { environment, predict, diagnose, ...limits } = options;
  await using backend = await startHost({
    ...limits,
    environment: { ...environment, ...log.environment },
    output: output.add,
  });
  const program = backend.hostPath;
  const witnesses = { log, output, session: predict(program), diagnose };
  const run = new Run(backend, witnesses, await backend.linkMap());
  log.take(backend.pid);
  const facts: StepFacts[] = [];
  for (const step of steps) facts.push(await run.take(step));
  return { facts, findings: run.findings };
}

interface Witnesses {
  readonly log: LoaderLog;
  readonly output: OutputTail;
  session: DlSession | undefined;
  readonly diagnose: LoadOptions['diagnose'];
}

const SKIPPED: StepResult = { ...NOTHING_MOVES, result: 'skipped' };

class Run {
  private readonly backend: HostBackend;
  private readonly witnesses: Witnesses;
  readonly findings: Finding[] = [];
  private readonly handles: OpenHandles;
  /** What was called so far, failures included. */
  private readonly called: DlCall[] = [];
  /** What is there before the first step, the program by its own path. */
  private readonly fromStart: ReadonlySet<string>;
  /** The process is gone: why. */
  private over: string | undefined;

  constructor(backend: HostBackend, witnesses: Witnesses, atStart: readonly LinkMapEntry[]) {
    this.fromStart = new Set(atStart.map(({ name }) => name || backend.hostPath));
    this.backend = backend;
    this.witnesses = witnesses;
    this.handles = { dl: processOn(backend), libraries: new Map(), program: backend.hostPath };
  }

  async take(step: LoadStep): Promise<StepFacts> {
    const missing = this.over ?? this.missingHandle(step);
    if (missing !== undefined) return this.skip(step, missing);
    const { session } = this.witnesses;
    const foreseen = this.diagnose(step, {});
    const { predicted, kept } = session === undefined ? { predicted: null } : predictStep(session, step);
    const before = await this.present();
    const performed = await this.perform(step, foreseen);
    const { value, buffers, ...outcome } = performed;
    const events = this.witnesses.log.take(this.backend.pid);
    const moves = this.over === undefined ? moved(before, await this.present()) : NO_MOVES;
    const { log } = this.witnesses;
    const calls = this.over !== undefined || log.isOpen(this.backend.pid) ? callsOf(events) : {};
    const observed: StepResult = { ...outcome, ...moves, ...calls };
    const bound = lazyBindings(step, events, this.fromStart);
    this.tell(observed, predicted, bound);
    if ('call' in step) this.called.push(step.call);
    return {
      step: step.text,
      predicted,
      observed,
      agrees: stepDifferences(predicted, observed).length === 0,
      ...(kept === undefined ? {} : { kept }),
      ...(value === undefined ? {} : { value }),
      ...(buffers === undefined ? {} : { buffers }),
      bound,
      ...(await this.witnesses.output.take()),
    };
  }

  private diagnose(step: LoadStep, end: StepEnd): Finding[] {
    const { session, diagnose } = this.witnesses;
    return session === undefined ? [] : diagnose(session, this.called, step, end);
  }

  private missingHandle(step: LoadStep): string | undefined {
    const names = handlesOf(step).filter((name) => !this.handles.libraries.has(name));
    return names.length === 0 ? undefined : `${names[0]} was not opened`;
  }

  private skip(step: LoadStep, message: string): StepFacts {
    const observed = { ...SKIPPED, message };
    return { step: step.text, predicted: null, observed, agrees: true, bound: [], stdout: '', stderr: '' };
  }

  private async perform(step: LoadStep, foreseen: readonly Finding[]): Promise<Performed> {
    try {
      const performed = await performStep(this.handles, step);
      this.findings.push(...foreseen);
      return performed;
    } catch (error) {
      if (error instanceof BadAddress) return { result: 'failed', message: badAddressText(step, error) };
      if (error instanceof DlError) {
        if (error instanceof NotLoaded) {
          this.findings.push(...foreseen);
          return { result: 'not-loaded' };
        }
        const { message } = error;
        this.findings.push(...this.diagnose(step, { message }));
        return { result: 'refused', message };
      }
      if (error instanceof ProcessDied || error instanceof CallLimit) {
        this.over = 'the process has ended';
        const death = error instanceof ProcessDied ? { death: error.death } : {};
        this.findings.push(...this.diagnose(step, death));
        return { result: 'died', message: error.message };
      }
      throw error;
    }
  }

  /** What is in the process, in the order of its link maps: the namespaces of open handles included. */
  private async present(): Promise<Map<string, string>> {
    const entries = new Map<string, string>();
    // The program has no name of its own; an object is known by its place too, since a name may return.
    const add = (namespace: bigint, { name, base }: LinkMapEntry) =>
      entries.set(`${namespace} ${base} ${name}`, name || this.handles.program);
    for (const entry of await this.backend.linkMap()) add(0n, entry);
    for (const { handle } of this.handles.libraries.values()) {
      const { namespace = 0n } = await this.backend.handleInfo(handle);
      if (namespace === 0n) continue;
      for (const entry of await this.backend.linkMap(handle)) add(namespace, entry);
    }
    return entries;
  }

  /**
   * Keeps the simulation in step with what foreign code did. What it opened or closed itself the simulation does
   * not know, so that nothing more can be said.
   */
  private tell(observed: StepResult, predicted: StepResult | null, bound: readonly LazyBinding[]): void {
    const { session } = this.witnesses;
    if (session === undefined) return;
    const moves = (result: StepResult | null) => `${result?.loaded ?? ''};${result?.unloaded ?? ''}`;
    if (moves(observed) !== moves(predicted ?? SKIPPED)) {
      this.witnesses.session = undefined;
      return;
    }
    const present = new Set(session.linkMap().map(({ path }) => path));
    for (const { from, symbol } of bound) {
      // What a destructor bound is of no account once its object is gone.
      if (present.has(from)) session.perform({ call: 'use', object: from, symbol });
    }
  }
}

/** The address itself differs from run to run. */
const badAddressText = (step: LoadStep, { message }: BadAddress): string =>
  step.step === 'symbol' && step.use !== 'call'
    ? `its memory cannot be ${step.use === 'write' ? 'written' : 'read'}`
    : message;

const NO_MOVES = { loaded: [], unloaded: [] };

/** What joined the process and what left it. */
function moved(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Pick<StepResult, 'loaded' | 'unloaded'> {
  const only = (those: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
    [...those].flatMap(([key, name]) => (others.has(key) ? [] : [name]));
  return { loaded: only(after, before), unloaded: only(before, after) };
}

function handlesOf(step: LoadStep): string[] {
  const call = step.step === 'info' ? step.address : step.call;
  if (typeof call === 'bigint') return [];
  if (call.call === 'dlopen') return typeof call.namespace === 'object' ? [call.namespace.of] : [];
  return typeof call.handle === 'string' ? [call.handle] : [];
}

function callsOf(events: readonly TraceEvent[]): Pick<StepResult, 'initialised' | 'finalised'> {
  return {
    initialised: events.flatMap((event) => (event.kind === 'init' ? [event.object] : [])),
    finalised: events.flatMap((event) => (event.kind === 'fini' ? [event.object.path] : [])),
  };
}

/**
 * Look-ups that foreign code caused: all of a call, otherwise those of constructors and destructors. What was
 * there at the start, the C library and the host itself, is bound lazily by whatever the host does.
 */
function lazyBindings(
  step: LoadStep,
  events: readonly TraceEvent[],
  fromStart: ReadonlySet<string>,
): LazyBinding[] {
  const isCall = step.step === 'symbol' && step.use === 'call';
  const begin = isCall ? 0 : events.findIndex(({ kind }) => kind === 'init' || kind === 'fini');
  return events.slice(begin < 0 ? events.length : begin).flatMap((event) => {
    // The look-up of the step itself.
    if (event.kind !== 'bind' || (isCall && event.symbol === step.call.symbol)) return [];
    if (fromStart.has(event.from.path)) return [];
    return [{ from: event.from.path, symbol: event.symbol, to: event.to.path }];
  });
}
